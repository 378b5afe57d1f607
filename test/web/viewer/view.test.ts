import { describe, expect, test } from "vitest";
import {
  fitScale,
  mirrored,
  oneToOne,
  panned,
  placementOf,
  scaleOf,
  toCanvas,
  toPicture,
  turned,
  type View,
  visiblePart,
  WHOLE,
  zoomedAbout,
} from "../../../web/viewer/view.ts";

const PICTURE = { width: 300, height: 200 };
const CANVAS = { width: 900, height: 800 };
const TURNS = [0, 1, 2, 3] as const;
const VIEWS: View[] = TURNS.flatMap((turns) =>
  [false, true].map((flipped) => ({ zoom: 2.5, x: 0.3, y: 0.7, flipped, turns })),
);

/** Rounded, and without -0. */
const rounded = ({ x, y }: { x: number; y: number }) => [
  Math.round(x * 1e6) / 1e6 + 0,
  Math.round(y * 1e6) / 1e6 + 0,
];
const at = (view: View, x: number, y: number) =>
  rounded(toCanvas(placementOf(view, PICTURE, CANVAS), { x, y }));

test("a whole picture touches the canvas along its longer side and lies in the middle", () => {
  expect(fitScale(PICTURE, CANVAS, WHOLE)).toBe(3);
  expect(at(WHOLE, 0, 0)).toEqual([0, 100]);
  expect(at(WHOLE, 300, 200)).toEqual([900, 700]);
  expect(fitScale(PICTURE, CANVAS, { turns: 1 })).toBe(800 / 300);
});

test("flipping exchanges left and right, turning goes clockwise", () => {
  expect(at(mirrored(WHOLE), 0, 0)).toEqual([900, 100]);
  // The top left corner comes to the top right; the picture is 200 · 8/3 wide then.
  expect(at(turned(WHOLE), 0, 0)).toEqual(rounded({ x: 450 + (200 * 8) / 6, y: 0 }));
  expect(at(turned(turned(WHOLE)), 0, 0)).toEqual([900, 700]);
});

describe.each(VIEWS)("a view turned $turns times, flipped: $flipped", (view) => {
  const placement = placementOf(view, PICTURE, CANVAS);

  test("places go to the canvas and back", () => {
    for (const place of [
      { x: 0, y: 0 },
      { x: 123.25, y: 45.5 },
      { x: 300, y: 200 },
    ]) {
      expect(rounded(toPicture(placement, toCanvas(placement, place)))).toEqual(rounded(place));
    }
  });

  test("zooming leaves what is under the cursor there", () => {
    const cursor = { x: 200, y: 610 };
    const under = toPicture(placement, cursor);
    const zoomed = zoomedAbout(view, PICTURE, CANVAS, view.zoom * 1.3, cursor);
    expect(zoomed.zoom).toBeCloseTo(3.25, 12);
    expect(rounded(toCanvas(placementOf(zoomed, PICTURE, CANVAS), under))).toEqual(rounded(cursor));
  });

  test("panning moves the picture by as many pixels of the canvas", () => {
    const moved = placementOf(panned(view, PICTURE, CANVAS, 31, -17), PICTURE, CANVAS);
    const before = toCanvas(placement, { x: 100, y: 100 });
    expect(rounded(toCanvas(moved, { x: 100, y: 100 }))).toEqual(
      rounded({ x: before.x + 31, y: before.y - 17 }),
    );
  });

  test("four turns and two flips change nothing, and a flip is one of what is seen", () => {
    expect(turned(turned(turned(turned(view))))).toEqual(view);
    expect(mirrored(mirrored(view))).toEqual(view);
    const { x, y } = toCanvas(placement, { x: 10, y: 20 });
    expect(at(mirrored(view), 10, 20)).toEqual(rounded({ x: CANVAS.width - x, y }));
  });
});

test("1:1 is one pixel of the screen for each of the picture", () => {
  expect(scaleOf(oneToOne(WHOLE, PICTURE, CANVAS), PICTURE, CANVAS)).toBeCloseTo(1, 12);
});

test("zoom ends where a pixel is 64 wide, and at a quarter of the fitting size", () => {
  const middle = { x: 450, y: 400 };
  expect(scaleOf(zoomedAbout(WHOLE, PICTURE, CANVAS, 1e9, middle), PICTURE, CANVAS)).toBeCloseTo(64, 9);
  expect(zoomedAbout(WHOLE, PICTURE, CANVAS, 1e-9, middle).zoom).toBe(0.25);
});

test("the middle of the canvas stays on the picture", () => {
  const { x, y } = panned(WHOLE, PICTURE, CANVAS, 1e6, -1e6);
  expect([x, y]).toEqual([0, 1]);
});

test("the same view of pictures of other sizes shows the same share of them", () => {
  const view: View = { ...WHOLE, zoom: 2, x: 0.25, y: 0.75 };
  for (const picture of [PICTURE, { width: 1500, height: 1000 }]) {
    expect(rounded(toPicture(placementOf(view, picture, CANVAS), { x: 450, y: 400 }))).toEqual(
      rounded({ x: picture.width * 0.25, y: picture.height * 0.75 }),
    );
    expect(rounded(toCanvas(placementOf(view, picture, CANVAS), { x: 0, y: picture.height }))).toEqual([
      0, 700,
    ]);
  }
});

test("the visible part is in whole pixels and within the picture", () => {
  expect(visiblePart(placementOf(WHOLE, PICTURE, CANVAS), PICTURE, CANVAS)).toEqual({
    left: 0,
    top: 0,
    right: 300,
    bottom: 200,
  });
  // Pixels of 6: 150 × 133⅓ of the picture are seen about its middle.
  const view = { ...WHOLE, zoom: 2 };
  expect(visiblePart(placementOf(view, PICTURE, CANVAS), PICTURE, CANVAS)).toEqual({
    left: 75,
    top: 33,
    right: 225,
    bottom: 167,
  });
});
