import { expect, test } from "vitest";
import { endNear, lengthOf, lengthWords, spacingWords, withEnd } from "../../../web/viewer/rulers.ts";

const ruler = (x1: number, y1: number, x2: number, y2: number) => ({
  from: { x: x1, y: y1 },
  to: { x: x2, y: y2 },
});
const AT_DETECTOR = { row: 0.2, column: 0.1, source: "ImagerPixelSpacing", isAtDetector: true } as const;
const CALIBRATED = { row: 0.15, column: 0.15, source: "PixelSpacing", isAtDetector: false } as const;

test("a length has its parts across and down in their own spacing", () => {
  // 300 columns of 0.1 mm and 200 rows of 0.2 mm: a triangle of 30, 40 and 50 mm.
  expect(lengthOf(ruler(10, 10, 310, 210), AT_DETECTOR)).toBeCloseTo(50, 12);
  expect(lengthOf(ruler(0, 0, 100, 0), AT_DETECTOR)).toBeCloseTo(10, 12);
  expect(lengthOf(ruler(0, 0, 0, 100), AT_DETECTOR)).toBeCloseTo(20, 12);
});

test("without a spacing it counts pixels", () => {
  expect(lengthOf(ruler(0, 0, 3, 4), undefined)).toBe(5);
  expect(lengthWords(ruler(0, 0, 3, 4), undefined)).toBe("5 px");
  expect(spacingWords(undefined)).toContain("measures pixels");
});

test("words say whether a length is one at the detector", () => {
  expect(lengthWords(ruler(10, 10, 310, 210), AT_DETECTOR)).toBe("50.0 mm at the detector");
  expect(lengthWords(ruler(0, 0, 100, 0), CALIBRATED)).toBe("15.0 mm");
  expect(spacingWords(CALIBRATED)).toBe("PixelSpacing, 0.15 mm.");
  expect(spacingWords(AT_DETECTOR)).toContain("ImagerPixelSpacing, 0.2 × 0.1 mm");
});

test("an end is taken hold of within reach, and moved alone", () => {
  const rulers = [ruler(0, 0, 10, 0), ruler(50, 50, 60, 60)];
  expect(endNear(rulers, { x: 12, y: 1 }, 3)).toEqual({ ruler: 0, end: "to" });
  expect(endNear(rulers, { x: 14, y: 1 }, 3)).toBeUndefined();
  expect(withEnd(rulers, { ruler: 1, end: "from" }, { x: 1, y: 2 })).toEqual([
    rulers[0],
    ruler(1, 2, 60, 60),
  ]);
});
