import { expect, test } from "vitest";
import { parsePredictionTable } from "../../src/dataset/prediction-table.ts";
import { FINDING_NAMES } from "../../src/findings.ts";

const LABELS = ["Mass", "Pleural_Thickening", "Hernia"];
const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("columns are found in any order and spelling, and values kept to the last digit", () => {
  const table = parsePredictionTable(
    "prob_Pleural Thickening,image,prob_MASS,prob_hernia\n0.1234567890123,x\\a.png,1,0\n1e-9,b.png,0.5,0.25\n",
    LABELS,
  );
  expect(table).toEqual({
    labels: LABELS,
    images: ["x/a.png", "b.png"],
    lines: [2, 3],
    probabilities: Float64Array.of(1, 0.1234567890123, 0, 0.5, 1e-9, 0.25),
    calibrated: undefined,
    failed: 0,
    notes: [],
  });
});

test("what predict writes is read", () => {
  const header = ["Image Index", ...FINDING_NAMES.map((name) => `prob_${name}`)].join(",");
  const { labels, images, notes } = parsePredictionTable(
    `${header}\na.png,${FINDING_NAMES.map((_, i) => i / 14).join(",")}\n`,
    FINDING_NAMES,
  );
  expect({ labels, images, notes }).toEqual({ labels: FINDING_NAMES, images: ["a.png"], notes: [] });
});

test("the last column of what predict writes, the checks that warned, is passed over", () => {
  const header = ["Image Index", ...LABELS.map((name) => `prob_${name}`), "calibrated_Mass", "checks"].join(
    ",",
  );
  const table = parsePredictionTable(
    `${header}\na.png,0.1,0.2,0.3,0.4,view|exposure\nb.png,0.5,0.6,0.7,0.8,\n`,
    LABELS,
  );
  expect(table).toMatchObject({ labels: LABELS, images: ["a.png", "b.png"], notes: [] });
  expect([...table.probabilities]).toEqual([0.1, 0.2, 0.3, 0.5, 0.6, 0.7]);
});

test("without prob_ the labels' own names are columns; what is of no label and what is not there is said", () => {
  const { labels, notes } = parsePredictionTable("Image Index,Mass,Fracture,Age\na.png,0.5,9,77\n", LABELS);
  expect(labels).toEqual(["Mass"]);
  expect(notes).toEqual([
    "Pleural_Thickening, Hernia are not predicted and so not evaluated",
    '2 columns stand for no label and are not evaluated: "Fracture", "Age"',
  ]);
});

test("beside prob_ columns others are no predictions, and they are named", () => {
  const { labels, notes } = parsePredictionTable("Image Index,Mass,prob_Mass\na.png,1,0.5\n", ["Mass"]);
  expect([labels, notes]).toEqual([
    ["Mass"],
    ['1 column does not begin with prob_ and is not evaluated: "Mass"'],
  ]);
});

test.each([
  [
    "logits",
    "a.png,-2.5\nb.png,3\n",
    "predictions/not-a-probability",
    /^2 rows with .*line 2 \(Mass is -2\.5\), line 3.*logits/,
  ],
  [
    "no numbers",
    "a.png,0.5\nb.png,nan\nc.png,\n",
    "predictions/bad-value",
    /^2 rows .*line 3 \(Mass is "nan"\), line 4 \(Mass is ""\)/,
  ],
  ["an image twice", "a.png,0.5\na.png,0.5\n", "predictions/duplicate-image", /^1 row .*line 3 \("a\.png"\)/],
  ["no image", " ,0.5\n", "predictions/no-image", /line 2/],
  ["a field too few", "a.png\n", "predictions/field-count", /line 2/],
  ["a field too many", "a.png,0,5\n", "predictions/field-count", /line 2 \(3\).*quotation marks/],
  ["no rows", "", "predictions/empty", /no row/],
])("%s: refused with lines and counts", (_, rows, code, message) => {
  expect(() => parsePredictionTable(`Image Index,prob_Mass\n${rows}`, LABELS)).toThrow(thrown(code, message));
});

test.each([
  ["no label", "Image Index,prob_Fracture\na,0.5\n", "predictions/no-columns", /"prob_Fracture".*prob_Mass/],
  [
    "a label twice",
    "Image Index,prob_Mass,prob_mass\na,0.5,0.5\n",
    "predictions/duplicate-column",
    /both mean Mass/,
  ],
  ["no image", "prob_Mass\n0.5\n", "labels/no-image-column", /no column names the image/],
])("columns of %s: refused", (_, text, code, message) => {
  expect(() => parsePredictionTable(text, LABELS)).toThrow(thrown(code, message));
});

test("blank fields at the end of a row are nothing", () => {
  expect(parsePredictionTable("image,prob_Mass\na.png,0.5,, \n", ["Mass"]).images).toEqual(["a.png"]);
});

test("calibrated columns of no label, or without raw ones, are named", () => {
  const text = "image,prob_Mass,calibrated_Fracture,calibrated_Hernia\na.png,0.5,0.5,0.5\n";
  expect(parsePredictionTable(text, LABELS).notes.at(-1)).toBe(
    '2 columns stand for no label and are not evaluated: "calibrated_Fracture", "calibrated_Hernia"',
  );
});

test("calibrated columns stand beside the raw ones; an empty field is none", () => {
  const { probabilities, calibrated, labels } = parsePredictionTable(
    "image,prob_Mass,calibrated_Mass,prob_Hernia\na.png,0.5,0.25,1\nb.png,0.75,,0\n",
    LABELS,
  );
  expect(labels).toEqual(["Mass", "Hernia"]);
  expect([...probabilities]).toEqual([0.5, 1, 0.75, 0]);
  expect([...calibrated!]).toEqual([0.25, Number.NaN, Number.NaN, Number.NaN]);
  expect(() => parsePredictionTable("image,prob_Mass,calibrated_Mass\na.png,0.5,2\n", LABELS)).toThrow(
    thrown("predictions/not-a-probability", /line 2 \(calibrated Mass is 2\)/),
  );
});

test("rows with an error code have no probabilities; they are left out and counted", () => {
  const table = parsePredictionTable(
    "Image Index,prob_Mass,checks,sha256,error_code,error_message\na.png,0.5,view,00,,\nb.png,,,11,raster/damaged,cut short\n",
    ["Mass"],
  );
  expect(table).toMatchObject({ images: ["a.png"], failed: 1, notes: [] });
  expect(() =>
    parsePredictionTable("Image Index,prob_Mass,error_code\nb.png,,raster/damaged\n", ["Mass"]),
  ).toThrow("no row has probabilities: 1 image could not be predicted; see the column error_code");
});
