/** `medical-x predict` of DICOM files: how they are found and read. The CD and its UIDs are pydicom's. */

import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureJson } from "../fixtures.ts";
import { Desk, type Ended, putSmallDemo, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const MEDIA = fileURLToPath(new URL("../../fixtures/dicom-media/", import.meta.url));
const { images: LISTED } = fixtureJson<{ images: string[] }>("dicom-media/cd.json");
const FIRST = `cd/${LISTED[0]}`;
const SECOND = `cd/${LISTED[1]}`;
const REPORT = "cd/PT000000/ST000000/SE000001/SR000000";
/** The beginning of all UIDs of the fixtures, and what their headers say about the patient. */
const PRIVATE = /1\.2\.826\.0\.1|Nobody|Phantom\^/;

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  putSmallDemo(desk, "m.safetensors");
  cpSync(MEDIA, desk.folder, { recursive: true });
  desk.put("ward/jane-doe.png", await greyPng());
});
afterAll(() => desk.remove());

const predict = (line: string) => desk.run(words(`predict --model m.safetensors --force ${line}`));
const linesOf = ({ stdout }: Ended) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("several paths after one flag, pictures and DICOM files, in their order", async () => {
  const ended = await predict(`--format ndjson --image ward/jane-doe.png phantom.dcm ${FIRST} --threads 1`);
  expect(ended.code).toBe(0);
  expect(linesOf(ended).map(({ image }) => image)).toEqual(["ward/jane-doe.png", "phantom.dcm", FIRST]);
  expect(linesOf(ended)[2].preparation[0]).toBe("decode dicom 40x48 grey12 of 16, explicit little endian");
});

test("a folder is searched, what has no picture is counted, and nothing of a patient or of UIDs is told", async () => {
  const ended = await predict("--format ndjson --image cd");
  expect(ended.code).toBe(0);
  expect(linesOf(ended).map(({ image }) => image)).toEqual([FIRST, SECOND]);
  expect(ended.stderr).toContain(
    "2 DICOM files without a picture (1 presentation state, 1 structured report) in cd were skipped\n",
  );
  expect(ended.stdout + ended.stderr).not.toMatch(PRIVATE);
});

test("a DICOMDIR is followed, and a file that it lists but that is missing is a failure of its own", async () => {
  cpSync(desk.path("cd"), desk.path("half"), { recursive: true });
  rmSync(desk.path("half", LISTED[0]!));
  const ended = await predict("--format ndjson --image half/DICOMDIR");
  expect(ended.code).toBe(1);
  const [lost, found] = linesOf(ended);
  expect(lost).toMatchObject({ image: `half/${LISTED[0]}`, error: { code: "file/not-found" } });
  expect(found.image).toBe(`half/${LISTED[1]}`);
  expect(ended.stderr).toContain(`medical-x: half/${LISTED[0]}: there is no such file`);
});

test("an object without a picture that is named fails, and so does a frame that is not there", async () => {
  const report = await predict(`--format json --image ${REPORT}`);
  expect(report.code).toBe(1);
  expect(JSON.parse(report.stdout)).toMatchObject({ image: REPORT, error: { code: "dicom/no-picture" } });
  const frame = await predict("--format json --image phantom.dcm --frame 3");
  expect(frame.code).toBe(1);
  const { error } = JSON.parse(frame.stdout);
  expect(error.code).toBe("dicom/no-such-frame");
  expect(error.message).toMatch(/ \(--frame\)$/);
});
