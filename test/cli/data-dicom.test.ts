/** `medical-x data summary` of DICOM files, and `data image`. The files and the expected pictures are pydicom's. */

import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureJson } from "../fixtures.ts";
import { dicomFile, pictureAttributes } from "../support/dicom-file.ts";
import { Desk, words } from "./run.ts";

const MEDIA = fileURLToPath(new URL("../../fixtures/dicom-media/", import.meta.url));
const { images: LISTED, uids: UIDS } = fixtureJson<{ images: string[]; uids: Record<string, string> }>(
  "dicom-media/cd.json",
);

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
  cpSync(MEDIA, desk.path("media"), { recursive: true });
});
afterAll(() => desk.remove());

const CD_COUNTS = {
  n_images: 2,
  n_multi_frame: 0,
  n_unreadable: 0,
  without_picture: { "presentation state": 1, "structured report": 1 },
  modalities: { CR: 1, DX: 1 },
  body_parts: { CHEST: 2 },
  views: { LL: 1, PA: 1 },
  presentation_intents: { "FOR PRESENTATION": 1, "not given": 1 },
  photometric_interpretations: { MONOCHROME2: 2 },
  transfer_syntaxes: { "explicit little endian": 1, "implicit little endian": 1 },
  bits_stored: { 12: 2 },
  sizes: { "40x48": 2 },
};

test("the headers of a folder without a label file are counted, in json and text", async () => {
  const json = await desk.run(words("data summary --data media/cd --format json"));
  expect({ ...json, stdout: "" }).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(JSON.parse(json.stdout)).toEqual({
    schema: "medical-x/dicom-summary@1",
    folder: "media/cd",
    dicom: CD_COUNTS,
    notes: [],
  });
  const { code, stdout } = await desk.run(words("data summary --data media/cd"));
  expect(code).toBe(0);
  for (const line of [
    "DICOM     : 2 images, 1 presentation state, 1 structured report",
    "Modality  : CR: 1, DX: 1",
    "Syntax    : explicit little endian: 1, implicit little endian: 1",
    "Size      : 40 × 48: 2",
  ])
    expect(stdout).toContain(`${line}\n`);
});

test("a folder with a label file and DICOM files shows both", async () => {
  cpSync(desk.path("media/cd"), desk.path("both"), { recursive: true });
  desk.put("both/labels.csv", `Image Index,Finding Labels,Patient ID\n${UIDS[LISTED[0]!]},Mass,a\n`);
  const { code, stdout } = await desk.run(words("data summary --data both --val-fraction 0 --format json"));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: "medical-x/data-summary@1",
    n_images: 1,
    n_missing: 0,
    dicom: CD_COUNTS,
  });
});

test("what cannot be read is counted, and text in place of a code is not shown", async () => {
  desk.put(
    "odd/a.dcm",
    dicomFile({ attributes: { ...pictureAttributes(), "00185101": ["CS", "Jane Doe"] } }),
  );
  desk.put("odd/b.dcm", "no DICOM");
  desk.put("odd/c.dcm", new Uint8Array([...new Uint8Array(128), ...Buffer.from("DICM")]));
  const { code, stdout } = await desk.run(words("data summary --data odd --format json"));
  expect(code).toBe(0);
  expect(stdout).not.toContain("Jane");
  expect(JSON.parse(stdout).dicom).toMatchObject({
    n_images: 1,
    n_unreadable: 2,
    views: { others: 1 },
    bits_stored: { 8: 1 },
    sizes: { "16x16": 1 },
  });
});

test("a folder with neither says what is missing", async () => {
  desk.put("empty/a.txt", "x");
  const { code, stderr } = await desk.run(words("data summary --data empty"));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^medical-x: empty: there is no label file in this folder/);
});
