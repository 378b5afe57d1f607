/** The library as users import it: the built package, which processes images on its own threads. */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import type { Model, XrayError } from "../../src/index.ts";
import { modelFile } from "../cli/run.ts";
import { greyPng, lowPng, rgbaPng } from "../cli/xrays.ts";
import { fixtureBytes } from "../fixtures.ts";

const BUILT = new URL("../../dist/index.js", import.meta.url).href;
const library: Promise<typeof import("../../src/index.ts")> = import(BUILT);

const folder = mkdtempSync(join(tmpdir(), "medical-x-library-"));
const at = (name: string): string => join(folder, name);
let model: Model;

beforeAll(async () => {
  writeFileSync(at("model.pth"), Buffer.concat(modelFile("pth", 7)));
  writeFileSync(at("a.png"), await greyPng(80, 60));
  writeFileSync(at("b.png"), await rgbaPng(50, 70));
  model = await (await library).loadModel(at("model.pth"), { device: "cpu", threads: 1 });
});
afterAll(async () => {
  await model.release();
  rmSync(folder, { recursive: true, force: true });
});

test("a model knows its labels, where they are from, and its file's hash", async () => {
  expect(model.labels).toEqual(FINDING_NAMES);
  expect(model.labelSource).toMatch(/assumed/);
  expect(await model.sha256()).toBe(
    createHash("sha256")
      .update(readFileSync(at("model.pth")))
      .digest("hex"),
  );
});

test("predictions come in the order of the images, from paths and bytes alike", async () => {
  const bytes = new Uint8Array(readFileSync(at("a.png")));
  const [b, a, again] = await model.predict([at("b.png"), at("a.png"), bytes]);
  expect([b!.image, a!.image, again!.image]).toEqual([at("b.png"), at("a.png"), undefined]);
  expect(b!.preparation[0]).toBe("decode png 50x70 rgba8");
  expect(Object.keys(a!.probabilities)).toEqual(FINDING_NAMES);
  expect(again!.logits).toEqual(a!.logits);
  expect(b!.logits["Effusion"]).not.toBeCloseTo(a!.logits["Effusion"]!, 3);
  for (const label of FINDING_NAMES)
    expect(a!.probabilities[label]).toBeCloseTo(1 / (1 + Math.exp(-a!.logits[label]!)), 6);
  expect(a!.notice).toMatch(/not for diagnosis/);
});

test("a prediction has notes on how its image was read, of the page that is named", async () => {
  const pages = fixtureBytes("image/pages/different.tif");
  const [chosen] = await model.predict([pages], { force: true });
  const [second] = await model.predict([pages], { page: 2, force: true });
  const explained = await model.explain(pages, { page: 2, force: true });
  expect(chosen!.notes).toEqual([expect.stringMatching(/^page 1 of 2 was read: the pages show different/)]);
  expect([second!.notes, second!.preparation[1]]).toEqual([[], "page 2 of 2"]);
  expect(explained.probabilities).toEqual(second!.probabilities);
  expect(second!.logits).not.toEqual(chosen!.logits);
  await expect(model.predict([pages], { page: 3 })).rejects.toMatchObject({ code: "raster/no-such-page" });
});

test("a model may be loaded for images of 12 bits in 16", async () => {
  const { loadModel } = await library;
  const [eight] = await model.predict([await greyPng()]);
  const twelve = await loadModel(at("model.pth"), { bits: 12 });
  const [low] = await twelve.predict([await lowPng(12)]);
  await twelve.release();
  expect(low!.probabilities).toEqual(eight!.probabilities);
  await expect(loadModel(at("model.pth"), { bits: 40 })).rejects.toMatchObject({
    code: "preparation/invalid",
  });
});

test("explain gives the maps of all findings with the same probabilities, by the method named", async () => {
  const [plain] = await model.predict([at("a.png")]);
  const cam = await model.explain(at("a.png"));
  const layer = await model.explain(at("a.png"), { method: "layercam" });
  expect([cam.shape, cam.heatmaps.length, cam.method]).toEqual([[14, 7, 7], 14 * 49, "gradcam"]);
  expect([layer.method, layer.layer]).toEqual(["layercam", "features.norm5"]);
  expect(cam.heatmaps.every((value) => value >= 0)).toBe(true);
  expect(Math.max(...cam.heatmaps)).toBeGreaterThan(0);
  expect(layer.heatmaps).not.toEqual(cam.heatmaps);
  for (const label of FINDING_NAMES)
    expect(cam.probabilities[label]).toBeCloseTo(plain!.probabilities[label]!, 5);
});

test("explain finds the regions where maps are hot, in pixels of the image, if asked", async () => {
  const { heatmaps, shape, regions } = await model.explain(at("a.png"), { regions: true });
  expect((await model.explain(at("a.png"))).regions).toBeUndefined();
  const { width, height } = await sharp(at("a.png")).metadata();
  const size = shape[1] * shape[2];
  for (const [label, finding] of model.labels.entries()) {
    const map = heatmaps.subarray(label * size, (label + 1) * size);
    const peak = map.indexOf(Math.max(...map));
    const x = (((peak % shape[2]) + 0.5) / shape[2]) * width;
    const y = ((Math.floor(peak / shape[2]) + 0.5) / shape[1]) * height;
    const own = regions!.filter((region) => region.finding === finding);
    const around = own.filter(({ box }) => {
      const [left, top, w, h] = box as [number, number, number, number];
      return x >= left && x <= left + w && y >= top && y <= top + h;
    });
    expect(around.length > 0, finding).toBe(map[peak]! > 0);
    // Without heatmaps in the card, the level is that of Wang et al.
    expect(
      own.every(({ level }) => level === 180 / 255),
      finding,
    ).toBe(true);
  }
  expect(regions!.length).toBeGreaterThan(0);
});

test("explain looks at the layer named, at that layer's resolution", async () => {
  const norm5 = await model.explain(at("a.png"), { method: "hirescam" });
  const block4 = await model.explain(at("a.png"), { method: "hirescam", layer: "denseblock4" });
  const block3 = await model.explain(at("a.png"), { method: "hirescam", layer: "denseblock3" });
  expect([norm5.layer, block4.layer, block3.layer]).toEqual([
    "features.norm5",
    "features.denseblock4",
    "features.denseblock3",
  ]);
  expect([block4.shape, block3.shape]).toEqual([
    [14, 7, 7],
    [14, 14, 14],
  ]);
  expect(block3.heatmaps.length).toBe(14 * 14 * 14);
  expect(Math.max(...block3.heatmaps)).toBeGreaterThan(0);
  expect(block4.heatmaps).not.toEqual(norm5.heatmaps);
  for (const label of FINDING_NAMES) expect(block3.logits[label]).toBeCloseTo(norm5.logits[label]!, 3);
});

test("an image that has changed since is read again, and one that was missing is found once it is there", async () => {
  writeFileSync(at("changing.png"), await greyPng(80, 60));
  const [before] = await model.predict([at("changing.png")]);
  writeFileSync(at("changing.png"), await rgbaPng(50, 70));
  const [after] = await model.predict([at("changing.png")]);
  const [b] = await model.predict([at("b.png")]);
  expect(after!.logits).toEqual(b!.logits);
  expect(after!.logits).not.toEqual(before!.logits);
  await expect(model.predict([at("late.png")])).rejects.toMatchObject({ code: "file/not-found" });
  writeFileSync(at("late.png"), await greyPng(80, 60));
  expect((await model.predict([at("late.png")]))[0]!.logits).toEqual(before!.logits);
});

test("a released model says so, and releasing it again does nothing", async () => {
  const { loadModel } = await library;
  const gone = await loadModel(at("model.pth"), { threads: 1 });
  await Promise.all([gone.release(), gone.release()]);
  await expect(gone.predict([at("a.png")])).rejects.toMatchObject({ code: "model/released" });
  await expect(gone.explain(at("a.png"))).rejects.toMatchObject({ code: "model/released" });
});

test("a model's file is read once, however many kinds of heatmaps are asked for", async () => {
  const { loadModel } = await library;
  writeFileSync(at("once.pth"), readFileSync(at("model.pth")));
  const once = await loadModel(at("once.pth"), { threads: 1 });
  rmSync(at("once.pth"));
  const hirescam = await once.explain(at("a.png"), { method: "hirescam" });
  const eigencam = await once.explain(at("a.png"), { method: "eigencam", layer: "denseblock3" });
  expect(await once.sha256()).toBe(await model.sha256());
  await once.release();
  const expected = await model.explain(at("a.png"), { method: "hirescam" });
  expect(hirescam.heatmaps).toEqual(expected.heatmaps);
  expect(eigencam.shape).toEqual([14, 14, 14]);
});

test.each([
  [{ layer: "denseblock5" }, "heatmaps/unknown-layer", /denseblock5.*norm5, denseblock4/],
  [{ layer: "stem" }, "heatmaps/unknown-layer", /stem/],
  [{ method: "cam" }, "heatmaps/unknown-method", /cam.*gradcam\+\+/],
])("explain refuses %o and names what there is", async (options, code, message) => {
  const error: XrayError = await model.explain(at("a.png"), options as object).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test("calls made at the same time give what calls made in turn give", async () => {
  const [a, b] = await model.predict([at("a.png"), at("b.png")]);
  const [one, two, three] = await Promise.all([
    model.predict([at("a.png")]),
    model.explain(at("b.png")),
    model.predict([at("b.png")]),
  ]);
  for (const label of FINDING_NAMES) {
    expect(one[0]!.logits[label]).toBeCloseTo(a!.logits[label]!, 3);
    expect(two.logits[label]).toBeCloseTo(b!.logits[label]!, 3);
    expect(three[0]!.logits[label]).toBeCloseTo(b!.logits[label]!, 3);
  }
});

test("an image that cannot be done rejects with its name, and the model goes on working", async () => {
  const { XrayError: Known } = await library;
  const error: XrayError = await model.predict([at("a.png"), at("missing.png")]).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(Known);
  expect(error.code).toBe("file/not-found");
  expect(error.message).toContain(at("missing.png"));
  await expect(model.explain(new Uint8Array([1, 2, 3]))).rejects.toThrow(/image/);
  expect(await model.predict([at("a.png")])).toHaveLength(1);
});

test("no images give no predictions", async () => {
  expect(await model.predict([])).toEqual([]);
});

test("labels that the caller names are used, and a model that is not there is named", async () => {
  const { loadModel } = await library;
  const labels = FINDING_NAMES.map((_, i) => `Sign ${i}`);
  const named = await loadModel(at("model.pth"), { labels });
  const [result] = await named.predict([at("a.png")]);
  expect(Object.keys(result!.probabilities)).toEqual(labels);
  await named.release();
  await expect(loadModel(at("nowhere.pth"))).rejects.toMatchObject({ code: "model/not-found" });
});

test("a colormap or a style that is not there, and no finding at all, are refused before anything is computed", async () => {
  const wrong = { colormap: "nope" } as never;
  await expect(model.overlay(at("a.png"), wrong)).rejects.toMatchObject({
    code: "heatmaps/unknown-colormap",
    message: expect.stringMatching(/"nope".*inferno/),
  });
  await expect(model.overlay(at("a.png"), { style: "nope" } as never)).rejects.toMatchObject({
    code: "heatmaps/unknown-style",
    message: expect.stringMatching(/"nope".*wash, contour/),
  });
  await expect(model.overlay(at("a.png"), { findings: [] })).rejects.toMatchObject({
    code: "findings/none",
  });
});
