/** ONNX files in Chromium: anyone's classifier, and the demo model as the package writes it, give Node's numbers. */

import { mkdirSync, rmSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxDifference } from "../support/difference.ts";
import { NO_BROWSER, startBrowser, type Watched } from "./chromium.ts";
import { EXAMPLES, pathOf } from "./node-reference.ts";
import type { PageLibrary, PageModel } from "./page-scope.ts";

declare const tested: PageLibrary;
declare let model: PageModel;

const NETWORK = "fixtures/networks/sigmoid.onnx";
const OWN = "build/browser/demo.onnx";
const IMAGE = EXAMPLES[0]!;

const library: typeof import("../../src/index.ts") = await import(
  new URL("../../dist/index.js", import.meta.url).href
);

describe.skipIf(NO_BROWSER !== undefined)(`ONNX files in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  let watched: Watched;
  let page: Page;

  const load = (file: string) =>
    page.evaluate(async (url) => {
      Object.assign(globalThis, { model: await tested.loadModel(url, { threads: 1, device: "wasm" }) });
      return { kind: model.kind, notes: model.notes };
    }, `/${file}`);

  beforeAll(async () => {
    mkdirSync(pathOf("build/browser"), { recursive: true });
    await library.convertModel("demo", pathOf(OWN));
    watched = await startBrowser();
    page = await watched.open("page");
  });
  afterAll(async () => {
    await watched?.close();
    rmSync(pathOf(OWN), { force: true });
  });

  test.each([
    [NETWORK, "occlusion"],
    [OWN, "layercam"],
  ] as const)("%s gives Node's probabilities, and maps by %s", async (file, method) => {
    const here = await library.loadModel(pathOf(file), { threads: 1 });
    const expected = await here.explain(pathOf(IMAGE), { method });
    expect(await load(file)).toEqual({ kind: here.kind, notes: here.notes });
    const found = await page.evaluate(
      async ([url, wanted]) => {
        const { heatmaps, ...rest } = await model.explain(url, { method: wanted });
        await model.release();
        return { ...rest, heatmaps: [...heatmaps] };
      },
      [`/${IMAGE}`, method] as const,
    );
    const values = (record: Readonly<Record<string, number>>) => Object.values(record);
    expect(Object.keys(found.probabilities)).toEqual(here.labels);
    expect(maxDifference(values(found.probabilities), values(expected.probabilities))).toBeLessThan(1e-5);
    expect(found.shape).toEqual(expected.shape);
    expect(maxDifference(found.heatmaps, expected.heatmaps)).toBeLessThan(
      1e-4 * Math.max(...expected.heatmaps),
    );
    await here.release();
  });

  test("maps of layers of a network that is only run are refused as in Node", async () => {
    await load(NETWORK);
    const code = await page.evaluate(
      (url) =>
        model.explain(url).then(
          () => "done",
          (error: Error & { code: string }) => error.code,
        ),
      `/${IMAGE}`,
    );
    expect(code).toBe("model/only-run");
  });
});
