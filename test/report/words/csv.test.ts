import { expect, test } from "vitest";
import { readCsv } from "../../../src/dataset/csv.ts";
import { csvRecord } from "../../../src/report/words/csv.ts";
import { fixtureJson } from "../../fixtures.ts";

interface Fixture {
  readonly records: readonly { readonly fields: readonly string[]; readonly line: string }[];
}
const { records } = fixtureJson<Fixture>("csv/records.json");

test("records are written as Python's csv writes them", () => {
  expect(records.length).toBeGreaterThan(200);
  expect(records.map(({ fields }) => csvRecord(fields))).toEqual(records.map(({ line }) => line));
});

test("what is written is read back, in the reader's line ends", () => {
  const read: (readonly string[])[] = [];
  readCsv(`a,b\n${records.map(({ line }) => line).join("")}`, () => (fields) => read.push(fields));
  // The reader skips records in which every field is blank.
  const expected = records
    .map(({ fields }) => fields.map((field) => field.replaceAll(/\r\n?/g, "\n")))
    .filter((fields) => fields.some((field) => field.trim() !== ""));
  expect(read).toEqual(expected);
});

test("numbers are spelt as JavaScript spells them, and what is not there is an empty field", () => {
  expect(csvRecord(["x.png", 1e-7, 0.25, -0, Number.POSITIVE_INFINITY, null, undefined])).toBe(
    "x.png,1e-7,0.25,0,Infinity,,\n",
  );
});
