/**
 * How the toolbar looks: rows of buttons that wrap, and scroll sideways where the screen is narrow.
 *
 * Knows: CSS. The page defines the custom properties; their dark values stand in for them.
 */

import { css } from "lit";

export const TOOLS_STYLES = css`
  :host { display: block; color: var(--mx-text, #e6ebf0); font: clamp(11px, 0.45vw, 18px) / 1.2 system-ui, sans-serif; }
  :host([hidden]) { display: none; }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    padding: 4px;
    background: var(--mx-surface, #171d24);
    scrollbar-width: thin;
  }
  [role="group"] { display: flex; align-items: stretch; gap: 2px; }
  button {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 2px;
    box-sizing: border-box;
    min-width: max(44px, 4em);
    min-height: max(44px, 4em);
    padding: 3px 5px;
    border: 1px solid transparent;
    border-radius: 6px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover { background: var(--mx-raised, #202830); }
  button[aria-pressed="true"] {
    border-color: var(--mx-accent, #8fc7e8);
    background: var(--mx-raised, #202830);
    box-shadow: inset 0 -2px var(--mx-accent, #8fc7e8);
  }
  button[aria-disabled="true"] { color: var(--mx-muted, #94a1ad); cursor: default; }
  button[aria-disabled="true"] svg { opacity: 0.5; }
  button:focus-visible, input:focus-visible { outline: 2px solid var(--mx-focus, #8fc7e8); outline-offset: -1px; }
  svg {
    width: max(20px, 1.8em);
    height: max(20px, 1.8em);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.4;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  label { display: flex; align-items: center; padding: 0 6px; }
  input { width: max(88px, 8em); min-height: 32px; margin: 0; accent-color: var(--mx-accent, #8fc7e8); }
  @media (max-width: 640px) {
    .bar { flex-wrap: nowrap; overflow-x: auto; }
    [role="group"] { flex: none; }
  }
`;
