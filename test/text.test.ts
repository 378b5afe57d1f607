import { expect, test } from "vitest";
import { agreeing, byteSize, count, counted } from "../src/text.ts";

test("counts have their thousands set apart, and one thing is one thing", () => {
  expect([0, 1, 2, 112_120].map((n) => counted(n, "image"))).toEqual([
    "0 images",
    "1 image",
    "2 images",
    "112,120 images",
  ]);
  expect(counted(2, "box", "boxes")).toBe("2 boxes");
  expect(count(1_234_567)).toBe("1,234,567");
  expect([0, 1, 2].map((n) => agreeing(n, "has", "have"))).toEqual(["have", "has", "have"]);
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [42_373_577, "42 MB"],
  [999_000_000, "999 MB"],
  [1e9, "1 GB"],
  [1_550_000_000, "1.6 GB"],
  [1.2e16, "12,000,000 GB"],
])("%d bytes are %s", (bytes, words) => {
  expect(byteSize(bytes)).toBe(words);
});
