import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { nihName, nihPatient } from "../../src/dataset/nih-names.ts";
import { type NihSplit, partsOf } from "../../src/dataset/nih-splits.ts";

const TABLE = new URL("../../../shared/data/nih-labels/Data_Entry_2017_v2020.csv.gz", import.meta.url);

test("names of NIH's kind have a patient, others none", () => {
  expect(nihPatient("00000013_005.png")).toBe(13);
  expect(nihPatient("images_001/images/00030805_000.png")).toBe(30_805);
  for (const name of [
    "images/00000013_005.png",
    "d\\00000013_005.jpg",
    "a b/00000013_005.JPEG",
    "00000013_005",
  ])
    expect(nihName(name), name).toBe("00000013_005.png");
  for (const name of [
    "00030806_000.png",
    "00000000_000.png",
    "13_005.png",
    "00000013_005.png.json",
    "00000013_005_.png",
    "x00000013_005.png",
  ])
    expect(nihPatient(name), name).toBeUndefined();
});

test("a patient's images are in one part, and what is no image of NIH's is in none", () => {
  for (const split of ["official", "chexnet", "chexnet-test"] as const) {
    const partOf = partsOf(split);
    expect(partOf("00000013_005.png")).toBe(partOf("00000013_000.png"));
    expect(partOf("patient00013/view1.png")).toBeUndefined();
  }
  // The first images of the published lists.
  expect(partsOf("official")("00000001_000.png")).toBe("training");
  expect(partsOf("official")("00000003_000.png")).toBe("test");
  expect(partsOf("chexnet")("00001522_000.png")).toBe("training");
  expect(partsOf("chexnet")("00000010_000.png")).toBe("test");
});

test("of the splits that tell the test part alone, all else is training", () => {
  const [whole, testAlone] = [partsOf("chexnet"), partsOf("chexnet-test")];
  let validated = 0;
  for (let patient = 1; patient <= 30_805; patient++) {
    const name = `${String(patient).padStart(8, "0")}_000.png`;
    const part = whole(name);
    if (part === "validation") validated++;
    expect(testAlone(name)).toBe(part === "test" ? "test" : "training");
  }
  expect(validated).toBeGreaterThan(1_000);
});

const SIZES: Readonly<Record<NihSplit, Readonly<Record<string, number>>>> = {
  official: { training: 86_524, test: 25_596 },
  chexnet: { training: 78_468, validation: 11_219, test: 22_433 },
  "chexnet-test": { training: 78_468 + 11_219, test: 22_433 },
};

test.skipIf(!existsSync(TABLE)).each(Object.keys(SIZES) as NihSplit[])(
  "parts of the split %s have as many images as were published (skipped without NIH's label file)",
  (split) => {
    const names = gunzipSync(readFileSync(TABLE))
      .toString("utf8")
      .match(/^\d{8}_\d{3}\.png/gm)!;
    const partOf = partsOf(split);
    const counts: Record<string, number> = {};
    for (const name of names) counts[partOf(name)!] = (counts[partOf(name)!] ?? 0) + 1;
    expect(counts).toEqual(SIZES[split]);
  },
);
