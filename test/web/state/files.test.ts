import { expect, test } from "vitest";
import { FINDING_NAMES } from "../../../src/findings.ts";
import { csvText, jsonText, stemOf } from "../../../web/report/files.ts";
import { INITIAL_THRESHOLDS } from "../../../web/state/thresholds.ts";
import { failedItem, item, readItem, readingOf } from "./items.ts";

const deciding = { thresholds: INITIAL_THRESHOLDS, points: undefined };
const header = `Image Index,${FINDING_NAMES.map((name) => `prob_${name}`).join()}`;

test("CSV has the columns of predict and a row for each image that was read", () => {
  const lines = csvText([readItem(0, { Mass: 0.25 }), failedItem(1), item(2), readItem(3)]).split("\n");
  const row = (mass: number) => FINDING_NAMES.map((name) => (name === "Mass" ? mass : 0.1)).join();
  expect(lines).toEqual([`${header},checks`, `0.png,${row(0.25)},`, `3.png,${row(0.1)},`, ""]);
});

test("CSV has calibrated probabilities and the checks that warned", () => {
  const reading = readingOf("a.png");
  const json = {
    ...reading.json,
    calibrated: { Mass: 0.3 },
    checks: [{ check: "view", outcome: "warn", reason: "A lateral." } as const],
  };
  const [first, second] = csvText([item(0, { state: "done", reading: { ...reading, json } })]).split("\n");
  expect(first).toBe(`${header},calibrated_Mass,checks`);
  expect(second?.split(",").slice(-2)).toEqual(["0.3", "view"]);
});

test("images of one name in several folders are told apart by their paths", () => {
  const rows = csvText([readItem(0, {}, "a/x.png"), readItem(1, {}, "b/x.png")]).split("\n");
  expect(rows.slice(1, 3).map((row) => row.split(",")[0])).toEqual(["a/x.png", "b/x.png"]);
});

test("JSON of one image is an object, of all an array with failures in their places", () => {
  expect(JSON.parse(jsonText([readItem(0)], deciding, true))).toMatchObject({ image: "0.png" });
  const all = JSON.parse(jsonText([readItem(0), failedItem(1), item(2)], deciding, false));
  expect(all.map((one: { image: string }) => one.image)).toEqual(["0.png", "1.png"]);
  expect(all[1].error).toEqual({ code: "dicom/damaged", message: "broken" });
});

test("a saved file is called as its image, without folder and ending", () => {
  expect(["study/a.dcm", "b.tar.png", "IM0001", "x.y.z/1.2.840.1"].map(stemOf)).toEqual([
    "a",
    "b.tar",
    "IM0001",
    "1.2.840",
  ]);
});
