// How the tables of these pages look: heads that stay, lines between rows, figures to the right.

import { css } from "lit";

export const tables = css`
  .scroll {
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9375rem;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--panel);
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  th,
  td {
    padding: 4px 8px;
    border-bottom: 1px solid var(--line);
    text-align: left;
  }
  td button {
    min-height: 32px;
    white-space: nowrap;
  }
  tbody th {
    font-weight: 400;
  }
  .figures td,
  .figures thead th:not(:first-child) {
    text-align: right;
  }
`;
