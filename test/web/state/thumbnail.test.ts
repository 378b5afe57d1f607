import { expect, test } from "vitest";
import { Recent } from "../../../web/state/recent.ts";
import { changeText, percentText, signedText, sizeText } from "../../../web/state/sizes.ts";
import { thumbnailOf } from "../../../web/state/thumbnail.ts";

test("a thumbnail averages what it covers, and keeps the picture's shape", () => {
  const shown = Uint8Array.from({ length: 8 * 4 }, (_, i) => (i % 8 < 4 ? 0 : 200));
  const { width, height, data } = thumbnailOf({ width: 8, height: 4, channels: 1, shown }, 2);
  expect([width, height]).toEqual([2, 1]);
  expect([...data]).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
});

test("colours stay, and small pictures are not enlarged", () => {
  const shown = Uint8Array.of(255, 0, 10, 0, 90, 30);
  const { width, height, data } = thumbnailOf({ width: 2, height: 1, channels: 3, shown }, 112);
  expect([width, height]).toEqual([2, 1]);
  expect([...data]).toEqual([255, 0, 10, 255, 0, 90, 30, 255]);
});

test("the last few are kept; looking at one makes it the last", () => {
  const recent = new Recent<string>(2);
  recent.put(1, "a");
  recent.put(2, "b");
  recent.get(1);
  recent.put(3, "c");
  expect([1, 2, 3].map((id) => recent.get(id))).toEqual(["a", undefined, "c"]);
});

test("numbers in words", () => {
  expect([0, 999, 1000, 31_400_000, 2e9].map(sizeText)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "31.4 MB",
    "2.0 GB",
  ]);
  expect([0, 0.0001, 0.12345, 0.9999, 1].map(percentText)).toEqual([
    "0.0 %",
    "< 0.1 %",
    "12.3 %",
    "> 99.9 %",
    "100.0 %",
  ]);
  expect([0.1234, -0.2, 0.0001, 0].map(changeText)).toEqual(["+12.3", "−20.0", "±0.0", "±0.0"]);
  expect(signedText(-1.234)).toBe("−1.23");
});
