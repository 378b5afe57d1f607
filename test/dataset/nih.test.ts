/** NIH's own tables, if they are available in ../shared/data beside the repository. */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseBoxTable } from "../../src/dataset/box-table.ts";
import { parseLabelTable } from "../../src/dataset/label-table.ts";
import { splitByPatient } from "../../src/dataset/split.ts";
import { summarise } from "../../src/dataset/summary.ts";

const FOLDER = new URL("../../../shared/data/nih-labels/", import.meta.url);
const isHere = existsSync(FOLDER);
const read = (name: string) => gunzipSync(readFileSync(new URL(name, FOLDER))).toString("utf8");

test.skipIf(!isHere)("all of Data_Entry_2017_v2020.csv (skipped where NIH's tables are not at hand)", () => {
  const { labels, images, notes } = parseLabelTable(read("Data_Entry_2017_v2020.csv.gz"));
  const summary = summarise(labels, images);
  expect(summary.images).toBe(112_120);
  expect(summary.patients).toBe(30_805);
  expect(Object.fromEntries(summary.views)).toEqual({ PA: 67_310, AP: 44_810 });
  expect(summary.sexes).toEqual({ M: 63_340, F: 48_780 });
  expect(summary.noFinding).toBe(60_361);
  expect(summary.counts[labels.indexOf("Pneumonia")]).toEqual({
    positive: 1_431,
    negative: 110_689,
    unknown: 0,
  });
  expect(notes).toEqual([]);
  expect(images[1]).toEqual({
    image: "00000001_001.png",
    patient: "1",
    labels: Float32Array.from(labels, (label) => Number(/^(Cardiomegaly|Emphysema)$/.test(label))),
    ...{ age: 58, sex: "M", view: "PA", followUp: 1 },
  });
  const { train, val } = splitByPatient(images, { valFraction: 0.1, seed: 0 });
  expect(train.length + val.length).toBe(112_120);
  const heldOut = new Set(Array.from(val, (i) => images[i]!.patient));
  expect(Math.abs(heldOut.size / 30_805 - 0.1)).toBeLessThan(0.005);
  expect(train.some((i) => heldOut.has(images[i]!.patient))).toBe(false);
});

test.skipIf(!isHere)("all of BBox_List_2017.csv (skipped where NIH's tables are not at hand)", () => {
  const boxes = parseBoxTable(read("BBox_List_2017.csv.gz"));
  expect(boxes).toHaveLength(984);
  expect(new Set(boxes.map(({ image }) => image)).size).toBe(880);
  const counts: Record<string, number> = {};
  for (const { finding } of boxes) counts[finding] = (counts[finding] ?? 0) + 1;
  expect(counts).toEqual({
    ...{ Atelectasis: 180, Effusion: 153, Cardiomegaly: 146, Infiltration: 123 },
    ...{ Pneumonia: 120, Pneumothorax: 98, Mass: 85, Nodule: 79 },
  });
});
