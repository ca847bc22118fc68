// The bar of the pages besides the desk: which system, which page, who I am and my menu.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import { menuKey } from "../core/menu";
import type { Session } from "../core/shapes";
import { language, speak, t } from "../core/words";

export interface Tab {
  name: string;
  label: string;
}

/** Those who also have the floor's page. */
const WATCH: Session["role"][] = ["supervisor", "manager", "ops"];

/** Fires `tab` (a name), and `sign-out`, `change-password` and `language` as the desk's own bar does. */
@customElement("office-bar")
export class OfficeBar extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) tabs: Tab[] = [];
  @property() at = "";
  @state() private open = false;

  static override styles = [
    base,
    css`
      :host {
        background: var(--panel);
        border-bottom: 1px solid var(--line);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 20px;
        padding: 6px 16px;
      }
      .name {
        font-weight: 700;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      nav button {
        border-color: transparent;
      }
      nav button[aria-current="page"] {
        color: var(--link);
        border-color: currentcolor;
        font-weight: 700;
      }
      a {
        color: var(--link);
      }
      .grow {
        flex: 1;
      }
      .me {
        position: relative;
      }
      .menu {
        position: absolute;
        z-index: 2;
        top: 100%;
        right: 0;
        min-width: 220px;
        padding: 6px;
        background: var(--panel);
        border: 1px solid var(--field-line);
        border-radius: var(--round);
      }
      .menu button {
        width: 100%;
        justify-content: flex-start;
        border-color: transparent;
      }
    `,
  ];

  override render() {
    return html`<header>
      <span class="name">${t("app.city")} ${t("app.name")}</span>
      <nav aria-label=${t("office.pages")}>
        ${this.tabs.map(
          ({ name, label }, place) => html`<button
            aria-current=${name === this.at ? "page" : "false"}
            @click=${() => this.tell("tab", name)}
          >
            ${label} <kbd>${place + 1}</kbd>
          </button>`,
        )}
      </nav>
      <span class="grow"></span>
      ${WATCH.includes(this.session.role) ? html`<a href="#floor">${t("office.floor")}</a>` : nothing}
      <div class="me">
        <button id="me" aria-haspopup="menu" aria-expanded=${this.open} @click=${() => void this.turn(!this.open)}>
          <span class="sr">${t("top.menu")}</span>${this.session.title} ▾
        </button>
        ${this.open ? this.menu() : nothing}
      </div>
    </header>`;
  }

  private menu() {
    const item = (label: string, act: () => void) =>
      html`<button role="menuitem" @click=${() => {
        void this.turn(false);
        act();
      }}>${label}</button>`;
    return html`<div class="menu" role="menu" aria-label=${t("top.menu")} @keydown=${this.onKey}>
      ${item(t("top.password"), () => this.tell("change-password"))}
      ${item(t("app.language"), () => this.otherLanguage())} ${item(t("app.sign-out"), () => this.tell("sign-out"))}
    </div>`;
  }

  private readonly onKey = (event: KeyboardEvent) => {
    menuKey(
      event,
      [...this.renderRoot.querySelectorAll<HTMLElement>(".menu button")],
      () => void this.turn(false),
    );
  };

  /** Open or close the menu; the focus goes into it, and back to its button. */
  private async turn(open: boolean): Promise<void> {
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(open ? ".menu button" : "#me")?.focus();
  }

  private otherLanguage(): void {
    speak(language() === "ja" ? "en" : "ja");
    this.tell("language");
  }

  private tell(name: string, detail?: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** Which tab a key that was pressed anywhere means: its number, unless somebody types. */
export function tabOf(event: KeyboardEvent, tabs: Tab[], typing: boolean): string | null {
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return null;
  return /^[1-9]$/.test(event.key) ? (tabs[Number(event.key) - 1]?.name ?? null) : null;
}
