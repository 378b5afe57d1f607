import { expect, test } from "vitest";
import { assignBoxes } from "../../../src/app/data/known-boxes.ts";
import { localisationReport } from "../../../src/app/evaluation/localisation-report.ts";
import { Localiser } from "../../../src/app/evaluation/localise.ts";
import type { Prediction } from "../../../src/engine/predict.ts";
import type { MapRecipe } from "../../../src/models/map-recipe.ts";

const LABELS = ["Effusion", "Mass", "Nodule"];
const MAPS: MapRecipe = { method: "gradcam", layers: ["norm5"] };
const NAMES = new Map(LABELS.map((label, index) => [index, label] as const));

const box = (finding: string, x: number, y: number, width: number, height: number) => ({
  finding,
  place: { x, y, width, height },
});
const localiser = (boxes: Record<string, ReturnType<typeof box>[]>, images = Object.keys(boxes)) =>
  new Localiser(
    assignBoxes(
      {
        path: "some/BBox_List_2017.csv",
        sha256: "00",
        boxes: Object.entries(boxes).flatMap(([image, known]) => known.map((one) => ({ image, ...one }))),
      },
      images,
    ),
    { labels: LABELS },
    LABELS.map(() => MAPS),
    0,
  );

/** The report on images of one patient each. */
const reportOf = (one: Localiser, names: readonly string[]) =>
  localisationReport(
    one.compared(MAPS, NAMES)!,
    names.map((image) => ({ image, patient: image, labels: new Float32Array(0) })),
    { replicates: 20 },
  );

const file = (name: string) => ({ name, path: `/data/images/${name}` });

/** Maps of 4 × 4 cells, each hot in one cell, for an image of 400 × 200 pixels that was cropped to 200 × 100. */
function prediction(findings: readonly number[], hot: readonly number[]): Prediction {
  const ownMaps = findings.map((finding, i) => {
    const data = new Float32Array(16);
    data[hot[i]!] = 1;
    return { finding, data, height: 4, width: 4, cells: { height: 4, width: 4 } };
  });
  return {
    source: "",
    probabilities: new Float32Array(3),
    logits: new Float32Array(3),
    heatmaps: undefined,
    ownMaps,
    drawn: undefined,
    terms: undefined,
    prepared: {
      views: 1,
      region: { x: 160, y: 20, width: 200, height: 100 },
      original: { width: 400, height: 200 },
      receipt: [],
      notes: [],
      bits: 16,
    },
    checks: [],
  };
}

test("a map's cells lie where the crop lay, in shares of an image that is no square", () => {
  // Cell 6 is row 1, column 2: its centre is at (160 + 125, 20 + 37.5) pixels.
  const [x, y] = [285 / 400, 57.5 / 200];
  const right = box("Mass", x - 0.01, y - 0.01, 0.02, 0.02);
  for (const [place, share] of [
    [right, 1],
    [box("Mass", y - 0.01, x - 0.01, 0.02, 0.02), 0],
    [box("Mass", 2.5 / 4 - 0.01, 1.5 / 4 - 0.01, 0.02, 0.02), 0],
  ] as const) {
    const one = localiser({ "a.png": [place] });
    expect(one.wanted("a.png")).toEqual([1]);
    one.add(file("a.png"), prediction([1], [6]));
    const { findings } = reportOf(one, ["a.png"]);
    expect(findings.map(({ label }) => label)).toEqual(["Mass"]);
    expect(findings[0]!.figures.maps.model.pointing).toBe(share);
    // A cell is an eighth of each side.
    expect(findings[0]!.figures.isSmallerThanCell).toBe(0.02 ** 2 < 1 / 64);
  }
});

test("each map meets the boxes of its own finding, in whichever order they come", () => {
  const at = (finding: string, column: number) => box(finding, 0.4 + column * 0.125, 0.1, 0.125, 0.125);
  const one = localiser({ "a.png": [at("Nodule", 3), at("Effusion", 0), at("Nodule", 1), at("Scar", 2)] });
  expect(one.wanted("a.png")).toEqual([2, 0]);
  one.add(file("a.png"), prediction([2, 0], [1, 2]));
  const { findings, overall } = reportOf(one, ["a.png"]);
  expect(findings.map(({ label, figures }) => [label, figures.maps.model.pointing])).toEqual([
    ["Effusion", 0],
    ["Nodule", 1],
  ]);
  expect([overall.images, overall.figures.pairs, overall.figures.maps.model.pointing]).toEqual([1, 2, 0.5]);
  one.saw(["a.png"]);
  expect(one.notes()).toEqual([
    "BBox_List_2017.csv: 1 box of findings that the model lacks (Scar) is left out",
  ]);
});

test("random maps are of the image and finding, not of the order in which images come", () => {
  const whole = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`${i}.png`, [box("Mass", 0.4, 0.1, 0.25, 0.25)]]),
  );
  const randomOf = (names: readonly string[]) => {
    const one = localiser(whole);
    for (const name of names) one.add(file(name), prediction([1], [0]));
    const { figures, regions } = reportOf(one, names.toSorted()).overall;
    return [figures.maps.random, regions.maps.random];
  };
  const names = Object.keys(whole);
  expect(randomOf(names.toReversed())).toEqual(randomOf(names));
  expect(randomOf(names.slice(0, 20))).not.toEqual(randomOf(names.slice(20)));
});

test("a map with a cell that is no number is refused, with the image's name", () => {
  const broken = prediction([1], [0]);
  (broken.ownMaps![0]!.data as Float32Array)[3] = Number.NaN;
  const one = localiser({ "a.png": [box("Mass", 0, 0, 1, 1)] });
  expect(() => one.add(file("a.png"), broken)).toThrow(
    expect.objectContaining({
      code: "evaluation/bad-input",
      message: expect.stringMatching(/^\/data\/images\/a\.png: /),
    }),
  );
});
