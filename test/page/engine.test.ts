/** The page's engine in Chromium: Node's numbers for every format, terms, erasing, finer maps, and failures. */

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../src/engine/model.ts";
import { NO_BROWSER } from "../browser/chromium.ts";
import { EXAMPLES, loadHere, pathOf } from "../browser/node-reference.ts";
import { mapDifference, maxDifference } from "../support/difference.ts";
import { type EnginePage, startEnginePage } from "./engine-page.ts";
import type { EngineScope, TestedEngine } from "./engine-scope.ts";

/** How far probabilities, and maps relative to their maximum, may differ from Node's. */
const PROBABILITY = 1e-5;
const MAP = 1e-4;
const PLAIN = { method: "gradcam", layer: "norm5" } as const;

/** Below these layers, rounding moves a value across a ReLU's 0 in some images, which changes all maps there. */
const LATE = /^(?:norm5|denseblock4|transition3|denseblock3)$/;

declare const tested: EngineScope;
declare let engine: TestedEngine;
declare let restarts: string[];
declare let blobOf: (base64: string) => Blob;

const FILES: readonly (readonly [name: string, bytes: () => Promise<Uint8Array>])[] = [
  ["example.png", async () => readFileSync(pathOf(EXAMPLES[0]!))],
  ["deep.png", () => deep().png().toBuffer()],
  ["example.jpg", () => sharp(pathOf(EXAMPLES[1]!)).jpeg({ quality: 90 }).toBuffer()],
  ["deep.tif", () => deep().tiff({ compression: "lzw" }).toBuffer()],
  ["example.webp", () => sharp(pathOf(EXAMPLES[2]!)).webp({ lossless: true }).toBuffer()],
  ...[
    "explicit-le-12u-MONOCHROME2-linear",
    "implicit-le-10u-MONOCHROME1-none",
    "jpeg-lossless-57-12u-MONOCHROME2-windows",
    "jpeg-ls-12u-MONOCHROME2-inverse",
    "jpeg-2000-12s-MONOCHROME2-none",
    "htj2k-12u-MONOCHROME2-rescale-negative",
    "rle-16u-MONOCHROME2-voi-lut-8",
    "colour-explicit-le-rgb",
  ].map((name) => [name, async () => readFileSync(pathOf(`fixtures/dicom/display/${name}.dcm`))] as const),
];

/** An example with 16 bits, whose lower eight are not those of the upper. */
const deep = () => sharp(pathOf(EXAMPLES[3]!)).toColourspace("grey16").linear(0.97, 300);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Run in the page: a reading as plain numbers. */
async function readInPage([name, data]: readonly [string, string]) {
  const { prediction, json, picture, seen, ...rest } = await engine.read(blobOf(data), name, { force: true });
  const { heatmaps, shape, terms, bias, termLogits, region } = rest;
  const { shown, values, ...about } = picture;
  return {
    prediction,
    json,
    shape,
    region,
    heatmaps: [...heatmaps],
    terms: [...terms],
    bias: [...bias],
    termLogits: [...termLogits],
    seen: { ...seen, data: [...seen.data] },
    picture: { ...about, shown: [...shown], values: values && [...values].slice(0, 1000) },
  };
}

describe.skipIf(NO_BROWSER !== undefined)(`the page's engine (${NO_BROWSER ?? "in Chromium"})`, () => {
  let opened: EnginePage;
  let page: Page;
  let here: Model;

  beforeAll(async () => {
    here = await loadHere();
    opened = await startEnginePage();
    page = opened.page;
    await page.evaluate(async () => {
      restarts = [];
      blobOf = (text) => new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))]);
      const { model } = await tested.fetchPageFacts();
      engine = await tested.PageEngine.load(tested.pageModel(model), {
        onRestart: ({ message }: Error) => restarts.push(message),
      });
    });
  });
  afterAll(async () => {
    await here?.release();
    await opened?.close();
  });

  test("it is the same model, on the processor", async () => {
    const facts = await page.evaluate(async () => ({ ...engine.facts, sha256: await engine.sha256() }));
    expect(facts.device).toBe("wasm");
    expect(facts.name).toBe("demo.safetensors");
    expect(facts.card.labels).toEqual(here.labels);
    expect(facts.sha256).toBe(await here.sha256());
  });

  test.each(FILES)("%s: probabilities and maps are Node's, and terms add up", async (name, make) => {
    const bytes = await make();
    const expected = await here.explain(bytes, { ...PLAIN, force: true });
    const there = await page.evaluate(readInPage, [name, base64(bytes)] as const);
    const { labels } = here;
    const logits = labels.map((label) => there.prediction.logits[label]!);
    for (const record of ["probabilities", "calibrated"] as const) {
      const [ours, nodes] = [there.prediction[record] ?? {}, expected[record] ?? {}];
      expect(Object.keys(ours)).toEqual(Object.keys(nodes));
      expect(maxDifference(Object.values(ours), Object.values(nodes))).toBeLessThan(PROBABILITY);
    }
    expect(there.prediction.preparation).toEqual(expected.preparation);
    expect(there.prediction.checks).toEqual(expected.checks);
    expect(there.json).toMatchObject({ schema: "medical-x/prediction@1", image: name, gradcam: [] });
    expect(there.shape).toEqual(expected.shape);
    const places = there.shape[1] * there.shape[2];
    for (const [i, label] of labels.entries()) {
      const [from, to] = [i * places, (i + 1) * places];
      const difference = mapDifference(there.heatmaps.slice(from, to), expected.heatmaps.subarray(from, to));
      expect(difference, label).toBeLessThan(MAP);
      const terms = there.terms.slice(from, to);
      const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
      const sum = terms.reduce((total, term) => total + term, there.bias[i]!);
      expect(Math.abs(sum - logits[i]!), label).toBeLessThan(1e-5 * size);
    }
    expect(there.termLogits).toEqual(logits);
    const { width, height, channels, shown } = there.picture;
    expect(shown).toHaveLength(width * height * channels);
    expect(there.region).toEqual({ x: 0, y: 0, width, height });
    expect([there.seen.width, there.seen.height]).toEqual([224, 224]);
    expect(there.picture.values === undefined).toBe(/example|colour/.test(name));
  });

  test("erasing nothing changes nothing, and erasing something changes only that", async () => {
    const bytes = await FILES[0]![1]();
    const results = await page.evaluate(async (data) => {
      const blob = blobOf(data);
      const { prediction, picture, heatmaps } = await engine.read(blob, "x.png");
      const { width, height, shown } = picture;
      const nothing = await engine.erase(blob, "x.png", new Uint8Array(width * height));
      const mask = Uint8Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        return (x - width / 3) ** 2 + (y - height / 2) ** 2 < (width / 8) ** 2 ? 1 : 0;
      });
      const start = Date.now();
      const something = await engine.erase(blob, "x.png", mask);
      return {
        milliseconds: Date.now() - start,
        before: prediction.probabilities,
        nothing: nothing.probabilities,
        sameMaps: nothing.heatmaps.every((value, i) => value === heatmaps[i]),
        samePicture: nothing.shown.every((value, i) => value === shown[i]),
        after: something.probabilities,
        changedOutside: something.shown.filter((value, i) => mask[i] === 0 && value !== shown[i]).length,
        changedInside: something.shown.filter((value, i) => mask[i] === 1 && value !== shown[i]).length,
      };
    }, base64(bytes));
    expect(results.nothing).toEqual(results.before);
    expect([results.sameMaps, results.samePicture]).toEqual([true, true]);
    expect(results.changedOutside).toBe(0);
    expect(results.changedInside).toBeGreaterThan(1000);
    expect(results.after).not.toEqual(results.before);
    process.stdout.write(`a stroke took ${results.milliseconds.toFixed(0)} ms\n`);
  });

  /** The workers of the engine, by their scripts. */
  const workers = (script: string) => page.workers().filter((worker) => worker.url().includes(script));

  /** Let workers die as they do when memory runs out. */
  const killAll = async (script: string) => {
    for (const worker of workers(script)) {
      await worker.evaluate(() => {
        setTimeout(() => {
          throw new Error("out of memory");
        });
      });
    }
  };

  test("where the card names no map, it is that of the reading, and no worker is started for it", async () => {
    const data = base64(await FILES[0]![1]());
    const label = "Edema";
    expect(await page.evaluate(() => engine.facts.card.maps?.findings)).not.toHaveProperty(label);
    const { map, same } = await page.evaluate(
      async ([image, finding]) => {
        const blob = blobOf(image);
        const { heatmaps, shape, json } = await engine.read(blob, "x.png");
        if ("error" in json) throw new Error(json.error.message);
        const { data: values, ...map } = await engine.finer(blob, "x.png", finding);
        const from = json.model.labels.indexOf(finding) * shape[1] * shape[2];
        return { map, same: values.every((value, i) => value === heatmaps[from + i]) };
      },
      [data, label] as const,
    );
    const region = { x: 0, y: 0, width: 512, height: 512 };
    expect(map).toEqual({ height: 7, width: 7, region, recipe: { method: "gradcam", layers: ["norm5"] } });
    expect(same).toBe(true);
    expect(workers("map-worker")).toHaveLength(0);
  });

  test("the finer map is that of the model's card, by a worker that is started for the first one", async () => {
    expect(workers("map-worker")).toHaveLength(0);
    const expected = await here.explain(pathOf(EXAMPLES[0]!), { method: "card" });
    const data = base64(await FILES[0]![1]());
    const [, height, width] = expected.shape;
    for (const [i, label] of here.labels.entries()) {
      const finer = await page.evaluate(
        async ([image, finding]) => {
          const map = await engine.finer(blobOf(image), "x.png", finding);
          return { ...map, data: [...map.data] };
        },
        [data, label] as const,
      );
      expect(finer.recipe).toEqual(expected.recipes[label]);
      expect(finer.region).toEqual({ x: 0, y: 0, width: 512, height: 512 });
      expect(finer.data).toHaveLength(finer.height * finer.width);
      if (finer.height !== height) continue;
      const nodes = expected.heatmaps.subarray(i * height * width, (i + 1) * height * width);
      if (finer.recipe.layers.every((layer) => LATE.test(layer)))
        expect(mapDifference(finer.data, nodes), label).toBeLessThan(MAP);
      // As for pictures of the card's heatmaps: a tenth of a level in the mean (docs/accuracy.md).
      const sum = nodes.reduce((total, value, at) => total + Math.abs(value - finer.data[at]!), 0);
      expect((255 * sum) / nodes.length, label).toBeLessThan(0.1);
    }
    // Threads of ONNX Runtime are workers, too, but of another script.
    expect(workers("map-worker")).toHaveLength(1);
  });

  test("after the worker for maps has died, images are read, and the next map starts another one", async () => {
    const data = base64(await FILES[0]![1]());
    await killAll("map-worker");
    const outcome = await page.evaluate(async (image) => {
      const blob = blobOf(image);
      const failed = await engine.finer(blob, "x.png", "Mass").catch(({ code }) => code);
      const { prediction } = await engine.read(blob, "x.png");
      const map = await engine.finer(blob, "x.png", "Mass");
      return {
        failed,
        restarts,
        labels: Object.keys(prediction.probabilities).length,
        length: map.data.length,
      };
    }, data);
    expect(outcome.failed).toBe("browser/worker-failed");
    expect(outcome.restarts).toEqual([]);
    expect(outcome.labels).toBe(here.labels.length);
    expect(outcome.length).toBeGreaterThan(49);
    expect(workers("map-worker")).toHaveLength(1);
  });

  test("a damaged file is refused, and the next image is read", async () => {
    const whole = await FILES[0]![1]();
    const damaged = whole.slice(0, whole.length / 2);
    const codes = await page.evaluate(
      async ([bad, good]) => {
        const code = (call: Promise<unknown>) =>
          call.then(
            () => "read",
            ({ code: found, message }) => `${found} ${message}`,
          );
        return [
          await code(engine.read(blobOf(bad), "half.png")),
          await code(engine.read(blobOf(btoa("no image")), "words.png")),
          await code(engine.finer(blobOf(good), "x.png", "Gout")),
          await code(engine.read(blobOf(good), "x.png")),
        ];
      },
      [base64(damaged), base64(whole)] as const,
    );
    expect(codes[0]).toMatch(/^raster\/damaged half\.png: /);
    expect(codes[1]).toMatch(/^raster\/not-an-image words\.png: /);
    expect(codes[2]).toMatch(/^findings\/unknown the model has no finding "Gout"/);
    expect(codes[3]).toBe("read");
  });

  test("an image that a check refuses is predicted only by force", async () => {
    const data = base64(
      await sharp({ create: { width: 300, height: 300, channels: 3, background: "#808080" } })
        .png()
        .toBuffer(),
    );
    const outcome = await page.evaluate(async (image) => {
      const blob = blobOf(image);
      const refused = await engine.read(blob, "grey.png").catch(({ code }) => code);
      const forced = await engine.read(blob, "grey.png", { force: true });
      return { refused, labels: Object.keys(forced.prediction.probabilities).length };
    }, data);
    expect(outcome).toEqual({ refused: "input/not-frontal-chest", labels: here.labels.length });
  });

  test("after the worker has died, the next call starts another, and says so", async () => {
    const data = base64(await FILES[0]![1]());
    await killAll("page-worker");
    const outcome = await page.evaluate(async (image) => {
      const failed = await engine.read(blobOf(image), "x.png").catch(({ code }) => code);
      const { prediction } = await engine.read(blobOf(image), "x.png");
      return { failed, restarts, labels: Object.keys(prediction.probabilities).length };
    }, data);
    expect(outcome.restarts).toHaveLength(1);
    expect(outcome.restarts[0]).toContain("out of memory");
    expect(outcome.labels).toBe(here.labels.length);
  });

  test("an image is read while the worker for maps is busy, and releasing the model ends both", async () => {
    const data = base64(await FILES[0]![1]());
    await page.evaluate((image) => engine.finer(blobOf(image), "x.png", "Mass"), data);
    const [busy] = workers("map-worker");
    // It waits for ever. Chromium ends no worker whose script a debugger runs, so a task of its own does.
    await busy!.evaluate(() => {
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });
    const outcome = await page.evaluate(async (image) => {
      const blob = blobOf(image);
      const map = engine.finer(blob, "x.png", "Effusion").catch(({ code }) => code);
      const { prediction } = await engine.read(blob, "x.png");
      await engine.release();
      const later = await engine.finer(blob, "x.png", "Effusion").catch(({ code }) => code);
      return { labels: Object.keys(prediction.probabilities).length, map: await map, later };
    }, data);
    expect(outcome).toEqual({ labels: here.labels.length, map: "model/released", later: "model/released" });
    await expect
      .poll(() => [...workers("map-worker"), ...workers("page-worker")].map((worker) => worker.url()), {
        timeout: 20_000,
      })
      .toEqual([]);
  });

  test("the model is kept, reported and removed", async () => {
    const report = await page.evaluate(async () => {
      const { model } = await tested.fetchPageFacts();
      const file = await tested.pageModel(model);
      while (!(await tested.isKept(model))) await new Promise((resolve) => setTimeout(resolve, 50));
      const before = await tested.storageReport();
      await tested.removeEverything();
      const after = await tested.storageReport();
      return { size: file.size, bytes: model.bytes, before, after, kept: await tested.isKept(model) };
    });
    expect(report.size).toBe(report.bytes);
    expect(report.before.model).toBe(report.bytes);
    expect(report.after).toMatchObject({ model: 0, app: 0, examples: 0, total: 0 });
    expect(report.kept).toBe(false);
  });
});
