import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { drawPhantom } from "../../../src/dataset/phantom/draw.ts";
import type { PhantomImage } from "../../../src/dataset/phantom/patients/patients.ts";
import { FINDING_NAMES } from "../../../src/findings.ts";

const SIZE = 160;
const SEED = 3;

const imageOf = (patient: number, ...findings: string[]): PhantomImage => ({
  ...{ patient, findings, followUp: 0, sex: "M", age: 50, view: "PA" },
  name: `${String(patient).padStart(8, "0")}_000.png`,
});

const draw = (patient: number, ...findings: string[]) =>
  drawPhantom(SEED, imageOf(patient, ...findings), SIZE);

/** Mean grey over a rectangle, whose sides are fractions of the image's. */
function meanOf(pixels: Uint8Array, left: number, top: number, right: number, bottom: number): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.floor(top * SIZE); row < bottom * SIZE; row++) {
    for (let column = Math.floor(left * SIZE); column < right * SIZE; column++) {
      sum += pixels[row * SIZE + column]!;
      count++;
    }
  }
  return sum / count;
}

const PATIENTS = [1, 2, 3];

test("the same seed and image give the same bytes; another patient, seed or follow-up others", () => {
  const hash = (pixels: Uint8Array) => createHash("sha256").update(pixels).digest("hex");
  const first = hash(draw(1, "Mass").pixels);
  expect(hash(draw(1, "Mass").pixels)).toBe(first);
  expect(hash(draw(2, "Mass").pixels)).not.toBe(first);
  expect(hash(drawPhantom(SEED + 1, imageOf(1, "Mass"), SIZE).pixels)).not.toBe(first);
  expect(hash(drawPhantom(SEED, { ...imageOf(1, "Mass"), followUp: 1 }, SIZE).pixels)).not.toBe(first);
});

test("pictures are as they were: where these bytes change on purpose, PHANTOM_VERSION is raised", () => {
  const { pixels, boxes } = draw(1, ...FINDING_NAMES);
  const digest = createHash("sha256").update(pixels).update(JSON.stringify(boxes)).digest("hex");
  expect(digest).toMatchInlineSnapshot(`"d1a93305613a4863acc084f294d78b17e0585d8195923d568483a7aba02f71e0"`);
});

test("a healthy chest: black beside the neck, dark lungs, a bright heart and belly", () => {
  for (const patient of PATIENTS) {
    const { pixels, boxes } = draw(patient);
    expect(boxes).toEqual([]);
    const lung = meanOf(pixels, 0.25, 0.35, 0.35, 0.5);
    const heart = meanOf(pixels, 0.5, 0.55, 0.57, 0.65);
    expect(meanOf(pixels, 0.1, 0, 0.2, 0.03)).toBeLessThan(30);
    expect(lung).toBeGreaterThan(15);
    expect(heart).toBeGreaterThan(lung + 60);
    expect(meanOf(pixels, 0.25, 0.9, 0.4, 0.98)).toBeGreaterThan(lung + 50);
  }
});

/** Findings that are everywhere have no box. */
const DIFFUSE = ["Edema", "Emphysema", "Fibrosis"];

describe.each(FINDING_NAMES)("%s", (finding) => {
  test("changes the picture, most of all within its boxes, which lie in the image", () => {
    for (const patient of PATIENTS) {
      const healthy = draw(patient).pixels;
      const { pixels, boxes } = draw(patient, finding);
      const difference = pixels.map((value, i) => Math.abs(value - healthy[i]!));
      expect(Math.max(...difference)).toBeGreaterThan(25);
      expect(boxes.length > 0, `${finding} of patient ${patient}`).toBe(!DIFFUSE.includes(finding));
      const within = new Uint8Array(SIZE * SIZE);
      for (const { finding: name, box } of boxes) {
        expect(name).toBe(finding);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(SIZE);
        expect(box.y + box.height).toBeLessThanOrEqual(SIZE);
        for (let row = box.y; row < box.y + box.height; row++) {
          within.fill(1, row * SIZE + box.x, row * SIZE + box.x + box.width);
        }
      }
      if (boxes.length === 0) continue;
      const mean = (wanted: number) => {
        const chosen = difference.filter((_, i) => within[i] === wanted);
        return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
      };
      expect(mean(1), `${finding} of patient ${patient}`).toBeGreaterThan(1.8 * mean(0));
    }
  });
});

test("an enlarged heart takes up half of the chest's width", () => {
  for (const patient of PATIENTS) {
    const { box } = draw(patient, "Cardiomegaly").boxes[0]!;
    expect(box.width / SIZE).toBeGreaterThan(0.36);
    expect(box.width / SIZE).toBeLessThan(0.6);
    expect(box.height / SIZE).toBeGreaterThan(0.25);
  }
});

test("fluid, masses and consolidated lung are brighter than air; the air of a pneumothorax is darker than lung", () => {
  for (const finding of ["Effusion", "Mass", "Nodule", "Consolidation", "Pneumonia", "Pneumothorax"]) {
    const changes = PATIENTS.map((patient) => {
      const healthy = draw(patient).pixels;
      const { pixels, boxes } = draw(patient, finding);
      const { x, y, width, height } = boxes[0]!.box;
      const area = [x / SIZE, y / SIZE, (x + width) / SIZE, (y + height) / SIZE] as const;
      return meanOf(pixels, ...area) - meanOf(healthy, ...area);
    });
    const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
    if (finding === "Pneumothorax") expect(mean).toBeLessThan(-2);
    else expect(mean, finding).toBeGreaterThan(12);
  }
});

test("a follow-up shows the same chest: closer to the first image than another patient's", () => {
  const [first, second, other] = [
    draw(1).pixels,
    drawPhantom(SEED, { ...imageOf(1), followUp: 1 }, SIZE).pixels,
    draw(2).pixels,
  ];
  const boxOf = (followUp: number) =>
    drawPhantom(SEED, { ...imageOf(1, "Mass"), followUp }, SIZE).boxes[0]!.box;
  expect(Math.abs(boxOf(0).x - boxOf(1).x)).toBeLessThan(0.12 * SIZE);
  expect(Math.abs(boxOf(0).y - boxOf(1).y)).toBeLessThan(0.12 * SIZE);
  expect(first).not.toEqual(second);
  expect(first).not.toEqual(other);
});

test("any size is drawn, from small to large, with boxes in proportion", () => {
  const sizes = [64, 300, 1024].map((size) => ({ size, ...drawPhantom(SEED, imageOf(1, "Mass"), size) }));
  const relative = sizes.map(({ size, boxes, pixels }) => {
    expect(pixels.length).toBe(size * size);
    const { x, y, width, height } = boxes[0]!.box;
    return [x, y, width, height].map((value) => value / size);
  });
  for (const k of [0, 1, 2, 3]) {
    expect(relative[0]![k]).toBeCloseTo(relative[2]![k]!, 1);
    expect(relative[1]![k]).toBeCloseTo(relative[2]![k]!, 1.7);
  }
});
