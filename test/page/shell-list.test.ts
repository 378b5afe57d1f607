import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  EXAMPLES,
  example,
  findings,
  hand,
  NO_BROWSER,
  type Opened,
  reached,
  results,
  startPage,
} from "./opened.ts";

const FIRST = "00000004_000.png";
const SECOND = "00000001_000.png";

describe.skipIf(NO_BROWSER)("the list of images", () => {
  let opened: Opened;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "medical-x-page-"));

  beforeAll(async () => {
    opened = await startPage();
    page = await opened.open();
    for (const name of [FIRST, SECOND, "00000006_000.png"]) cpSync(EXAMPLES + name, join(folder, name));
    writeFileSync(join(folder, "readme.txt"), "not an image");
    // A DICOMDIR, as far as it is looked at: preamble, prefix, and its Media Storage SOP Class UID.
    const directory = Buffer.alloc(400);
    directory.write("DICM", 128);
    Buffer.from([2, 0, 2, 0, 0x55, 0x49, 20, 0]).copy(directory, 132);
    directory.write("1.2.840.10008.1.3.10", 140);
    writeFileSync(join(folder, "DICOMDIR"), directory);
    await reached(page, "idle");
  });

  afterAll(async () => {
    await opened?.close();
    rmSync(folder, { recursive: true });
  });

  const images = () => page.getByTestId("image");
  const names = () => page.locator(".image-name").allInnerTexts();

  test("a folder's images are read; other files are counted, and a DICOMDIR is explained", async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Choose a folder" }).click(),
    ]);
    await chooser.setFiles(folder);
    await reached(page, "done");
    expect((await results(page)).map(({ image }) => image.split("/").at(-1)).sort()).toEqual(
      [FIRST, SECOND, "00000006_000.png"].sort(),
    );
    const words = await page.locator(".problems").innerText();
    expect(words).toContain("DICOMDIR only lists the files of a disc");
    expect(words).toContain("1 file is no image");
  });

  test("a pasted image is added and shown", async () => {
    await hand(page, "paste", [example("00000009_000.png")]);
    await reached(page, "done");
    expect(await images().count()).toBe(4);
    expect(await page.locator(".image[aria-current=true] .image-name").innerText()).toBe("00000009_000.png");
  });

  test("the list is sorted by any finding, and walked through by keyboard", async () => {
    await page.getByTestId("sort").selectOption({ label: "Hernia" });
    const by = (await results(page))
      .map(({ image, probabilities }) => ({ image, value: probabilities.Hernia }))
      .sort((a, b) => b.value - a.value);
    // Rows are drawn again one after another.
    await expect.poll(names).toEqual(by.map(({ image }) => image));
    await page.locator(".image[aria-current=true]").focus();
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".image-title").innerText()).toBe(by.at(-1)?.image);
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => page.locator(".image-title").innerText()).toBe(by.at(-2)?.image);
    await expect
      .poll(() => page.locator(".image[aria-current=true]").evaluate((row) => row === document.activeElement))
      .toBe(true);
    await page.getByTestId("sort").selectOption("name");
    await expect.poll(names).toEqual(by.map(({ image }) => image).sort());
  });

  test("a second image stands beside the first with the same view", async () => {
    const options = await page.getByTestId("compare").locator("option").allInnerTexts();
    await page.getByTestId("compare").selectOption({ index: 1 });
    await page.getByTestId("view-compared").waitFor();
    const viewers = page.locator("mx-viewer");
    expect(await viewers.count()).toBe(2);
    expect(await page.getByTestId("view-compared").getAttribute("aria-label")).toContain(options[1]);
    const box = (await page.getByTestId("view").boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.wheel(0, -400);
    const zooms = () =>
      viewers.evaluateAll((all) =>
        all.map((one) => (one as HTMLElement & { view: { zoom: number } }).view.zoom),
      );
    await expect.poll(async () => (await zooms())[0]).toBeGreaterThan(1);
    expect((await zooms())[1]).toBe((await zooms())[0]);
  });

  test("both have the heatmap of the chosen finding, and then the finer one", async () => {
    const overlays = () =>
      page.locator("mx-viewer").evaluateAll((all) =>
        all.map((one) => {
          type Shown = HTMLElement & { overlay?: { finding: string; width: number } };
          const { finding, width } = (one as Shown).overlay ?? { finding: "", width: 0 };
          return { finding: finding.split(" ")[0], isFiner: width > 7 };
        }),
      );
    await page.locator("[data-finding=Mass]").click();
    await expect
      .poll(overlays, { timeout: 60_000 })
      .toEqual(Array.from({ length: 2 }, () => ({ finding: "Mass", isFiner: true })));
    await page.getByTestId("compare").selectOption("");
  });

  test("many images are read in the background; the work stops, goes on, and the one that is looked at comes first", async () => {
    const { bytes } = example(SECOND);
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `many-${i}.png`, bytes }));
    await hand(page, "drop", many);
    await page.getByTestId("stop").click();
    await reached(page, "idle");
    const before = (await results(page)).length;
    expect(before).toBeLessThan(34);
    // What the user looks at is read all the same.
    await page.locator(".image", { hasText: "many-29.png" }).click();
    await page.locator(".image[data-state=done]", { hasText: "many-29.png" }).waitFor();
    expect((await results(page)).length).toBe(before + 1);
    await page.getByTestId("resume").click();
    await reached(page, "done");
    expect((await results(page)).map(({ image }) => image).slice(4)).toEqual(many.map(({ name }) => name));
    expect(opened.faults).toEqual([]);
  });

  test("a picture that was dropped from memory is decoded again when it is looked at", async () => {
    await page.getByTestId("sort").selectOption("dropped");
    await images().first().click();
    await expect
      .poll(() =>
        page.locator("mx-viewer").evaluate((viewer) => "picture" in viewer && viewer.picture !== undefined),
      )
      .toBe(true);
    expect(await findings(page, "data-finding")).toHaveLength(14);
  });

  test("closing all empties the page", async () => {
    await page.getByTestId("open").click();
    await page.getByTestId("close-all").click();
    expect(await results(page)).toEqual([]);
    await reached(page, "idle");
    await page.getByRole("heading", { name: "Drop a chest X-ray" }).waitFor();
  });
});

describe.skipIf(NO_BROWSER)("settings and screens", () => {
  let opened: Opened;

  beforeAll(async () => {
    opened = await startPage();
  });

  afterAll(() => opened?.close());

  test("dark by default, light on request, and light again on the next visit", async () => {
    const page = await opened.open();
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByTestId("settings").click();
    await page.getByLabel("Light", { exact: true }).last().check();
    await expect.poll(ground).not.toBe(dark);
    const light = await ground();
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByTestId("status").waitFor();
    expect(await ground()).toBe(light);
    await page.context().close();
  });

  test("what is stored is shown and removed", async () => {
    const page = await opened.open();
    await reached(page, "idle");
    const keepsAll = () =>
      page.evaluate(async () => {
        const all = await Promise.all(
          (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
        );
        return all.flat().some(({ url }) => url.endsWith("/dcmjs-native-codecs.wasm"));
      });
    // Without any image too.
    await expect.poll(keepsAll, { timeout: 60_000 }).toBe(true);
    await page.getByTestId("settings").click();
    const stored = page.getByTestId("stored");
    await expect
      .poll(async () => Number(await stored.getAttribute("data-bytes")))
      .toBeGreaterThan(20_000_000);
    await page.getByTestId("remove-stored").click();
    await expect.poll(() => stored.innerText()).toContain("Everything was removed");
    expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(0);
    await page.context().close();
  });

  test("a checkpoint from disk takes the place of the page's model, with its card, and one that is none is told", async () => {
    const page = await opened.open();
    await reached(page, "idle");
    await page.getByTestId("settings").click();
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByTestId("own-model").click(),
    ]);
    const model = readFileSync(new URL("../../models/demo.safetensors", import.meta.url));
    const card = Buffer.from(JSON.stringify({ operatingPoints: { Mass: 0.125 } }));
    await chooser.setFiles([
      { name: "mine.safetensors", mimeType: "", buffer: model },
      { name: "mine.safetensors.json", mimeType: "", buffer: card },
    ]);
    await reached(page, "idle");
    await expect.poll(() => page.locator("mx-settings").innerText()).toContain("mine.safetensors");
    // Its name is shown while it is still being read.
    const points = () =>
      page.evaluate(() => {
        type App = HTMLElement & {
          page: { state: { model: { facts?: { card: { operatingPoints?: Record<string, number> } } } } };
        };
        return document.querySelector<App>("mx-app")!.page.state.model.facts?.card.operatingPoints;
      });
    await expect.poll(points, { timeout: 60_000 }).toMatchObject({ Mass: 0.125 });
    const [again] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByTestId("own-model").click(),
    ]);
    await again.setFiles({ name: "mine.pth", mimeType: "", buffer: Buffer.from("no checkpoint") });
    await reached(page, "failed");
    expect(await page.getByTestId("error").innerText()).toContain("mine.pth");
    await page.getByRole("button", { name: "Back to the model of this page" }).click();
    await reached(page, "idle");
    expect(await page.getByTestId("error").count()).toBe(0);
    await page.context().close();
  });

  test("an example is one click away, and what it shows fits a screen of 390 pixels", async () => {
    const page = await opened.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.getByTestId("example").first().tap();
    await reached(page, "done");
    expect(await findings(page, "data-finding")).toHaveLength(14);
    const { scroll, width } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(width);
    expect(await page.getByTestId("notice").innerText()).toContain("research");
    await page.context().close();
  });
});
