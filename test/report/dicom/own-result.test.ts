import { expect, test } from "vitest";
import { isOwnResult, isOwnSeries } from "../../../src/formats/dicom/own-result.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { SR_STYLES } from "../../../src/report/dicom/result-object.ts";
import { dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { objectsOf } from "./read-back.ts";

const overlay = { width: 2, height: 1, data: new Uint8Array(6) };

test.each(SR_STYLES)("a report of style %s and its overlay are known as our own", async (style) => {
  for (const { elements } of await objectsOf({ style, overlay })) expect(isOwnResult(elements)).toBe(true);
});

const attributes = (more: Parameters<typeof dicomFile>[0] = {}) =>
  readDicom(dicomFile(more)).then(({ elements }) => elements);

test("an overlay is known although an archive described its series anew, or wrote another name of the equipment", async () => {
  const picture = pictureAttributes();
  for (const own of [
    { "00181018": ["LO", "Medical-X"], "0008103e": ["LO", "Secondary capture"] },
    { "00081090": ["LO", "Medical-X"] },
    { "0008103e": ["LO", "Medical-X overlay - research use only"], "00081090": ["LO", "Gateway"] },
  ] as const)
    expect(isOwnResult(await attributes({ attributes: { ...picture, ...own } }))).toBe(true);
});

test("other images are not", async () => {
  const picture = pictureAttributes();
  expect(isOwnResult(await attributes())).toBe(false);
  for (const other of [
    { "0008103e": ["LO", "Thorax, compared with Medical-X"] },
    { "0008103e": ["LO", "Medical-Xray PA"] },
    { "00081090": ["LO", "Medical-X100"] },
  ] as const)
    expect(isOwnResult(await attributes({ attributes: { ...picture, ...other } }))).toBe(false);
});

test("a search for series knows them by either text", () => {
  expect(isOwnSeries({ seriesDescription: "Medical-X report - research use only" })).toBe(true);
  expect(isOwnSeries({ manufacturerModelName: "Medical-X" })).toBe(true);
  expect(isOwnSeries({ seriesDescription: "Chest PA", manufacturerModelName: "DR 3000" })).toBe(false);
  expect(isOwnSeries({})).toBe(false);
});
