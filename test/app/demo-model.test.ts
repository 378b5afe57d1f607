/** The model and the examples that come with the package, used through the built library. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Truth } from "../../src/app/data/truth.ts";
import { drawPhantom } from "../../src/dataset/phantom/draw.ts";
import { phantomImages } from "../../src/dataset/phantom/patients/patients.ts";
import { FINDING_NAMES } from "../../src/findings.ts";
import type { Model } from "../../src/index.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { supportedDevices } from "../../src/node/session.ts";
import { figuresTable, withTable } from "../demo/figures.ts";
import { fixtureJson } from "../fixtures.ts";
import { CHANGES, EXAMPLES, knownImages, meanDistances } from "./changed-phantoms.ts";

const ROOT = new URL("../../", import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, ROOT));
const IMAGES = readdirSync(new URL("examples/images/", ROOT)).sort();

/** PyTorch's results for each example, in float64. Maps are listed by the finding's index. */
const GOLDEN =
  fixtureJson<Record<string, { probabilities: number[]; logits: number[]; maps: Record<string, number[]> }>>(
    "demo/examples.json",
  );

const library: Promise<typeof import("../../src/index.ts")> = import(new URL("dist/index.js", ROOT).href);

let model: Model;
beforeAll(async () => {
  model = await (await library).loadModel("demo");
});
afterAll(() => model.release());

test("the file is small, in half precision, and carries labels, thresholds and what it has seen", () => {
  expect(statSync(pathOf("models/demo.safetensors")).size).toBeLessThan(14.5e6);
  const { tensors, card } = readCheckpoint(new Uint8Array(readFileSync(pathOf("models/demo.safetensors"))));
  expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(["float16", "int64"]));
  expect(card).toMatchObject({
    labels: FINDING_NAMES,
    trainedOn: "phantoms",
    source: expect.stringContaining("drawn phantoms, not X-rays"),
  });
  expect(Object.keys(card.operatingPoints!)).toEqual(FINDING_NAMES);
  expect(Object.keys(card.roc!.findings)).toEqual(FINDING_NAMES);
  expect(card.roc!.description).toBe("2,000 drawn phantoms of seed 501, none of which it was trained on");
});

test("its card counts the phantoms that show each finding as they are drawn", () => {
  const { card } = readCheckpoint(new Uint8Array(readFileSync(pathOf("models/demo.safetensors"))));
  const drawn = phantomImages(501, 2000);
  for (const label of FINDING_NAMES) {
    const positives = drawn.filter(({ findings }) => findings.includes(label)).length;
    const { thresholds, ...table } = card.roc!.findings[label]!;
    expect(table).toMatchObject({ positives, negatives: 2000 - positives });
    expect(thresholds.length).toBeLessThanOrEqual(65);
  }
});

test("the examples are the twelve first phantoms of their seed, and show all findings", async () => {
  const note = JSON.parse(readFileSync(pathOf("examples/phantom.json"), "utf8"));
  const drawn = phantomImages(note.seed, 12);
  expect(new Set(drawn.flatMap(({ findings }) => findings))).toEqual(new Set(FINDING_NAMES));
  const truth = await Truth.open(pathOf("examples"), FINDING_NAMES, IMAGES);
  for (const [i, name] of IMAGES.entries()) {
    const { pixels, boxes } = drawPhantom(note.seed, drawn[i]!, note.size);
    const { data } = await decodeRaster(new Uint8Array(readFileSync(pathOf(`examples/images/${name}`))));
    expect(Buffer.compare(data as Uint8Array, pixels), name).toBe(0);
    const known = truth.of(name)!;
    const present = FINDING_NAMES.filter((label) => known.labels[label] === 1);
    expect(new Set(present)).toEqual(new Set(drawn[i]!.findings));
    expect(known.boxes).toHaveLength(boxes.length);
  }
  expect(IMAGES).toHaveLength(12);
});

test.for(supportedDevices())(
  "probabilities of the examples are PyTorch's, on %s",
  async (device, { skip }) => {
    const { loadModel } = await library;
    const opened = await loadModel("demo", { device }).catch((error: Error) => error);
    if (opened instanceof Error) {
      // Only a device that this machine lacks may be skipped.
      const isMissing = "code" in opened && opened.code === "runtime/no-session";
      if (device === "cpu" || !isMissing) throw opened;
      skip(`${device} does not start here: ${opened.message}`);
      return;
    }
    try {
      const predictions = await opened.predict(EXAMPLES);
      const bound = device === "cpu" ? 1e-5 : 1e-3;
      for (const [i, { probabilities }] of predictions.entries()) {
        const golden = GOLDEN[IMAGES[i]!]!.probabilities;
        for (const [k, label] of FINDING_NAMES.entries())
          expect(Math.abs(probabilities[label]! - golden[k]!), `${IMAGES[i]} ${label}`).toBeLessThan(bound);
      }
    } finally {
      await opened.release();
    }
  },
);

test("heatmaps of the examples are PyTorch's", async () => {
  expect(Object.keys(GOLDEN)).toEqual(IMAGES);
  for (const name of IMAGES) {
    const { heatmaps, shape } = await model.explain(pathOf(`examples/images/${name}`));
    expect(shape).toEqual([14, 7, 7]);
    const maps = Object.entries(GOLDEN[name]!.maps);
    const strongest = Math.max(...maps.flatMap(([, values]) => values));
    for (const [finding, expected] of maps) {
      const ours = heatmaps.subarray(Number(finding) * 49, (Number(finding) + 1) * 49);
      const highest = Math.max(...expected, strongest / 100);
      for (const [i, value] of expected.entries())
        expect(Math.abs(ours[i]! - value) / highest, `${name} ${finding}`).toBeLessThan(1e-3);
    }
  }
});

test("what was drawn is found: four of five, and few others", async () => {
  const predictions = await model.predict(EXAMPLES);
  const truth = await Truth.open(pathOf("examples"), FINDING_NAMES, IMAGES);
  let [found, drawn, wrong] = [0, 0, 0];
  for (const [i, { probabilities }] of predictions.entries()) {
    for (const label of FINDING_NAMES) {
      const isDrawn = truth.of(IMAGES[i]!)!.labels[label] === 1;
      const isDetected = probabilities[label]! >= 0.5;
      if (isDrawn) drawn += 1;
      if (isDrawn && isDetected) found += 1;
      if (!isDrawn && isDetected) wrong += 1;
    }
  }
  expect(found / drawn).toBeGreaterThanOrEqual(0.8);
  expect(wrong).toBeLessThanOrEqual(4);
});

/** Sky over a meadow, in colour, which is not an X-ray. */
function photograph(): Promise<Buffer> {
  const [width, height] = [320, 240];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const grain = ((x * 31 + y * 17) % 23) - 11;
    data.set(y < 130 ? [90 + y / 3, 150 + y / 4, 230] : [60 + grain, 140 + grain, 40], i * 3);
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

const ONLY_PHANTOMS = /from drawn phantoms only.*not for diagnosis/;

test("shown a photograph, it says that it knows phantoms only", async () => {
  const [prediction] = await model.predict([new Uint8Array(await photograph())], { force: true });
  expect(prediction!.notice).toMatch(ONLY_PHANTOMS);
});

const XRAYS = new URL("../shared/data/nih-sample/images/", ROOT);

test.skipIf(!existsSync(XRAYS))(
  "shown a real X-ray, it says so too (needs NIH's sample in ../shared/data)",
  async () => {
    const name = readdirSync(XRAYS).sort()[0]!;
    const [prediction] = await model.predict([fileURLToPath(new URL(name, XRAYS))]);
    expect(prediction!.notice).toMatch(ONLY_PHANTOMS);
  },
);

test("the examples are within the limit of what it learned from; a photograph and noise are not", async () => {
  const noise = sharp({
    create: {
      width: 256,
      height: 256,
      channels: 3,
      background: "grey",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  });
  const examples = await knownImages(model, EXAMPLES);
  const others = await knownImages(model, [await photograph(), await noise.png().toBuffer()]);
  expect(new Set(examples.map(({ outcome }) => outcome))).toEqual(new Set(["pass"]));
  expect(others.map(({ outcome }) => outcome)).toEqual(["warn", "warn"]);
});

// test/app/demo-model.long.test.ts changes all twelve.
test.each(CHANGES)("the more a phantom is changed by %s, the further it is", async (what, changes) => {
  const means = await meanDistances(model, what, changes, EXAMPLES.slice(0, 3));
  expect(means).toEqual([...means].sort((a, b) => a - b));
  expect(new Set(means).size).toBe(4);
});

test("the table in the documentation is the one that was measured", () => {
  const page = readFileSync(pathOf("docs/demo-model.md"), "utf8");
  const { figures } = JSON.parse(readFileSync(pathOf("models/demo/figures.json"), "utf8"));
  expect(withTable(page, figuresTable(figures))).toBe(page);
});
