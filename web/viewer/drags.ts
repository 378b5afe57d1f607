/**
 * What each tool does while it is dragged, from the place where it was put down.
 *
 * Knows: the viewer's state and places on its canvas. Not pointers or events.
 */

import { brush } from "./erasure.ts";
import { draggedWindow } from "./grey.ts";
import type { Place, ViewTool } from "./picture.ts";
import { endNear, lengthOf, withEnd } from "./rulers.ts";
import type { ViewerState } from "./state.ts";
import { panned, zoomedAbout } from "./view.ts";

/** A drag that goes on. Places are in pixels of the canvas. */
export interface Drag {
  move(to: Place): void;
  /** Make it a step. */
  end(): void;
  /** As if it had never begun. */
  cancel(): void;
}

/** How far a finger or a mouse may miss the end of a ruler, in CSS pixels. */
const REACH = 14;
/** A shorter ruler is a slip, in CSS pixels. */
const SHORTEST_RULER = 4;
/** Dragging this far zooms by a factor of e, in CSS pixels. */
const ZOOM_DRAG = 160;

type Start = (state: ViewerState, from: Place) => Drag;

const previewing = (state: ViewerState, what: ViewerState["dragged"], move: (to: Place) => void): Drag => ({
  move(to) {
    state.dragged = what;
    move(to);
  },
  end: () => state.settle(),
  cancel: () => state.cancel(),
});

const window: Start = (state, from) => {
  const first = state.window;
  return previewing(state, "look", ({ x, y }) => {
    const [dx, dy] = [(x - from.x) / state.density, (y - from.y) / state.density];
    state.preview({ window: draggedWindow(first, state.windowable, dx, dy) });
  });
};

const pan: Start = (state, from) => {
  const { view } = state.look;
  return previewing(state, "view", ({ x, y }) =>
    state.preview({ view: panned(view, state.picture!, state.canvas, x - from.x, y - from.y) }),
  );
};

const zoom: Start = (state, from) => {
  const { view } = state.look;
  return previewing(state, "view", ({ y }) => {
    const factor = Math.exp((from.y - y) / state.density / ZOOM_DRAG);
    state.preview({ view: zoomedAbout(view, state.picture!, state.canvas, view.zoom * factor, from) });
  });
};

const ruler: Start = (state, from) => {
  const { rulers } = state.look;
  const start = state.under(from);
  const inPicture = state.density / state.scale;
  const end = endNear(rulers, start, REACH * inPicture);
  const drag = previewing(state, undefined, (to) => {
    const place = state.under(to);
    const next = end === undefined ? [...rulers, { from: start, to: place }] : withEnd(rulers, end, place);
    state.preview({ rulers: next });
  });
  return {
    ...drag,
    end() {
      const last = state.look.rulers.at(-1);
      const isSlip = last !== undefined && lengthOf(last, undefined) < SHORTEST_RULER * inPicture;
      if (end === undefined && isSlip) state.cancel();
      else state.settle();
    },
  };
};

const point: Start = (state, from) => {
  state.point(state.under(from));
  return { move: (to) => state.point(state.under(to)), end() {}, cancel() {} };
};

const erase: Start = (state, from) => {
  const picture = state.picture!;
  const mask = state.maskToDraw();
  let last = state.under(from);
  const paint = (to: Place) => {
    brush(mask, picture, last, to, state.radius);
    last = to;
    state.strokeMoved();
  };
  paint(last);
  return {
    move: (to) => paint(state.under(to)),
    end: () => state.strokeEnded(),
    cancel: () => state.cancelStroke(),
  };
};

const STARTS: { readonly [T in ViewTool]: Start } = { window, pan, zoom, ruler, point, erase };

/** Put a tool down. There must be a picture. */
export const startDrag = (state: ViewerState, tool: ViewTool, from: Place): Drag => STARTS[tool](state, from);

/** Two fingers: the picture follows both. */
export function startPinch(
  state: ViewerState,
  first: readonly [Place, Place],
): { move(now: readonly [Place, Place]): void } {
  const { view } = state.look;
  const middle = ([a, b]: readonly [Place, Place]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const apart = ([a, b]: readonly [Place, Place]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const [from, distance] = [middle(first), apart(first)];
  return {
    move(now) {
      state.dragged = "view";
      const to = middle(now);
      const zoomed = zoomedAbout(
        view,
        state.picture!,
        state.canvas,
        (view.zoom * apart(now)) / distance,
        from,
      );
      state.preview({ view: panned(zoomed, state.picture!, state.canvas, to.x - from.x, to.y - from.y) });
    },
  };
}
