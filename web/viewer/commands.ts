/**
 * What keys and buttons do to a viewer's state.
 *
 * Knows: the state. Not which keys there are, nor elements.
 */

import { brush } from "./erasure.ts";
import { draggedWindow } from "./grey.ts";
import { wholeGrid } from "./grid.ts";
import type { Command } from "./keys.ts";
import type { Place, ViewTool } from "./picture.ts";
import type { ViewerState } from "./state.ts";
import {
  fitted,
  mirrored,
  oneToOne,
  panned,
  toCanvas,
  turned,
  type View,
  WHOLE,
  zoomedAbout,
} from "./view.ts";

/** Tools whose arrow keys move a crosshair. */
const AT_CROSSHAIR: readonly ViewTool[] = ["ruler", "point", "erase"];

/** Whether the keyboard uses a tool at a crosshair. */
export const usesCrosshair = (tool: ViewTool): boolean => AT_CROSSHAIR.includes(tool);

const WAYS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;
type Way = keyof typeof WAYS;

/** A press changes a window as much as a drag of so many CSS pixels. */
const WINDOW_STEP = 10;
/** A press pans by this share of the canvas. */
const PAN_STEP = 0.1;
const ZOOM_STEP = 1.25;
/** A press moves the crosshair this far, in CSS pixels, or by a cell of the grid that is pointed at. */
const CROSSHAIR_STEP = 12;
const BRUSH_STEP = 1.25;

const middle = ({ canvas }: ViewerState): Place => ({ x: canvas.width / 2, y: canvas.height / 2 });

/** Zoom by a factor about a place of the canvas, its middle unless given. */
export function zoomBy(state: ViewerState, factor: number, at = middle(state)): void {
  const { view } = state.look;
  state.apply({ view: zoomedAbout(view, state.picture!, state.canvas, view.zoom * factor, at) }, "zoom");
}

function pan(state: ViewerState, way: Way): void {
  const [x, y] = WAYS[way];
  const { width, height } = state.canvas;
  // The picture moves against the arrow, as under a window that moves with it.
  const view = panned(
    state.look.view,
    state.picture!,
    state.canvas,
    -x * width * PAN_STEP,
    -y * height * PAN_STEP,
  );
  state.apply({ view }, "pan");
}

/** How far the crosshair moves, in pixels of the picture. */
function crosshairStep(state: ViewerState): { across: number; down: number } {
  if (state.tool === "point") {
    const { region, rows, columns } = state.grid ?? wholeGrid(state.picture!);
    return { across: region.width / columns, down: region.height / rows };
  }
  const step = Math.max(1, (CROSSHAIR_STEP * state.density) / state.scale);
  return { across: step, down: step };
}

/** The crosshair, or where it appears: what is pointed at, else the middle of what is seen. */
function crosshairOf(state: ViewerState): Place {
  return state.crosshair ?? state.pointed ?? state.under(middle(state));
}

function moveCrosshair(state: ViewerState, way: Way): void {
  const { width, height } = state.picture!;
  const { across, down } = crosshairStep(state);
  const [x, y] = WAYS[way];
  // Arrows mean the screen's ways, whichever way round the picture is shown.
  const origin = toCanvas(state.placement, { x: 0, y: 0 });
  const along = state.under({ x: origin.x + x * state.scale, y: origin.y + y * state.scale });
  const [px, py] = [Math.round(along.x), Math.round(along.y)];
  const from = crosshairOf(state);
  const inside = (value: number, extent: number) => Math.min(extent - 0.5, Math.max(0.5, value));
  state.crosshair = { x: inside(from.x + px * across, width), y: inside(from.y + py * down, height) };
  follow(state, state.crosshair);
  // As hovering does.
  if (state.tool === "point") state.point(state.crosshair);
}

/** Bring a place of the picture into view. */
function follow(state: ViewerState, place: Place): void {
  const { x, y } = toCanvas(state.placement, place);
  const { width, height } = state.canvas;
  const beyond = (at: number, extent: number) => (at < 0 ? -at : at > extent ? extent - at : 0);
  const [dx, dy] = [beyond(x, width), beyond(y, height)];
  if (dx !== 0 || dy !== 0) {
    state.apply({ view: panned(state.look.view, state.picture!, state.canvas, dx, dy) }, "pan");
  }
}

/** What the arrow keys do with each tool. */
function arrow(state: ViewerState, way: Way): void {
  const [x, y] = WAYS[way];
  if (usesCrosshair(state.tool)) moveCrosshair(state, way);
  else if (state.tool === "pan") pan(state, way);
  else if (state.tool === "zoom") zoomBy(state, way === "up" || way === "right" ? ZOOM_STEP : 1 / ZOOM_STEP);
  else {
    const window = draggedWindow(state.window, state.windowable, x * WINDOW_STEP, y * WINDOW_STEP);
    state.apply({ window }, "window");
  }
}

/** Use the tool at the crosshair. */
function use(state: ViewerState): void {
  if (!usesCrosshair(state.tool)) return;
  const at = crosshairOf(state);
  state.crosshair = at;
  if (state.tool === "point") state.point(at);
  else if (state.tool === "erase") {
    brush(state.maskToDraw(), state.picture!, at, at, state.radius);
    state.strokeEnded();
  } else if (state.rulerStart === undefined) state.rulerStart = at;
  else {
    const ruler = { from: state.rulerStart, to: at };
    state.rulerStart = undefined;
    state.apply({ rulers: [...state.look.rulers, ruler] });
  }
}

function leave(state: ViewerState): void {
  state.rulerStart = undefined;
  state.crosshair = undefined;
  state.point(undefined);
}

const changeView = (change: (view: View, state: ViewerState) => View) => (state: ViewerState) =>
  state.apply({ view: change(state.look.view, state) });

const tool = (name: ViewTool) => (state: ViewerState) => {
  state.tool = name;
};

/** Commands of the element rather than of its state. */
type OfElement = "overlay" | "fainter" | "stronger" | "help";

/** Commands that are done to a state with a picture. */
export type StateCommand = Exclude<Command, OfElement>;

const DOERS: { readonly [C in StateCommand]: (state: ViewerState) => void } = {
  "tool-window": tool("window"),
  "tool-pan": tool("pan"),
  "tool-zoom": tool("zoom"),
  "tool-ruler": tool("ruler"),
  "tool-point": tool("point"),
  "tool-erase": tool("erase"),
  left: (state) => arrow(state, "left"),
  right: (state) => arrow(state, "right"),
  up: (state) => arrow(state, "up"),
  down: (state) => arrow(state, "down"),
  "pan-left": (state) => pan(state, "left"),
  "pan-right": (state) => pan(state, "right"),
  "pan-up": (state) => pan(state, "up"),
  "pan-down": (state) => pan(state, "down"),
  "zoom-in": (state) => zoomBy(state, ZOOM_STEP),
  "zoom-out": (state) => zoomBy(state, 1 / ZOOM_STEP),
  fit: changeView(fitted),
  "one-to-one": changeView((view, { picture, canvas }) => oneToOne(view, picture!, canvas)),
  flip: changeView(mirrored),
  turn: changeView(turned),
  invert: (state) => state.apply({ inverted: !state.look.inverted }),
  reset: (state) => state.apply({ view: WHOLE, window: undefined, inverted: false }),
  "smaller-brush": (state) => {
    state.radius /= BRUSH_STEP;
  },
  "larger-brush": (state) => {
    state.radius *= BRUSH_STEP;
  },
  use,
  "remove-ruler": (state) => {
    if (state.look.rulers.length > 0) state.apply({ rulers: state.look.rulers.slice(0, -1) });
  },
  "clear-erased": (state) => state.clearErased(),
  undo: (state) => state.undo(),
  redo: (state) => state.redo(),
  leave,
};

/** Do a command. There must be a picture. */
export const doCommand = (state: ViewerState, command: StateCommand): void => DOERS[command](state);
