/** The page without its server, and on plain hosts that send no headers. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_BROWSER } from "../browser/chromium.ts";
import { type Site, startSite } from "./site.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLE = join(ROOT, "examples/images/00000001_000.png");

type Entry = { readonly image: string; readonly error?: { readonly code: string } };
declare const medicalX: { results(): readonly Entry[] };
declare const caches: {
  keys(): Promise<string[]>;
  open(name: string): Promise<{ keys(): Promise<{ readonly url: string }[]> }>;
};
declare const crossOriginIsolated: boolean;

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const upload = (name: string, buffer: Buffer): Upload => ({
  name,
  mimeType: "application/octet-stream",
  buffer,
});

/** One file of each format. The DICOM files are small, so that a check may refuse them, but not before they are decoded. */
async function everyFormat(): Promise<readonly Upload[]> {
  const image = sharp(EXAMPLE);
  const dicom = (name: string) =>
    upload(name, readFileSync(join(ROOT, `fixtures/dicom/display/${name}.dcm`)));
  return [
    upload("plain.png", readFileSync(EXAMPLE)),
    upload("deep.png", await image.clone().toColourspace("grey16").png().toBuffer()),
    upload("photo.jpg", await image.clone().jpeg().toBuffer()),
    upload("scan.tif", await image.clone().tiff().toBuffer()),
    upload("web.webp", await image.clone().webp().toBuffer()),
    dicom("explicit-le-12u-MONOCHROME2-linear"),
    dicom("deflated-12s-MONOCHROME1-sigmoid"),
    dicom("rle-16u-MONOCHROME2-voi-lut-8"),
    dicom("jpeg-lossless-57-12u-MONOCHROME2-windows"),
    dicom("jpeg-ls-12u-MONOCHROME2-inverse"),
    dicom("jpeg-2000-12s-MONOCHROME2-none"),
    dicom("htj2k-12u-MONOCHROME2-rescale-negative"),
  ];
}

/** Hand files to the page, and wait for the results of all that it has. */
async function read(page: Page, files: readonly Upload[], count: number): Promise<readonly Entry[]> {
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([...files]);
  await page.waitForFunction((wanted) => medicalX.results().length >= wanted, count, { timeout: 120_000 });
  return page.evaluate(() => medicalX.results());
}

/** The paths that the page keeps. */
const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    return paths;
  });

async function untilKept(page: Page, wanted: readonly RegExp[]): Promise<void> {
  for (let i = 0; i < 240; i++) {
    const paths = await keptPaths(page);
    if (wanted.every((path) => paths.some((kept) => path.test(kept)))) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`not kept: ${wanted.join(", ")}; kept: ${(await keptPaths(page)).join(", ")}`);
}

describe.skipIf(NO_BROWSER !== undefined)(`the page on its own (${NO_BROWSER ?? "in Chromium"})`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
  });

  test("with the server stopped after the first result, it reads every format after a reload", async () => {
    const site = await startSite();
    const context = await browser.newContext();
    const page = await context.newPage();
    const left: string[] = [];
    context.on("request", (request) => {
      if (!request.url().startsWith(site.origin) && !/^(?:blob|data):/.test(request.url()))
        left.push(request.url());
    });
    await page.goto(site.origin);
    const [first] = await read(page, (await everyFormat()).slice(0, 1), 1);
    expect(first).not.toHaveProperty("error");
    await untilKept(page, [
      /\/dcmjs-native-codecs\.wasm$/,
      /\/vips\.wasm$/,
      /\.safetensors$/,
      /\/page\.json$/,
    ]);
    const paths = await keptPaths(page);
    expect(paths.filter((path) => /asyncify|\/api\//.test(path))).toEqual([]);
    await site.close();
    await page.reload();
    const files = await everyFormat();
    const results = await read(page, files, files.length);
    expect(results.map(({ image }) => image)).toEqual(files.map(({ name }) => name));
    for (const { image, error } of results)
      if (/\.(?:png|jpg|tif|webp)$/.test(image)) expect(error, image).toBeUndefined();
      else expect(error?.code ?? "input/read", image).toMatch(/^input\//);
    expect(left).toEqual([]);
    await context.close();
  });

  async function plain(options: object): Promise<{ site: Site; page: Page; loads: string[] }> {
    const site = await startSite("browser", 0, "dist/page/", false);
    const page = await (await browser.newContext(options)).newPage();
    const loads: string[] = [];
    page.on("load", () => loads.push(page.url()));
    await page.goto(site.origin);
    return { site, page, loads };
  }

  test("on a host without headers, it is loaded a second time and is isolated then", async () => {
    const { site, page, loads } = await plain({});
    await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: 60_000 });
    const [first] = await read(page, (await everyFormat()).slice(0, 1), 1);
    expect(first).not.toHaveProperty("error");
    expect(loads).toHaveLength(2);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(loads).toHaveLength(3);
    await page.context().close();
    await site.close();
  });

  test("where that is impossible, it says so and is not loaded again", async () => {
    const { site, page, loads } = await plain({ serviceWorkers: "block" });
    await page.getByText("not isolated").first().waitFor();
    await page.waitForTimeout(1000);
    expect(loads.length).toBeLessThanOrEqual(2);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.context().close();
    await site.close();
  });
});
