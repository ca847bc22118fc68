// How the pages before the desk look: one narrow column, one thing after another.

import { css } from "lit";

export const door = css`
  main {
    display: grid;
    place-items: center;
    min-height: 100vh;
    padding: 24px;
  }
  form,
  .sheet {
    display: grid;
    gap: 16px;
    width: min(440px, 100%);
    padding: 32px;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--round);
  }
  h1 {
    font-size: 1.375rem;
    line-height: 1.4;
    word-break: auto-phrase;
    text-wrap: balance;
  }
  .city {
    color: var(--ink-soft);
    margin-bottom: -16px;
  }
  label {
    margin-bottom: 4px;
  }
  svg {
    width: 220px;
    height: 220px;
    background: #fff;
    border: 1px solid var(--line);
    border-radius: var(--round);
    padding: 8px;
    justify-self: center;
  }
  code {
    font-size: 1.0625rem;
    font-family: inherit;
    letter-spacing: 0.06em;
    overflow-wrap: anywhere;
  }
  .codes {
    columns: 2;
    font-size: 1.0625rem;
    letter-spacing: 0.06em;
  }
`;
