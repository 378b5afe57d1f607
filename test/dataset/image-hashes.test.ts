import { expect, test } from "vitest";
import { PackedNames, packNames } from "../../src/dataset/image-hashes.ts";

/** Names like NIH's, of a number of patients with `each` images. */
const namesOf = (first: number, patients: number, each: number): string[] =>
  Array.from(
    { length: patients * each },
    (_, i) =>
      `${String(first + Math.floor(i / each)).padStart(8, "0")}_${String(i % each).padStart(3, "0")}.png`,
  );

test("names that were packed are found, and none of half a million others", () => {
  const names = namesOf(1, 25_000, 4);
  const packed = new PackedNames(packNames(names));
  expect(packed.size).toBe(names.length);
  expect(names.every((name) => packed.has(name))).toBe(true);
  const others = [
    ...namesOf(25_001, 50_000, 8),
    ...Array.from({ length: 100_000 }, (_, i) => `view${i}.jpg`),
  ];
  expect(others.filter((name) => packed.has(name))).toEqual([]);
});

test("the text depends on no order, says nothing twice, and takes five bytes a name", () => {
  expect(packNames(["b", "a", "b"])).toBe(packNames(["a", "b"]));
  expect(packNames(namesOf(1, 300, 1))).toHaveLength((300 * 5 * 4) / 3);
  expect(new PackedNames(packNames([])).size).toBe(0);
});

test("hashes stay as they are (this one from the same formula in Python): models that were written carry them", () => {
  expect(packNames(["00000013_005.png"])).toBe("Y+lMNYY=");
});

test.each(["*", "AAAA"])("what is no packed text is refused: %s", (text) => {
  expect(() => new PackedNames(text)).toThrow(expect.objectContaining({ code: "card/invalid" }));
});
