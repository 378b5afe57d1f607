/**
 * How the viewer looks. The canvas is dark in every theme, as a light box in a dark room is no help.
 *
 * Knows: CSS. The page defines the custom properties; their dark values stand in for them.
 */

import { css } from "lit";

export const VIEWER_STYLES = css`
  :host {
    display: block;
    position: relative;
    min-height: 8rem;
    overflow: hidden;
    background: #000;
    color: #f2f5f7;
    font: clamp(13px, 0.5vw, 20px) / 1.4 system-ui, sans-serif;
  }
  :host([hidden]) { display: none; }
  ::slotted(canvas) {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    cursor: crosshair;
  }
  :host([tool="pan"]) ::slotted(canvas) { cursor: grab; }
  :host([tool="zoom"]) ::slotted(canvas) { cursor: zoom-in; }
  :host([tool="window"]) ::slotted(canvas) { cursor: default; }
  :host([tool="erase"]) ::slotted(canvas) { cursor: none; }
  ::slotted(canvas:focus) { outline: none; }
  ::slotted(canvas:focus-visible) { outline: 3px solid var(--mx-focus, #8fc7e8); outline-offset: -3px; }
  .readouts {
    position: absolute;
    inset: auto 0 0 0;
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 4px;
    padding: 6px;
    pointer-events: none;
    font-variant-numeric: tabular-nums;
  }
  .top { inset: 0 0 auto 0; }
  .readouts span { padding: 1px 7px; border-radius: 4px; background: rgb(0 0 0 / 70%); }
  .readouts span:empty { display: none; }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
