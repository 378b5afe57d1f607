/** `medical-x predict` of DICOM files: grey levels, names and truth. The CD and its UIDs are pydicom's. */

import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureJson } from "../fixtures.ts";
import { Desk, type Ended, putSmallDemo, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const MEDIA = fileURLToPath(new URL("../../fixtures/dicom-media/", import.meta.url));
const { images: LISTED, uids: UIDS } = fixtureJson<{ images: string[]; uids: Record<string, string> }>(
  "dicom-media/cd.json",
);
const FIRST = `cd/${LISTED[0]}`;

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
const hash = (path: string) =>
  createHash("sha256")
    .update(readFileSync(desk.path(path)))
    .digest("hex")
    .slice(0, 16);

test.each(["default 1", "minmax 2", "full-range 2"])(
  "what is predicted is what `data image` saves: %s",
  async (choice) => {
    const [voi, frame] = choice.split(" ");
    const options = `--voi ${voi} --frame ${frame}`;
    expect((await desk.run(words(`data image phantom.dcm --to out.png ${options}`))).code).toBe(0);
    const [dicom, png] = await Promise.all([
      predict(`--format json --image phantom.dcm ${options}`),
      predict("--format json --image out.png"),
    ]);
    const [a, b] = [dicom, png].map(({ stdout }) => JSON.parse(stdout));
    expect(a.logits).toEqual(b.logits);
  },
);

test("the choices of the grey levels are different pictures", async () => {
  const logits = await Promise.all(
    ["default", "minmax", "full-range", "equalize"].map(async (voi) =>
      JSON.stringify(
        JSON.parse((await predict(`--format json --image phantom.dcm --voi ${voi}`)).stdout).logits,
      ),
    ),
  );
  expect(new Set(logits).size).toBe(4);
});

test("images are named by UID or by content in results, messages, tables and overlays", async () => {
  desk.put("ward/john-doe.png", "no image");
  const line = `--image ward ${FIRST} gone/jim-doe.dcm --gradcam --out`;
  const uid = await predict(`--format ndjson --name-by uid ${line} by-uid`);
  const [jane, john, first, jim] = linesOf(uid);
  const names = [hash("ward/jane-doe.png"), hash("ward/john-doe.png"), UIDS[LISTED[0]!]!, "image 4"];
  expect([jane, john, first, jim].map(({ image }) => image)).toEqual(names);
  expect([john.error.code, jim.error.code]).toEqual(["raster/not-an-image", "file/not-found"]);
  expect(uid.stdout + uid.stderr).not.toMatch(/-doe/);
  expect(uid.stderr).toContain("medical-x: image 4: there is no such file\n");
  expect(readdirSync(desk.path("by-uid")).sort()).toEqual(
    [names[0], names[2]].map((name) => `${name}.gradcam.jpg`).sort(),
  );

  const content = await predict(`--format csv --verbose --name-by hash ${line} by-hash`);
  expect(
    content.stdout
      .split("\n")
      .slice(1, -1)
      .map((row) => row.split(",")[0]),
  ).toEqual([hash("ward/jane-doe.png"), hash(FIRST)]);
  expect(content.stdout + content.stderr).not.toMatch(/-doe|1\.2\.826/);
  expect(existsSync(desk.path(`by-hash/${hash(FIRST)}.gradcam.jpg`))).toBe(true);
});

test("the truth of a DICOM file is found by its SOP Instance UID, as by its name", async () => {
  desk.put(
    "truth.csv",
    `Image Index,Finding Labels\n${UIDS[LISTED[0]!]},Mass\n${LISTED[1]}.dcm,Effusion\n1.2.3.4.5.6,Edema\n`,
  );
  const ended = await predict("--format ndjson --truth truth.csv --image cd phantom.dcm");
  expect(ended.code).toBe(0);
  const present = linesOf(ended).map(
    ({ truth }) => truth && Object.keys(truth).filter((name) => truth[name] === 1),
  );
  expect(present).toEqual([["Mass"], ["Effusion"], undefined]);
  expect(ended.stderr).toContain("truth.csv: it says nothing about 1 image: phantom.dcm\n");
});

test("copies of one DICOM file have no truth by its UID, since the row may mean either", async () => {
  desk.put("copies/a.dcm", readFileSync(desk.path(FIRST)));
  desk.put("copies/b.dcm", readFileSync(desk.path(FIRST)));
  desk.put("uid.csv", `Image Index,Finding Labels\n${UIDS[LISTED[0]!]},Mass\n`);
  const ended = await predict("--format ndjson --truth uid.csv --image copies");
  expect(linesOf(ended).map(({ truth }) => truth)).toEqual([undefined, undefined]);
  expect(ended.stderr).toContain("1 row may mean several of the images");
});
