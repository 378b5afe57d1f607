/** DICOM files through the library: the same probabilities, receipts, checks, pictures and errors in Chromium and in Node. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Model, ModelPrediction } from "../../src/engine/model.ts";
import type { RgbPixels } from "../../src/report/overlay/pixels.ts";
import { maxDifference } from "../support/difference.ts";
import { NO_BROWSER, startBrowser, type Watched } from "./chromium.ts";
import { damagedFiles, madeFile, NO_REAL_FILES, realFiles } from "./dicom-files.ts";
import { loadHere, MODEL, pathOf } from "./node-reference.ts";
import type { PageLibrary, PageModel } from "./page-scope.ts";

/** How far probabilities may differ from Node's. */
const PROBABILITY = 1e-5;

declare const tested: PageLibrary;
declare let model: PageModel;

const FORCE = { force: true };
const FRAMES = madeFile("odd-frames-jpeg-ls");

/** Made files are noise, which a check may refuse. */
const CASES: readonly (readonly [string, object])[] = [
  ...[
    "explicit-le-12u",
    "explicit-be.",
    "deflated-12s",
    "rle-",
    "jpeg-baseline-",
    "jpeg-ls-",
    "htj2k-rpcl-",
  ].map((start) => [madeFile(start), FORCE] as const),
  [madeFile("jpeg-2000-12s"), { ...FORCE, voi: "minmax" }],
  [madeFile("explicit-le-12u"), { ...FORCE, voi: "equalize" }],
  [madeFile("colour-explicit-le-palette."), FORCE],
  [FRAMES, { ...FORCE, frame: 2 }],
];
const REAL = realFiles();

let watched: Watched;
let page: Page;
let here: Model;

/** A prediction, or the code and the message of a failure. */
type Answer = ModelPrediction | { readonly code: string; readonly message: string };

const failureOf = (error: unknown): Answer => {
  const { code, message } = error as { code: string; message: string };
  return { code, message };
};

async function predictInPage([file, options]: readonly [string, object]): Promise<Answer> {
  try {
    return (await model.predict([`/${file}`], options))[0]!;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
}

async function expectSame(file: string, options: object): Promise<Answer> {
  const there = await page.evaluate(predictInPage, [file, options] as const);
  // Node names it by its path, and the page by its URL.
  const expected = await here.predict([pathOf(file)], options).then(([first]) => first!, failureOf);
  if ("code" in expected) {
    expect(there).toEqual({ ...expected, message: expected.message.replace(pathOf(file), `/${file}`) });
    return there;
  }
  if ("code" in there) throw new Error(`${there.code}: ${there.message}`);
  const { probabilities, preparation, notes, checks, notice } = there;
  const values = Object.values(expected.probabilities);
  expect(maxDifference(Object.values(probabilities), values)).toBeLessThan(PROBABILITY);
  expect({ preparation, notes, checks, notice }).toEqual({
    preparation: expected.preparation,
    notes: expected.notes,
    checks: expected.checks,
    notice: expected.notice,
  });
  return there;
}

describe.skipIf(NO_BROWSER !== undefined)(`DICOM files in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  beforeAll(async () => {
    here = await loadHere();
    watched = await startBrowser();
    page = await watched.open("page");
    await page.evaluate(async (file) => {
      Object.assign(globalThis, { model: await tested.loadModel(file) });
    }, `/${MODEL}`);
  });
  afterAll(async () => {
    await here?.release();
    await watched?.close();
  });

  test.each(CASES)("%s with %j is predicted as in Node", async (file, options) => {
    const answer = await expectSame(file, options);
    expect(answer).toHaveProperty("probabilities");
  });

  test("without force, what a check refuses is refused here as well", async () => {
    await expectSame(madeFile("explicit-le-12u"), {});
  });

  test.skipIf(NO_REAL_FILES !== undefined).each(REAL)(`%s is predicted as in Node`, async (file) => {
    const answer = await expectSame(file, FORCE);
    expect(answer).toHaveProperty("probabilities");
  });

  test("a URL, a chosen file without an extension, and bytes are the same image", async () => {
    const results = await page.evaluate(
      async (url) => {
        const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
        const predictions = await model.predict([url, new File([bytes], "IM000001"), bytes], { force: true });
        return predictions.map(({ image, logits, checks }) => ({
          image,
          rest: JSON.stringify([logits, checks]),
        }));
      },
      `/${madeFile("jpeg-2000-12s")}`,
    );
    expect(results.map(({ image }) => image)).toEqual([
      `/${madeFile("jpeg-2000-12s")}`,
      "IM000001",
      undefined,
    ]);
    expect(new Set(results.map(({ rest }) => rest)).size).toBe(1);
  });

  test.each([
    ["a file that is cut short", damagedFiles([madeFile("explicit-le-12u")])[0]!, FORCE, "dicom/damaged"],
    ["a frame that is not there", FRAMES, { ...FORCE, frame: 99 }, "dicom/no-such-frame"],
  ])("%s is refused as in Node", async (_, file, options, code) => {
    expect(await expectSame(file, options)).toMatchObject({ code });
  });

  test("maps are of the frame that was asked for, and pictures have its size", async () => {
    const options = { ...FORCE, frame: 2, voi: "minmax" } as const;
    const { probabilities, preparation } = await here.explain(pathOf(FRAMES), options);
    const there = await page.evaluate(
      async ([url, wanted]) => {
        const explained = await model.explain(url, wanted);
        const drawn: RgbPixels = await model.overlay(url, wanted);
        return {
          probabilities: explained.probabilities,
          preparation: explained.preparation,
          size: [drawn.width, drawn.height, drawn.data.length],
        };
      },
      [`/${FRAMES}`, options] as const,
    );
    expect(there.preparation).toEqual(preparation);
    expect(maxDifference(Object.values(there.probabilities), Object.values(probabilities))).toBeLessThan(
      PROBABILITY,
    );
    const [width, height, samples] = there.size as [number, number, number];
    const [, columns, rows] = /^decode dicom (\d+)x(\d+) /.exec(preparation[0]!)!;
    expect([width, height, samples]).toEqual([Number(columns), Number(rows), 3 * width * height]);
  });

  test("nothing was asked of any other host, and no image was sent anywhere", () => {
    const { asked } = watched.server;
    expect(asked.some((path) => path.endsWith("dcmjs-native-codecs.wasm"))).toBe(true);
    expect(watched.left()).toEqual([]);
  });
});
