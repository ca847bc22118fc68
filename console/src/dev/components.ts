// `/dev/components`: a list of all stories, or the one that the address names (#call%20ringing); #all shows every
// story that is no page of its own, one below the other.

import { html, render, type TemplateResult } from "lit";
import { STORIES } from "./stories";

/** Stories that are a page of their own, with its landmarks. */
const WHOLE = /^(page|door) /;
const ALL = "all";

function show(): void {
  const name = decodeURIComponent(location.hash.slice(1));
  // A fresh place for each story, so that nothing of the one before is left in a component.
  const at = document.createElement("div");
  document.body.replaceChildren(at);
  render(WHOLE.test(name) ? STORIES[name]?.() : framed(name), at);
}

function framed(name: string): TemplateResult {
  const content = name === ALL ? all() : (STORIES[name]?.() ?? list());
  return html`<main style="padding:16px"><h1>${name || "Components"}</h1>${content}</main>`;
}

function all() {
  const parts = Object.entries(STORIES).filter(([name]) => !WHOLE.test(name));
  return parts.map(([name, story]) => html`<div id=${name.replaceAll(" ", "-")}>${story()}</div>`);
}

function list() {
  return html`<ul>
    ${[ALL, ...Object.keys(STORIES)].map(
      (name) => html`<li><a href=${`#${encodeURIComponent(name)}`}>${name}</a></li>`,
    )}
  </ul>`;
}

const names = Object.keys(STORIES);
Object.assign(window, { stories: { names, pages: names.filter((name) => WHOLE.test(name)) } });
window.addEventListener("hashchange", show);
show();
