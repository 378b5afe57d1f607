/** Unusual files, and files that leave a choice: what is read from them, and what the notes say. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureBytes } from "../fixtures.ts";
import { Desk, type Ended, modelFile, words } from "./run.ts";
import { greyPng, lowPng } from "./xrays.ts";

interface Row {
  readonly image: string;
  readonly probabilities: Record<string, number>;
  readonly preparation: string[];
  readonly notes: string[];
}

const desk = new Desk();
afterAll(() => desk.remove());

const card = (bits: number) => ({
  preparation: [
    { step: "bits", bits },
    { step: "rgb" },
    { step: "resize", width: 224, height: 224, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ],
});

beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  desk.put("twelve.pth", modelFile("pth", 7));
  desk.put("twelve.pth.json", JSON.stringify(card(12)));
  desk.put("grey.png", await greyPng());
  desk.put("low.png", await lowPng(12));
  desk.put("few/a.png", await greyPng());
  desk.put("few/b.png", await greyPng());
  desk.put("few/c.txt", "x");
  desk.put("samsung.jpg", fixtureBytes("image/decode/odd-samsung-grey.jpg"));
  desk.put("pages.tif", fixtureBytes("image/pages/different.tif"));
  desk.put("cut.tif", fixtureBytes("image/refused/damaged-cut-strip-unsorted.tif"));
});

const rows = ({ stdout }: Ended): Row[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const predict = (line: string) => desk.run(words(`predict --force --format ndjson ${line}`));
const LOW = /low\.png: the 16-bit samples use only the low 12 bits, .*set the option bits to 12$/m;

test("several paths after one --image, as a shell's own globs make them", async () => {
  const ended = await predict("--image few/a.png few/b.png --threads 1 --image grey.png");
  expect(ended.code).toBe(0);
  expect(rows(ended).map(({ image }) => image)).toEqual(["few/a.png", "few/b.png", "grey.png"]);
});

test("an empty path is wrong usage", async () => {
  const ended = await desk.run(["predict", "--force", "--image", "grey.png", ""]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/--image .*It must not be empty/);
});

test("what was skipped in a folder is counted in one line", async () => {
  const ended = await predict("--image few");
  expect(ended.code).toBe(0);
  expect(ended.stderr).toMatch(/^medical-x: 1 other file in few was skipped \(\.txt\)$/m);
});

test.each(["text", "csv", "json", "ndjson"])(
  "--format %s: notes are said on stderr, by image",
  async (format) => {
    const ended = await desk.run([
      ...words("predict --force --image samsung.jpg pages.tif --format"),
      format,
    ]);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(
      /^medical-x: samsung\.jpg: all samples were read, although the layout is faulty: /m,
    );
    expect(ended.stderr).toMatch(
      /^medical-x: pages\.tif: page 1 of 2 was read: the pages show different pictures/m,
    );
    expect(ended.stdout.includes("although the layout is faulty")).toBe(format.endsWith("json"));
  },
);

test("json has notes of every image, none for most", async () => {
  const [samsung, grey] = rows(await predict("--image samsung.jpg grey.png"));
  expect(samsung?.notes).toEqual([
    "all samples were read, although the layout is faulty: a scan header with wrong limits (Ss, Se, Ah, Al)",
  ]);
  expect(grey?.notes).toEqual([]);
});

test("--page names the page that is read and drawn; one that is not there fails alone", async () => {
  const [first] = rows(await predict("--image pages.tif"));
  const ended = await predict("--image grey.png pages.tif --page 2 --gradcam --out drawn");
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/grey\.png: page 2 was asked for, but a png file has no pages/);
  const [, second] = rows(ended);
  expect(second?.preparation.slice(0, 2)).toEqual(["decode tiff 48x40 grey8", "page 2 of 2"]);
  expect(second?.notes).toEqual([]);
  expect(first?.preparation[0]).toBe("decode tiff 24x20 grey8");
  // The overlay has the size of the second page: height and width in the frame header.
  const jpeg = readFileSync(desk.path("drawn/pages.gradcam.jpg"));
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  expect([jpeg.readUInt16BE(frame + 5), jpeg.readUInt16BE(frame + 7)]).toEqual([40, 48]);
});

test("12 bits in 16 are said; with --bits, or by the card, they are the same picture as in 8", async () => {
  const [grey] = rows(await predict("--image grey.png"));
  const plain = await predict("--image low.png");
  expect(plain.stderr).toMatch(LOW);
  expect(rows(plain)[0]?.preparation[1]).toBe("16 to 8 bits (only the low 12 are used)");
  expect(rows(plain)[0]?.probabilities).not.toEqual(grey?.probabilities);
  for (const line of ["--image low.png --bits 12", "--image low.png --model twelve.pth"]) {
    const ended = await predict(line);
    expect(ended.stderr).not.toMatch(/low\.png/);
    expect(rows(ended)[0]?.preparation[1]).toBe("12 to 8 bits");
    expect(rows(ended)[0]?.probabilities).toEqual(grey?.probabilities);
  }
  const over = await predict("--image low.png --model twelve.pth --bits 16");
  expect(rows(over)[0]?.probabilities).toEqual(rows(plain)[0]?.probabilities);
});

test.each(["7", "17", "12.5", "x"])("--bits %s is wrong usage", async (bits) => {
  const ended = await desk.run(["predict", "--force", "--image", "low.png", "--bits", bits]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/whole number from 8 to 16/);
});

test("the overlay of a 12-bit picture is drawn with the bits that were given", async () => {
  const ended = await predict("--image low.png --bits 12 --gradcam --out bright");
  expect(ended.code).toBe(0);
  await predict("--image grey.png --gradcam --out plain");
  expect(readFileSync(desk.path("bright/low.gradcam.jpg"))).toEqual(
    readFileSync(desk.path("plain/grey.gradcam.jpg")),
  );
});

test("a damaged file's message has the reason that matters", async () => {
  const ended = await predict("--image cut.tif");
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/cut\.tif: the tiff image cannot be decoded \(.*Read error at scanline/);
  expect(ended.stderr).not.toMatch(/Warning treated as error/);
});
