/**
 * The toolbar's icons, drawn for it: 20 × 20, in the colour of the text.
 *
 * Knows: lines.
 */

import { type SVGTemplateResult, svg } from "lit";

/** What is inside each icon's `<svg>`. */
export const ICONS = {
  window: svg`<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/>`,
  pan: svg`<path d="M10 2v16M2 10h16M10 2 7.5 4.5M10 2l2.5 2.5M10 18l-2.5-2.5M10 18l2.5-2.5M2 10l2.5-2.5M2 10l2.5 2.5M18 10l-2.5-2.5M18 10l-2.5 2.5"/>`,
  zoom: svg`<circle cx="8.5" cy="8.5" r="5.5"/><path d="m12.7 12.7 5 5M6 8.5h5M8.5 6v5"/>`,
  ruler: svg`<path d="m2.5 13.5 11-11 4 4-11 11zM5.5 10.5l2 2M8 8l1.5 1.5M10.5 5.5l2 2"/>`,
  point: svg`<circle cx="10" cy="10" r="5"/><path d="M10 1.5v5M10 13.5v5M1.5 10h5M13.5 10h5"/>`,
  erase: svg`<path d="m3 12.5 8.5-8.5 5.5 5.5-7.5 7.5H7zM7 8.5l5.5 5.5M9.5 17H18"/>`,
  invert: svg`<rect x="3" y="3" width="14" height="14" rx="1"/><path d="M3 17 17 3v14z" fill="currentColor"/>`,
  fit: svg`<path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"/><rect x="6.5" y="6.5" width="7" height="7"/>`,
  oneToOne: svg`<path d="M4 6.5 6.5 5v10M13 6.5 15.5 5v10"/><path d="M10 8v.1M10 12.5v.1" stroke-width="2.2"/>`,
  flip: svg`<path d="M10 2v16" stroke-dasharray="2 2"/><path d="M7.5 5v10H2zM12.5 5v10H18z"/>`,
  turn: svg`<path d="M16 10a6 6 0 1 1-2-4.5M14.5 2v4h-4"/>`,
  reset: svg`<path d="M4 10a6 6 0 1 0 2-4.5M5.5 2v4h4"/><path d="M10 7v3.5l2.5 1.5"/>`,
  undo: svg`<path d="M6.5 3 3 6.5 6.5 10M3 6.5h8.5a5 5 0 0 1 0 10H7"/>`,
  redo: svg`<path d="M13.5 3 17 6.5 13.5 10M17 6.5H8.5a5 5 0 0 0 0 10H13"/>`,
  clear: svg`<path d="M4 6h12M8 6V3.5h4V6M5.5 6l1 11h7l1-11"/>`,
  smaller: svg`<circle cx="10" cy="10" r="3"/>`,
  larger: svg`<circle cx="10" cy="10" r="7"/>`,
  wash: svg`<rect x="3" y="3" width="14" height="14" rx="2"/><circle cx="10" cy="10" r="4" fill="currentColor" stroke="none"/>`,
  contour: svg`<rect x="3" y="3" width="14" height="14" rx="2"/><circle cx="10" cy="10" r="4.5"/><circle cx="10" cy="10" r="1.8"/>`,
  off: svg`<rect x="3" y="3" width="14" height="14" rx="2"/><path d="m5.5 14.5 9-9"/>`,
  help: svg`<path d="M7 7.5a3 3 0 1 1 4.2 2.7c-.8.4-1.2.9-1.2 1.8v.5"/><path d="M10 15.8v.1" stroke-width="2"/>`,
} as const satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof ICONS;
