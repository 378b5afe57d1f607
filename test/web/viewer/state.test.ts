import { beforeEach, expect, test } from "vitest";
import { doCommand } from "../../../web/viewer/commands.ts";
import { startDrag, startPinch } from "../../../web/viewer/drags.ts";
import type { ViewTool } from "../../../web/viewer/picture.ts";
import { type Change, ViewerState } from "../../../web/viewer/state.ts";
import { toCanvas, WHOLE } from "../../../web/viewer/view.ts";

const values = Uint16Array.from({ length: 100 * 50 }, (_, i) => (i * 17) % 4001);
const PICTURE = {
  width: 100,
  height: 50,
  channels: 1,
  shown: Uint8Array.from(values, (value) => value >> 4),
  values,
  window: { center: 2000, width: 4000, exact: true },
  inverted: false,
} as const;

let state: ViewerState;
let changes: Change[];

beforeEach(() => {
  changes = [];
  state = new ViewerState((change) => changes.push(change));
  // Pixels of 4.
  state.canvas = { width: 400, height: 400 };
  state.picture = PICTURE;
});

/** Drag a tool between two places of the canvas. */
function drag(tool: ViewTool, from: readonly [number, number], to: readonly [number, number]): void {
  const begun = startDrag(state, tool, { x: from[0], y: from[1] });
  begun.move({ x: to[0], y: to[1] });
  begun.end();
}

test("a drag of the window is one step, and its default is the picture's own", () => {
  expect([state.look.window, state.window]).toEqual([undefined, { center: 2000, width: 4000 }]);
  drag("window", [200, 200], [220, 210]);
  expect(state.window).toEqual({ center: 2100, width: 4200 });
  state.undo();
  expect([state.look.window, state.canUndo, state.canRedo]).toEqual([undefined, false, true]);
  state.redo();
  expect(state.window).toEqual({ center: 2100, width: 4200 });
});

test("window, view, inversion, rulers and erased pixels are undone in turn", () => {
  drag("window", [200, 200], [220, 200]);
  drag("pan", [200, 200], [240, 200]);
  doCommand(state, "invert");
  drag("ruler", [100, 200], [200, 200]);
  drag("erase", [200, 200], [300, 200]);
  expect(state.look.rulers.length).toBe(1);
  expect(state.erased).toBeGreaterThan(0);
  const steps = Array.from({ length: 5 }, () => {
    state.undo();
    const { window, view, inverted, rulers, mask } = state.look;
    return [mask !== undefined, rulers.length, inverted, view.x !== 0.5, window !== undefined];
  });
  expect(steps).toEqual([
    [false, 1, true, true, true],
    [false, 0, true, true, true],
    [false, 0, false, true, true],
    [false, 0, false, false, true],
    [false, 0, false, false, false],
  ]);
  expect([state.mask, state.canUndo]).toEqual([undefined, false]);
  for (let i = 0; i < 5; i++) state.redo();
  expect(state.look.rulers).toEqual([{ from: { x: 15, y: 25 }, to: { x: 40, y: 25 } }]);
  expect(state.mask?.some((value) => value === 1)).toBe(true);
});

test("a ruler follows the picture when it is panned, and its end can be moved", () => {
  drag("ruler", [100, 200], [200, 200]);
  drag("ruler", [202, 203], [300, 200]);
  expect(state.look.rulers).toEqual([{ from: { x: 25, y: 25 }, to: { x: 75, y: 25 } }]);
});

test("a click with the ruler draws nothing", () => {
  drag("ruler", [100, 200], [102, 200]);
  expect([state.look.rulers, state.canUndo]).toEqual([[], false]);
});

test("a drag that is cancelled changes nothing", () => {
  for (const tool of ["window", "pan", "zoom", "ruler", "erase"] as const) {
    const before = state.look;
    const begun = startDrag(state, tool, { x: 200, y: 200 });
    begun.move({ x: 250, y: 260 });
    begun.cancel();
    expect(state.look, tool).toEqual(before);
    expect([state.mask, state.canUndo, state.dragged], tool).toEqual([undefined, false, undefined]);
  }
});

test("a stroke tells of itself while it is drawn and at its end", () => {
  drag("erase", [200, 200], [300, 200]);
  expect(changes.filter((change) => change === "stroke" || change === "mask")).toEqual([
    "stroke",
    "stroke",
    "mask",
  ]);
});

test("two fingers zoom about their middle and pan with it", () => {
  const pinch = startPinch(state, [
    { x: 150, y: 200 },
    { x: 250, y: 200 },
  ]);
  const under = state.under({ x: 200, y: 200 });
  pinch.move([
    { x: 110, y: 230 },
    { x: 310, y: 230 },
  ]);
  state.settle();
  expect(state.look.view.zoom).toBeCloseTo(2, 12);
  const { x, y } = toCanvas(state.placement, under);
  expect([x, y]).toEqual([expect.closeTo(210, 9), expect.closeTo(230, 9)]);
  state.undo();
  expect(state.look.view).toEqual(WHOLE);
});

test("the keyboard moves a crosshair, points, measures and erases", () => {
  state.tool = "point";
  doCommand(state, "use");
  expect(state.pointed).toEqual({ x: 50, y: 25 });
  doCommand(state, "right");
  doCommand(state, "use");
  // One cell of 7 further.
  expect(state.pointed?.x).toBeCloseTo(50 + 100 / 7, 12);
  state.tool = "ruler";
  expect(state.pointed).toBeUndefined();
  doCommand(state, "use");
  doCommand(state, "down");
  doCommand(state, "use");
  // 12 CSS pixels of 4 to a pixel.
  expect(state.look.rulers).toEqual([{ from: { x: 50, y: 25 }, to: { x: 50, y: 28 } }]);
  state.tool = "erase";
  doCommand(state, "use");
  expect(state.mask?.[25 * 100 + 50]).toBe(1);
  doCommand(state, "clear-erased");
  expect(state.mask).toBeUndefined();
});

test("arrows go the screen's way when the picture is turned and flipped", () => {
  doCommand(state, "turn");
  doCommand(state, "flip");
  state.tool = "erase";
  doCommand(state, "use");
  const before = toCanvas(state.placement, state.crosshair!);
  doCommand(state, "right");
  const after = toCanvas(state.placement, state.crosshair!);
  expect([after.x - before.x, after.y - before.y]).toEqual([expect.closeTo(12, 9), expect.closeTo(0, 9)]);
});

test("arrows change the window, pan and zoom with those tools", () => {
  doCommand(state, "right");
  expect(state.window).toEqual({ center: 2000, width: 4100 });
  state.tool = "pan";
  doCommand(state, "right");
  expect(state.look.view.x).toBeCloseTo(0.6, 12);
  state.tool = "zoom";
  doCommand(state, "up");
  expect(state.look.view.zoom).toBe(1.25);
});

test("reset goes back to the default window and view, and leaves rulers and erased pixels", () => {
  drag("window", [200, 200], [220, 200]);
  doCommand(state, "invert");
  doCommand(state, "flip");
  doCommand(state, "one-to-one");
  drag("ruler", [100, 200], [200, 200]);
  expect(state.scale).toBeCloseTo(1, 12);
  doCommand(state, "reset");
  const { view, window, inverted, rulers } = state.look;
  expect([view, window, inverted, rulers.length]).toEqual([WHOLE, undefined, false, 1]);
});

test("what is beside the picture is not pointed at", () => {
  state.point({ x: 10, y: 10 });
  state.point({ x: -1, y: 10 });
  expect(state.pointed).toBeUndefined();
});

test("a view or a mask from elsewhere is shown and is no step", () => {
  const view = { ...WHOLE, zoom: 3 };
  state.takeView(view);
  state.takeMask(new Uint8Array(5000).fill(1, 0, 10));
  expect([state.look.view, state.erased, state.canUndo]).toEqual([view, 10 / 5000, false]);
  doCommand(state, "invert");
  state.undo();
  expect([state.look.view, state.erased]).toEqual([view, 10 / 5000]);
});

test("another picture starts afresh", () => {
  doCommand(state, "invert");
  state.picture = { ...PICTURE };
  expect([state.look.inverted, state.canUndo, state.look.view]).toEqual([false, false, WHOLE]);
});
