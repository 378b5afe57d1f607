import { expect, test } from "vitest";
import { panelLabels, type Wording } from "../../../src/report/overlay/labels.ts";
import { textWidth } from "../../../src/report/overlay/lettering.ts";

const wording = (title: string, more: Partial<Wording> = {}): Wording => ({
  title,
  remarks: [],
  map: Float32Array.of(0, 1),
  ...more,
});

test.each([
  [64, 64],
  [96, 96],
  [512, 512],
  [2000, 900],
  [120, 900],
  [75, 512],
])(
  "on a panel of %d × %d remarks stand below the title, one below the other, and all fit",
  (width, height) => {
    const remarks = [
      "product of norm5, denseblock3, denseblock2",
      "too small to localise",
      "knows drawn phantoms only",
    ];
    for (const title of ["Mass 1.00%", "Pleural Thickening 100.00% · nothing speaks for it"]) {
      const labels = panelLabels(width, height, wording(title, { remarks }));
      expect(labels).toHaveLength(3);
      const [first, second, scale] = labels;
      expect(first!.top + first!.height).toBeLessThanOrEqual(second!.top);
      expect(second!.top + second!.height).toBeLessThan(scale!.top);
      expect(scale!.top + scale!.height).toBeLessThan(height);
      for (const label of labels) expect(label.left + label.width).toBeLessThanOrEqual(width);
      for (const { width: plate, height: rise, lines } of [first!, second!]) {
        for (const [i, line] of lines.entries()) {
          expect(line.x + textWidth(line.text, line.size)).toBeLessThan(plate);
          expect(line.baseline - (lines[i - 1]?.baseline ?? 0)).toBeGreaterThanOrEqual(line.size);
          expect(line.baseline).toBeLessThan(rise);
        }
      }
      expect(second!.lines.map(({ text }) => text)).toEqual(remarks);
    }
  },
);

test("a title that fits has letters of a 32nd of the panel's shorter side, at least 10 pixels", () => {
  const sizeOf = (width: number, height: number) =>
    panelLabels(width, height, wording("Mass 1.00%"))[0]!.lines[0]!.size;
  expect(sizeOf(2000, 1024)).toBe(32);
  expect(sizeOf(320, 200)).toBe(10);
});

test("a title that does not fit is set smaller, until its plate is as wide as the room", () => {
  const [title] = panelLabels(120, 400, wording("Pleural Thickening 100.00% · and more"));
  expect(title!.lines[0]!.size).toBeLessThan(10);
  expect([title!.left, title!.width]).toEqual([3, 120 - 2 * 3]);
});

test("the scale has a bar between the words for its two ends", () => {
  const [, scale] = panelLabels(320, 200, wording("Mass 1.00%"));
  const { bar, lines, width, height } = scale!;
  const [zero, most] = lines;
  expect([zero!.text, most!.text]).toEqual(["0", "max"]);
  expect(zero!.x + textWidth("0", zero!.size)).toBeLessThan(bar!.x);
  expect(bar!.width).toBe(Math.min(0.3 * 320, 10 * 10));
  expect(bar!.x + bar!.width).toBeLessThan(most!.x);
  expect(most!.x + textWidth("max", most!.size)).toBeLessThan(width);
  expect(bar!.y + bar!.height).toBeLessThan(height);
});

test("the scale of contour lines has a block for each, between the words for the lowest and the highest", () => {
  const [, scale] = panelLabels(320, 200, wording("Mass 1.00%"), "contour");
  expect(scale!.lines.map(({ text }) => text)).toEqual(["30%", "90% of max"]);
  expect(scale!.bar!.heats).toEqual([0.3, 0.5, 0.7, 0.9]);
});

test("a flat map's label says that nothing speaks for the finding", () => {
  const [flat] = panelLabels(320, 200, wording("Mass 1.00%", { map: Float32Array.of(2, 2) }));
  expect(flat!.lines[0]!.text).toBe("Mass 1.00% · nothing speaks for it");
});

test("a text is as wide as its letters, grows with its size, and has a question mark for what has no outline", () => {
  expect(textWidth("", 20)).toBe(0);
  expect(textWidth("MM", 20)).toBeCloseTo(2 * textWidth("M", 20), 9);
  expect(textWidth("Mass", 40)).toBeCloseTo(2 * textWidth("Mass", 20), 9);
  expect(textWidth("i", 20)).toBeLessThan(textWidth("M", 20));
  expect(textWidth("漢", 20)).toBe(textWidth("?", 20));
});
