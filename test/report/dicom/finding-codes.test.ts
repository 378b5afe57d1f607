import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FINDING_NAMES } from "../../../src/findings.ts";
import { CODES } from "../../../src/report/dicom/codes.ts";
import { FINDING_CODES, findingCode } from "../../../src/report/dicom/finding-codes.ts";

const DOCS = readFileSync(new URL("../../../docs/dicom-objects.md", import.meta.url), "utf8");

test("each of the 14 findings has a code and its source, and the docs list them as they are", () => {
  expect(Object.keys(FINDING_CODES)).toEqual(FINDING_NAMES);
  const table = Object.entries(FINDING_CODES).map(
    ([name, { code, source }]) =>
      `| ${name.replaceAll("_", " ")} | ${code.value} | ${code.scheme} | ${code.meaning} | ${source} |`,
  );
  expect(DOCS.split("\n").filter((line) => table.includes(line))).toEqual(table);
});

test("no two concepts share a code, and all fit into their attributes", () => {
  const codes = [...Object.values(FINDING_CODES).map(({ code }) => code), ...Object.values(CODES)];
  expect(new Set(codes.map(({ scheme, value }) => `${scheme} ${value}`)).size).toBe(codes.length);
  for (const { value, scheme, meaning } of codes) {
    expect(value).toMatch(/^[!-[\]-~]{1,16}$/);
    expect(scheme.length).toBeLessThanOrEqual(16);
    expect(meaning).toMatch(/^[ -[\]-~]{1,64}$/);
  }
});

test("a label in another spelling has the finding's code", async () => {
  expect(await findingCode("Pleural Effusion")).toMatchObject({ value: "60046008", scheme: "SCT" });
  expect(await findingCode("pleural thickening")).toMatchObject({ value: "PLEURAL-THICKEN" });
});

test("another label has a code of our own, which follows from its spelling", async () => {
  const labels = [
    "Lung Opacity",
    "lung opacity",
    "Enlarged Cardiomediastinum",
    "胸水",
    `${"long ".repeat(30)}`,
    " ",
  ];
  const codes = await Promise.all(labels.map(findingCode));
  expect(new Set(codes.map(({ value }) => value)).size).toBe(labels.length);
  for (const { value, scheme, meaning } of codes) {
    expect(value).toMatch(/^LABEL-\d{10}$/);
    expect(scheme).toBe("99MEDX");
    expect(Buffer.byteLength(meaning)).toBeLessThanOrEqual(64);
    expect(meaning).not.toBe("");
  }
  expect(await findingCode("Lung Opacity")).toEqual(codes[0]);
});
