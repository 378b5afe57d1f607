/**
 * The keys of the viewer: one table for what they do, the list that `?` shows, tooltips and docs/page.md.
 *
 * Knows: keys and names. Not what a command does.
 */

import type { ViewTool } from "./picture.ts";

/** Something that a key or a button does. */
export type Command =
  | `tool-${ViewTool}`
  | `${"left" | "right" | "up" | "down"}`
  | `pan-${"left" | "right" | "up" | "down"}`
  | "zoom-in"
  | "zoom-out"
  | "fit"
  | "one-to-one"
  | "invert"
  | "flip"
  | "turn"
  | "reset"
  | "overlay"
  | "fainter"
  | "stronger"
  | "smaller-brush"
  | "larger-brush"
  | "use"
  | "remove-ruler"
  | "clear-erased"
  | "undo"
  | "redo"
  | "help"
  | "leave";

/** A row of the list of keys. */
export interface KeyRow {
  /** As they are printed: `Ctrl+Z`. */
  readonly keys: readonly string[];
  /** One command for each key, or one for all of them. */
  readonly commands: readonly Command[];
  readonly says: string;
}

const ARROWS = ["left", "right", "up", "down"] as const;
const arrows = (modifier: string) => ["←", "→", "↑", "↓"].map((arrow) => modifier + arrow);

/** All keys, in the order of the list. */
export const KEY_ROWS: readonly KeyRow[] = [
  {
    keys: ["W"],
    commands: ["tool-window"],
    says: "Window: drag to the right for less contrast, down for darker",
  },
  {
    keys: ["H"],
    commands: ["tool-pan"],
    says: "Pan; also with the middle button, with Space held, or with two fingers",
  },
  {
    keys: ["Z"],
    commands: ["tool-zoom"],
    says: "Zoom: drag up or down; also with the wheel, or with two fingers",
  },
  {
    keys: ["M"],
    commands: ["tool-ruler"],
    says: "Ruler: drag from one place to another; drag an end to move it",
  },
  { keys: ["P"], commands: ["tool-point"], says: "Point: what a place says for and against each finding" },
  {
    keys: ["E"],
    commands: ["tool-erase"],
    says: "Erase: paint over a region, and the picture is read again without it",
  },
  {
    keys: arrows(""),
    commands: ARROWS,
    says: "Use the tool: change the window, pan, zoom, or move the crosshair of ruler, point and erase",
  },
  { keys: arrows("Shift+"), commands: ARROWS.map((way) => `pan-${way}` as const), says: "Pan with any tool" },
  {
    keys: ["Enter", "Space"],
    commands: ["use"],
    says: "At the crosshair: start or end a ruler, point, or erase",
  },
  { keys: ["+"], commands: ["zoom-in"], says: "Zoom in" },
  { keys: ["-"], commands: ["zoom-out"], says: "Zoom out" },
  { keys: ["F"], commands: ["fit"], says: "Fit the whole picture" },
  { keys: ["1"], commands: ["one-to-one"], says: "1:1, one pixel of the picture on one of the screen" },
  { keys: ["I"], commands: ["invert"], says: "Invert black and white" },
  { keys: ["X"], commands: ["flip"], says: "Flip left and right" },
  { keys: ["R"], commands: ["turn"], says: "Turn clockwise" },
  { keys: ["0"], commands: ["reset"], says: "Back to the default window and view" },
  { keys: ["O"], commands: ["overlay"], says: "Heatmap as wash, as contour lines, or off" },
  { keys: [","], commands: ["fainter"], says: "Fainter wash" },
  { keys: ["."], commands: ["stronger"], says: "Stronger wash" },
  { keys: ["["], commands: ["smaller-brush"], says: "Smaller brush" },
  { keys: ["]"], commands: ["larger-brush"], says: "Larger brush" },
  { keys: ["Delete"], commands: ["remove-ruler"], says: "Remove the last ruler" },
  { keys: ["C"], commands: ["clear-erased"], says: "Clear what was erased" },
  { keys: ["Ctrl+Z"], commands: ["undo"], says: "Undo" },
  { keys: ["Ctrl+Shift+Z", "Ctrl+Y"], commands: ["redo"], says: "Redo" },
  { keys: ["Esc"], commands: ["leave"], says: "Leave the place, stop a drag, or close this list" },
  { keys: ["?"], commands: ["help"], says: "This list" },
];

/** What is read of a keyboard event. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Backspace: "Delete",
  " ": "Space",
  "=": "+",
};

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  KEY_ROWS.flatMap(({ keys, commands }) =>
    keys.map((key, i) => [key, commands[commands.length === 1 ? 0 : i]!] as const),
  ),
);

/** How a press is printed: `Ctrl+Shift+Z`. Shift is left out where it only makes another character, as in `?`. */
function printed({ key, ctrlKey, metaKey, shiftKey }: KeyPress): string {
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const isCharacter = key.length === 1 && key !== " " && !ctrlKey && !metaKey;
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${shiftKey && !isCharacter ? "Shift+" : ""}${name}`;
}

/** The command of a key, if it has one. On a Mac, Command stands for Ctrl. */
export const commandOf = (press: KeyPress): Command | undefined =>
  press.altKey ? undefined : COMMANDS.get(printed(press));

/** The first key of a command, as it is printed. */
export const keyOf = (command: Command): string => [...COMMANDS].find(([, each]) => each === command)![0];
