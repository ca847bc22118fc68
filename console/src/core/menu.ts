// Keys in an open menu: arrows walk, a digit chooses, Escape leaves.

/** Do what *event* means among *items*. */
export function menuKey(event: KeyboardEvent, items: HTMLElement[], leave: () => void): void {
  const root = items[0]?.getRootNode() as ShadowRoot | undefined;
  const at = items.indexOf(root?.activeElement as HTMLElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items.at((at + step) % items.length)?.focus();
  else if (/^[1-9]$/.test(event.key)) items[Number(event.key) - 1]?.click();
  else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
