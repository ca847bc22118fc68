// What every component looks like: buttons, keys, fields, panels. Colours come from theme.css.

import { css } from "lit";

export const base = css`
  :host {
    display: block;
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 0.875rem;
    font-weight: 700;
    color: var(--ink-soft);
    letter-spacing: 0.04em;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: 0.875rem;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 1px;
    box-shadow: 0 0 0 5px var(--focus-halo);
    border-radius: 4px;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 40px;
    padding: 4px 12px;
    font: inherit;
    font-size: 0.9375rem;
    line-height: 1.4;
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--field-line);
    border-radius: var(--round);
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--chosen);
  }
  button:disabled {
    cursor: not-allowed;
    border-style: dashed;
    color: var(--ink-soft);
  }
  button.primary {
    min-height: 52px;
    width: 100%;
    font-size: 1.125rem;
    font-weight: 700;
    color: var(--on-primary);
    background: var(--primary);
    border-color: var(--primary);
  }
  button.primary:hover:not(:disabled) {
    background: var(--primary-hover);
  }
  button.primary:disabled {
    color: var(--ink-soft);
    background: var(--away-soft);
    border-color: var(--line);
  }
  button.plain {
    border-color: transparent;
    background: none;
    color: var(--link);
    text-decoration: underline;
    text-underline-offset: 3px;
    padding: 4px 6px;
  }
  button.danger {
    color: var(--trouble);
    border-color: var(--trouble);
  }
  button[aria-pressed="true"] {
    background: var(--waiting-soft);
    border-color: var(--waiting);
    color: var(--waiting);
    font-weight: 700;
  }
  kbd {
    display: inline-block;
    min-width: 1.6em;
    padding: 0 5px;
    font: 500 0.75rem / 1.5 var(--fonts);
    text-align: center;
    color: inherit;
    border: 1px solid currentcolor;
    border-radius: 4px;
  }
  label {
    display: block;
    font-size: 0.875rem;
    font-weight: 700;
  }
  input,
  select,
  textarea {
    width: 100%;
    min-height: 40px;
    padding: 6px 10px;
    font: inherit;
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--field-line);
    border-radius: var(--round);
  }
  input[aria-invalid="true"],
  textarea[aria-invalid="true"] {
    border: 2px solid var(--trouble);
  }
  .fault {
    color: var(--trouble);
    font-size: 0.875rem;
    font-weight: 700;
  }
  .panel {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--round);
    padding: 12px 16px;
  }
  .box {
    padding: 10px 14px;
    border-radius: var(--round);
    border: 1px solid currentcolor;
  }
  .box.trouble {
    color: var(--trouble);
    background: var(--trouble-soft);
  }
  .box.waiting {
    color: var(--waiting);
    background: var(--waiting-soft);
  }
  .box.ready {
    color: var(--ready);
    background: var(--ready-soft);
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition: background-color 100ms;
    }
  }
`;
