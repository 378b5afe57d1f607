/** `medical-x data summary` of DICOM files, and `data image`. The files and the expected pictures are pydicom's. */

import { cpSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureJson, fromBase64 } from "../fixtures.ts";
import { dicomFile, pictureAttributes } from "../support/dicom-file.ts";
import { Desk, words } from "./run.ts";
import { deepPng, greyPng } from "./xrays.ts";

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

const PICTURES = fixtureJson<{ width: number; height: number; pictures: Record<string, string> }>(
  "dicom-media/phantom.dcm.json",
);

test.each(Object.keys(PICTURES.pictures))(
  "`data image` saves pydicom's picture within a level: %s",
  async (choice) => {
    const [voi, frame] = choice.split(" ");
    const ended = await desk.run(
      words(`data image media/phantom.dcm --to ${voi}.png --voi ${voi} --frame ${frame}`),
    );
    expect(ended.code).toBe(0);
    const saved = sharp(desk.path(`${voi}.png`));
    const { width, height, channels, depth } = await saved.metadata();
    expect({ width, height, channels, depth }).toEqual({
      ...{ width: PICTURES.width, height: PICTURES.height },
      ...{ channels: 1, depth: "uchar" },
    });
    const data = await saved.toColourspace("b-w").raw().toBuffer();
    const expected = fromBase64(PICTURES.pictures[choice]!);
    expect(data).toHaveLength(expected.length);
    expect(Math.max(...data.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThanOrEqual(1);
  },
);

test("a coloured picture is saved as PIL's convert(L) makes it grey, and 16 bits become 8", async () => {
  const [red, green, blue] = [
    [200, 10, 30],
    [0, 250, 128],
    [77, 78, 79],
  ];
  const rgb = await sharp(Uint8Array.from([...red!, ...green!, ...blue!]), {
    raw: { width: 3, height: 1, channels: 3 },
  })
    .png()
    .toBuffer();
  desk.put("rgb.png", rgb);
  expect((await desk.run(words("data image rgb.png --to grey.png"))).code).toBe(0);
  // PIL 9.4: Image.new("RGB", …).convert("L").
  expect([...(await sharp(desk.path("grey.png")).toColourspace("b-w").raw().toBuffer())]).toEqual([
    69, 161, 78,
  ]);
  desk.put("deep.png", await deepPng(60, 50));
  desk.put("eight.png", await greyPng(60, 50));
  for (const name of ["deep", "eight"])
    expect((await desk.run(words(`data image ${name}.png --to ${name}-8.png`))).code).toBe(0);
  const [deep, eight] = await Promise.all(
    ["deep", "eight"].map((name) =>
      sharp(desk.path(`${name}-8.png`))
        .raw()
        .toBuffer(),
    ),
  );
  expect(deep!.equals(eight!)).toBe(true);
});

test("a picture never replaces the file that it is made from, and must be called .png", async () => {
  desk.put("own.png", await greyPng());
  const own = await desk.run(words("data image own.png --to ./own.png"));
  expect(own).toMatchObject({ code: 1, stdout: "" });
  expect(own.stderr).toBe(
    "medical-x: ./own.png: the picture would replace the file that it is made from; name another file (--to)\n",
  );
  const other = await desk.run(words("data image own.png --to own.jpg"));
  expect(other.code).toBe(2);
  const none = await desk.run(words("data image media/cd/STATE --to state.png"));
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/^medical-x: media\/cd\/STATE: /);
  expect(existsSync(desk.path("state.png"))).toBe(false);
});
