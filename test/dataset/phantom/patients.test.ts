import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseBoxTable } from "../../../src/dataset/box-table.ts";
import { parseLabelTable } from "../../../src/dataset/label-table.ts";
import { boxTable, entryTable } from "../../../src/dataset/phantom/nih-tables.ts";
import { IMAGES_WITH_BOTH, shareWith } from "../../../src/dataset/phantom/patients/co-occurrence.ts";
import { phantomImages } from "../../../src/dataset/phantom/patients/patients.ts";
import { SIGNS } from "../../../src/dataset/phantom/signs/index.ts";
import { FINDING_NAMES } from "../../../src/findings.ts";

const MANY = phantomImages(7, 20_000);

test("more images of a seed begin with the same ones; another seed gives others", () => {
  expect(phantomImages(7, 50)).toEqual(MANY.slice(0, 50));
  expect(phantomImages(8, 50)).not.toEqual(MANY.slice(0, 50));
  expect(new Set(MANY.map(({ name }) => name)).size).toBe(MANY.length);
});

test("follow-ups of a patient come one after the other, of the same sex, no younger", () => {
  for (const [i, image] of MANY.entries()) {
    expect(image.name).toBe(
      `${String(image.patient).padStart(8, "0")}_${String(image.followUp).padStart(3, "0")}.png`,
    );
    const before = MANY[i - 1];
    if (image.followUp === 0) {
      expect(image.patient).toBe((before?.patient ?? 0) + 1);
      continue;
    }
    expect(before).toMatchObject({ patient: image.patient, followUp: image.followUp - 1, sex: image.sex });
    expect(image.age).toBeGreaterThanOrEqual(before!.age);
  }
});

test("half of the patients have one image, and an image at most four findings", () => {
  const counts = new Map<number, number>();
  for (const { patient } of MANY) counts.set(patient, (counts.get(patient) ?? 0) + 1);
  const single = [...counts.values()].filter((n) => n === 1).length / counts.size;
  expect(single).toBeGreaterThan(0.53);
  expect(single).toBeLessThan(0.61);
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(12);
  expect(Math.max(...MANY.map(({ findings }) => findings.length))).toBe(4);
});

test("every finding is in 3 to 25 of 100 images, and a third shows none", () => {
  const share = (finding: string) =>
    MANY.filter(({ findings }) => findings.includes(finding)).length / MANY.length;
  for (const finding of FINDING_NAMES) {
    expect(share(finding), finding).toBeGreaterThan(0.03);
    expect(share(finding), finding).toBeLessThan(0.25);
  }
  const none = MANY.filter(({ findings }) => findings.length === 0).length / MANY.length;
  expect(none).toBeGreaterThan(0.25);
  expect(none).toBeLessThan(0.45);
});

/** The fraction of the images with one finding that also have another. */
function shareAmong(finding: string, other: string): number {
  const having = MANY.filter(({ findings }) => findings.includes(finding));
  return having.filter(({ findings }) => findings.includes(other)).length / having.length;
}

test("what comes together in ChestX-ray14 comes together here", () => {
  // In NIH's table, P(Effusion | Consolidation) is 0.28, P(Edema | Pneumonia) 0.24, P(Cardiomegaly | Emphysema) 0.02.
  expect(shareAmong("Consolidation", "Effusion")).toBeGreaterThan(0.2);
  expect(shareAmong("Pneumonia", "Edema")).toBeGreaterThan(0.16);
  expect(shareAmong("Emphysema", "Cardiomegaly")).toBeLessThan(0.1);
  expect(shareAmong("Pneumonia", "Edema")).toBeGreaterThan(3 * shareAmong("Pneumonia", "Pneumothorax"));
});

test("the table of co-occurrence is symmetric, and shares are of the row's finding", () => {
  expect(IMAGES_WITH_BOTH).toEqual(IMAGES_WITH_BOTH.map((_, j) => IMAGES_WITH_BOTH.map((row) => row[j])));
  expect(shareWith(6, 9)).toBe(340 / 1431);
});

const NIH = new URL("../../../../shared/data/nih-labels/Data_Entry_2017_v2020.csv.gz", import.meta.url);
test.skipIf(!existsSync(NIH))(
  "the table of co-occurrence is NIH's (skipped where NIH's tables are not at hand)",
  () => {
    const { images } = parseLabelTable(gunzipSync(readFileSync(NIH)).toString("utf8"));
    const counted = FINDING_NAMES.map((_, i) =>
      FINDING_NAMES.map((__, j) => images.filter(({ labels }) => labels[i] === 1 && labels[j] === 1).length),
    );
    expect(IMAGES_WITH_BOTH).toEqual(counted);
  },
);

test("there is a sign for each finding", () => {
  expect([...SIGNS.keys()].sort()).toEqual(FINDING_NAMES.toSorted());
});

test("the tables are read as NIH's are, to the same findings, persons and boxes", () => {
  const images = MANY.slice(0, 60);
  const { images: read, notes } = parseLabelTable(entryTable(images, 512));
  expect(notes).toEqual([]);
  for (const [i, { name, findings, patient, age, sex, view }] of images.entries()) {
    const row = read[i]!;
    expect(row).toMatchObject({ image: name, age, sex, view });
    expect(Number(row.patient)).toBe(patient);
    expect(FINDING_NAMES.filter((_, k) => row.labels[k] === 1)).toEqual(findings);
  }
  const boxes = [
    {
      name: "00000001_000.png",
      boxes: [{ finding: "Infiltration", box: { x: 3, y: 4, width: 50, height: 60 } }],
    },
  ];
  const text = boxTable(boxes);
  expect(text).toBe(
    "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_000.png,Infiltrate,3,4,50,60,,,\n",
  );
  expect(parseBoxTable(text)).toMatchObject([{ image: "00000001_000.png", finding: "Infiltration", x: 3 }]);
});
