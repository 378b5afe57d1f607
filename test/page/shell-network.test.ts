/** Anyone's ONNX classifier on the page: findings at once, the heatmap of the chosen finding by occlusion, no terms. */

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxDifference } from "../support/difference.ts";
import { EXAMPLES, example, hand, NO_BROWSER, type Opened, reached, results, startPage } from "./opened.ts";

const NETWORK = new URL("../../fixtures/networks/sigmoid.onnx", import.meta.url);
const IMAGE = "00000004_000.png";

describe.skipIf(NO_BROWSER)("a network that is run and not understood", () => {
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    opened = await startPage();
    page = await opened.open();
    await reached(page, "idle");
    await page.getByTestId("settings").click();
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByTestId("own-model").click(),
    ]);
    await chooser.setFiles({ name: "net.onnx", mimeType: "", buffer: readFileSync(NETWORK) });
    await page.locator("mx-settings", { hasText: "net.onnx" }).waitFor();
    await page.keyboard.press("Escape");
    await hand(page, "drop", [example(IMAGE)]);
    await reached(page, "done");
  });

  afterAll(() => opened?.close());

  test("its findings have Node's probabilities, and no maps come with them", async () => {
    const [{ probabilities, heatmaps, model }] = await results(page);
    expect(model.name).toBe("net.onnx");
    expect(heatmaps.shape).toEqual([14, 0, 0]);
    const library = await import(new URL("../../dist/index.js", import.meta.url).href);
    const here = await library.loadModel(NETWORK.pathname, { threads: 1 });
    const [expected] = await here.predict([EXAMPLES + IMAGE]);
    await here.release();
    const values = (record: Readonly<Record<string, number>>) => Object.values(record);
    expect(maxDifference(values(probabilities), values(expected.probabilities))).toBeLessThan(1e-5);
  });

  test("the chosen finding's map comes by occlusion", async () => {
    const finer = () =>
      page.evaluate(() => {
        type Map = { readonly width: number; readonly recipe: { readonly method: string } };
        type App = HTMLElement & { page: { state: { finer?: { map: Map | string } } } };
        const map = document.querySelector<App>("mx-app")!.page.state.finer?.map;
        return typeof map === "object" ? { width: map.width, method: map.recipe.method } : map;
      });
    await expect.poll(finer, { timeout: 60_000 }).toEqual({ width: 14, method: "occlusion" });
    const note = page.locator("[data-testid=map-note][data-map=finer]");
    expect(await note.innerText()).toMatch(/: Occlusion\.$/);
    // On the worker that reads, an image would wait for the many passes of a map.
    expect(page.workers().some((worker) => worker.url().includes("map-worker"))).toBe(true);
  });

  test("nothing was thrown on the way", () => expect(opened.faults).toEqual([]));
});
