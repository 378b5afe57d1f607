import { expect, test } from "vitest";
import { windowableOf } from "../../../web/viewer/grey.ts";
import type { ViewerPicture } from "../../../web/viewer/picture.ts";
import { shownSamples } from "../../../web/viewer/shown.ts";

const WINDOW = { center: 127.5, width: 255, exact: true };

/** Of values from 0 to 255 that are shown as they are. */
function levelsOf(
  picture: ViewerPicture,
  look: { window?: typeof WINDOW; filled?: Uint8Array; inverted?: boolean },
) {
  const { window, filled, inverted = false } = look;
  const { codes, table } = shownSamples({
    picture,
    window,
    filled,
    inverted,
    windowable: () => windowableOf(picture),
  });
  return [...codes].map((code) => table[code & 0xffff]);
}

const picture: ViewerPicture = {
  width: 4,
  height: 1,
  channels: 1,
  shown: Uint8Array.of(0, 85, 170, 255),
  values: Uint16Array.of(0, 85, 170, 255),
  window: WINDOW,
  inverted: false,
};

test("in a window of the user's own, erased places show their fill through that window", () => {
  const filled = Uint8Array.of(0, 100, 170, 255);
  const narrow = { center: 100, width: 100, exact: true };
  // (x − 100) / 100 + ½ of 255; 100 instead of 85 is the middle.
  expect(levelsOf(picture, { window: narrow })).toEqual([0, 89, 255, 255]);
  expect(levelsOf(picture, { window: narrow, filled })).toEqual([0, 128, 255, 255]);
});

test("the fill of a picture that is stored inverted has the value of its grey level", () => {
  const inverted = { ...picture, shown: Uint8Array.of(255, 170, 85, 0), inverted: true };
  const filled = Uint8Array.of(255, 155, 85, 0);
  expect(levelsOf(inverted, { window: { center: 100, width: 100, exact: true }, filled })).toEqual([
    255, 128, 0, 0,
  ]);
});

test("padding stays black when the picture is inverted by hand", () => {
  const padded = { ...picture, padding: { low: 0, high: 0 } };
  expect(levelsOf(padded, { inverted: true })).toEqual([0, 170, 85, 0]);
  expect(levelsOf(padded, { inverted: false })).toEqual([0, 85, 170, 255]);
  expect(levelsOf(picture, { inverted: true })).toEqual([255, 170, 85, 0]);
});

test("it stays black where no linear window gives the grey levels, and other black pixels turn white", () => {
  const window = { ...WINDOW, exact: false };
  const padded = {
    ...picture,
    shown: Uint8Array.of(0, 0, 200, 255),
    window,
    padding: { low: -5, high: 0 },
  };
  expect(levelsOf(padded, { inverted: true })).toEqual([0, 255, 55, 0]);
  // MONOCHROME1, whose grey levels are inverted already.
  expect(levelsOf({ ...padded, inverted: true }, { inverted: true })).toEqual([0, 255, 55, 0]);
});

test("a fill over padding is inverted with the rest", () => {
  const padded = { ...picture, padding: { low: 0, high: 0 } };
  const filled = Uint8Array.of(100, 85, 170, 255);
  expect(levelsOf(padded, { inverted: true, filled })).toEqual([155, 170, 85, 0]);
});

test("the same grey levels inverted are the same array, so that smaller sizes of it are made once", () => {
  const padded = { ...picture, padding: { low: 0, high: 0 } };
  const look = { picture: padded, window: undefined, filled: undefined, inverted: true };
  const samples = () => shownSamples({ ...look, windowable: () => windowableOf(padded) }).codes;
  expect(samples()).toBe(samples());
});
