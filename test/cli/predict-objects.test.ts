/** `medical-x predict --dicom-out`: which files are written, what is said about the others, and what is told of neither. */

import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDicom } from "../../src/formats/dicom/read-dicom.ts";
import { fixtureJson } from "../fixtures.ts";
import { dicomFile } from "../support/dicom-file.ts";
import { Desk, putSmallDemo, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const MEDIA = fileURLToPath(new URL("../../fixtures/dicom-media/", import.meta.url));
const { images: LISTED } = fixtureJson<{ images: string[] }>("dicom-media/cd.json");
/** The beginning of all UIDs of the fixtures, and what their headers say about the patient. */
const PRIVATE = /1\.2\.826\.0\.1|Nobody|Phantom\^/;

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  putSmallDemo(desk, "m.safetensors");
  cpSync(MEDIA, desk.folder, { recursive: true });
  desk.put("x.png", await greyPng());
  desk.put("nameless.dcm", dicomFile({ uid: "", hasPreamble: false }));
});
afterAll(() => desk.remove());

const predict = (line: string) => desk.run(words(`predict --model m.safetensors --force ${line}`));
const inside = (folder: string): string[] => readdirSync(desk.path(folder)).sort();
const elementsIn = async (path: string) =>
  (await readDicom(new Uint8Array(readFileSync(desk.path(path))))).elements;
const uidOf = async (path: string) => (await elementsIn(path)).text("x00080018")!;

test("each DICOM image gets a report and an overlay, named by its UID, and the results stay as they are", async () => {
  const line = "--format csv --image cd";
  const [plain, ended] = await Promise.all([
    predict(line),
    predict(`${line} --gradcam --dicom-out new/objects`),
  ]);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toBe(plain.stdout);
  expect(ended.stdout + ended.stderr).not.toMatch(PRIVATE);
  const uids = await Promise.all(LISTED.map((path) => uidOf(`cd/${path}`)));
  expect(inside("new/objects")).toEqual(uids.flatMap((uid) => [`${uid}.sc.dcm`, `${uid}.sr.dcm`]).sort());
  for (const uid of uids) {
    const report = await elementsIn(`new/objects/${uid}.sr.dcm`);
    const [study] = report.sequence("x0040a375");
    const [series] = study!.sequence("x00081115");
    expect(series!.sequence("x00081199").map((image) => image.text("x00081155"))).toEqual([uid]);
    const overlay = await elementsIn(`new/objects/${uid}.sc.dcm`);
    expect(["x00280011", "x00280010"].map((tag) => overlay.integer(tag))).toEqual([40, 48]);
  }
});

test("an overlay that was made is never read as an image", async () => {
  const [uid] = await Promise.all(LISTED.map((path) => uidOf(`cd/${path}`)));
  const ended = await predict(`--format csv --image new/objects/${uid}.sc.dcm`);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(
    ".sc.dcm: this picture is an overlay that Medical-X drew, not an X-ray; give the image that it was made of\n",
  );
});

test("the same call makes the same UIDs, and other options make others", async () => {
  const image = `cd/${LISTED[0]}`;
  const name = `${await uidOf(image)}.sr.dcm`;
  const runs = ["a", "b", "c --voi minmax", "d --sr-style text"];
  const made = await Promise.all(
    runs.map(async (run) => {
      const ended = await predict(`--format csv --image ${image} --dicom-out ${run}`);
      expect(ended.code).toBe(0);
      return elementsIn(`${run[0]}/${name}`);
    }),
  );
  const [a, b, c, d] = made.map((elements) => elements.text("x00080018"));
  expect(b).toBe(a);
  expect(new Set([a, c, d]).size).toBe(3);
  expect(made[3]!.text("x00080016")).toBe("1.2.840.10008.5.1.4.1.1.88.11");
});

test("an image that cannot get an object is named with the reason, and its result is given all the same", async () => {
  const first = `cd/${LISTED[0]}`;
  cpSync(desk.path(first), desk.path("copy.dcm"));
  const ended = await predict(
    `--format ndjson --image x.png nameless.dcm ${first} copy.dcm --dicom-out some`,
  );
  expect(ended.code).toBe(1);
  const results = ended.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(results.map(({ image }) => image)).toEqual(["x.png", "nameless.dcm", first, "copy.dcm"]);
  expect(results.every(({ probabilities }) => probabilities.Effusion > 0)).toBe(true);
  expect(ended.stderr.split("\n")).toEqual(
    expect.arrayContaining([
      "medical-x: x.png: there is no DICOM object of this result, because the image is not a DICOM file; give the DICOM file itself",
      "medical-x: nameless.dcm: the DICOM file has no valid SOP Instance UID (0008,0018), which a DICOM object about it must name; give it one, or take its result in another format",
      "medical-x: copy.dcm: there is no DICOM object of this result, because another image of this run has the same SOP Instance UID; leave out the copy, or give the images in runs of their own",
    ]),
  );
  expect(inside("some")).toEqual([`${await uidOf(first)}.sr.dcm`]);
});

test("a file that cannot be written is told without its name, which is a UID", async () => {
  const first = `cd/${LISTED[0]}`;
  mkdirSync(desk.path("taken", `${await uidOf(first)}.sr.dcm`), { recursive: true });
  const ended = await predict(`--format csv --image ${first} --dicom-out taken`);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("medical-x: taken: ");
  expect(ended.stdout + ended.stderr).not.toMatch(PRIVATE);
});

test("a folder that is a file is refused before anything is computed", async () => {
  const ended = await predict("--format csv --image cd --dicom-out x.png");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("medical-x: x.png: ");
});
