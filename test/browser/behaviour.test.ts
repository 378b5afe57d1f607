/** What a page may pass in, what it is told if something is wrong, and that it sends nothing. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_BROWSER, startBrowser, type Watched } from "./chromium.ts";
import { madeFile } from "./dicom-files.ts";
import { EXAMPLES, MODEL } from "./node-reference.ts";
import type { PageLibrary, PageModel } from "./page-scope.ts";

declare const tested: PageLibrary;
declare let model: PageModel;

/** An example in every form in which a page can have a file. */
const IMAGE = `/${EXAMPLES[4]}`;

const JPEG_2000 = `/${madeFile("jpeg-2000-12s")}`;

/** The host to which a test sends the library. No other request may leave. */
const ELSEWHERE = "elsewhere.invalid";

let watched: Watched;
let page: Page;
const requests: string[] = [];

/** Run in the page: the error of work that fails. */
async function refusal(
  target: Page,
  work: (file: string) => Promise<unknown>,
  file: string,
): Promise<{ name: string; code: string; message: string }> {
  return target.evaluate(
    `(${String(work)})(${JSON.stringify(file)}).then(
       () => { throw new Error("it was done"); },
       (error) => ({ name: error.name, code: error.code, message: error.message,
                     isOfTheClass: error instanceof tested.XrayError }),
     )`,
  );
}

describe.skipIf(NO_BROWSER !== undefined)(`the library in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  beforeAll(async () => {
    watched = await startBrowser();
    page = await watched.open("page");
    page.on("request", (request) => requests.push(request.url()));
    await page.evaluate(async (file) => {
      Object.assign(globalThis, { model: await tested.loadModel(file, { threads: 1 }) });
    }, `/${MODEL}`);
  });
  afterAll(() => watched?.close());

  test("bytes, buffers, blobs, chosen files and URLs are the same image, named as the page knows it", async () => {
    const results = await page.evaluate(async (url) => {
      const response = await fetch(url);
      const buffer = await response.arrayBuffer();
      const bytes = new Uint8Array(buffer);
      const file = new File([bytes], "chest.png");
      const sources = [
        new Uint8Array(buffer),
        new Blob([buffer]),
        file,
        file,
        new URL(url, response.url),
        url,
      ];
      const predictions = await model.predict(sources);
      return predictions.map(({ image, logits }) => ({ image, logits: JSON.stringify(logits) }));
    }, IMAGE);
    const origin = watched.server.origin;
    expect(results.map(({ image }) => image)).toEqual([
      undefined,
      "image",
      "chest.png",
      "chest.png (2)",
      `${origin}${IMAGE}`,
      IMAGE,
    ]);
    expect(new Set(results.map(({ logits }) => logits)).size).toBe(1);
  });

  test("the number of threads is the one that was asked for", async () => {
    expect(await page.evaluate(() => model.threads)).toBe(1);
  });

  test("calls made at the same time give what calls made in turn give", async () => {
    const [together, alone] = await page.evaluate(
      async (files) => {
        const both = await Promise.all(files.map((file) => model.predict([file])));
        const turns = [];
        for (const file of files) turns.push(await model.predict([file]));
        return [both, turns];
      },
      // One of them occurs twice: the names of images must not depend on the other images.
      [...EXAMPLES.slice(0, 3), EXAMPLES[0]!].map((file) => `/${file}`),
    );
    expect(together).toEqual(alone);
  });

  test.each([
    ["a damaged image", "/fixtures/image/refused/damaged-cut-in-scan.jpg", "raster/damaged"],
    ["what is no image", "/fixtures/image/refused/text.png", "raster/not-an-image"],
    ["an image that is too large", "/fixtures/image/refused/huge.png", "raster/too-large"],
    ["an image that is not there", "/examples/images/none.png", "file/not-found"],
    ["a server that is out of reach", `https://${ELSEWHERE}/x.png`, "file/not-accessible"],
  ])("%s is refused by its name, with the code that Node has for it", async (_, file, code) => {
    const error = await refusal(page, (path) => model.predict([path]), file);
    expect(error).toMatchObject({ name: "XrayError", code, isOfTheClass: true });
    expect(error.message).toContain(file);
  });

  test.each([
    ["a method", () => model.explain("/x.png", { method: "cam" }), "heatmaps/unknown-method"],
    ["a layer", () => model.explain("/x.png", { layer: "norm6" }), "heatmaps/unknown-layer"],
    [
      "a device",
      () => tested.loadModel("/models/demo.safetensors", { device: "cuda" }),
      "runtime/unknown-device",
    ],
    ["a model", () => tested.loadModel("/examples/phantom.json"), "checkpoint/"],
    ["a model's place", () => tested.loadModel("/models/none.pth"), "file/not-found"],
  ])("%s that is not known is refused", async (_, work, code) => {
    const error = await refusal(page, work, "");
    expect(error.name).toBe("XrayError");
    expect(error.code.startsWith(code), error.code).toBe(true);
  });

  test("finding names that the model does not have are refused", async () => {
    const draw = (file: string) => model.overlay(file, { findings: ["Fracture"] });
    expect(await refusal(page, draw, IMAGE)).toMatchObject({ code: "findings/unknown" });
  });

  test("a model that was released says so", async () => {
    const error = await refusal(
      page,
      async (file) => {
        const other = await tested.loadModel("/models/demo.safetensors", { threads: 1 });
        await other.release();
        await other.predict([file]);
      },
      IMAGE,
    );
    expect(error).toMatchObject({ code: "model/released" });
  });

  test("a page that is not isolated is told so, and how to serve it", async () => {
    const plain = await watched.open("plain");
    const error = await refusal(plain, (file) => tested.loadModel(file), `/${MODEL}`);
    expect(error).toMatchObject({ name: "XrayError", code: "browser/not-isolated" });
    expect(error.message).toContain("Cross-Origin-Opener-Policy: same-origin");
    await plain.close();
  });

  test.each([
    ["**/engine-worker.js", "browser/worker-failed", "engine-worker.js", IMAGE],
    ["**/vips.wasm", "browser/no-decoder", "vips.wasm", IMAGE],
    ["**/dicom-decoder.js", "browser/no-decoder", "dicom-decoder.js", JPEG_2000],
    ["**/dcmjs-native-codecs.wasm", "dicom/no-codec", "dcmjs-native-codecs.wasm", JPEG_2000],
  ])("without %s, %s names what must be served", async (missing, code, name, image) => {
    const lacking = await watched.open("page");
    await lacking.context().route(missing, (route) => route.abort());
    const load = async (files: string) => {
      const [file, image] = files.split(" ") as [string, string];
      const model = await tested.loadModel(file, { threads: 1 });
      await model.predict([image]);
    };
    const error = await refusal(lacking, load, `/${MODEL} ${image}`);
    expect(error).toMatchObject({ name: "XrayError", code });
    expect(error.message).toContain(name);
    await lacking.context().unroute(missing);
    await lacking.close();
  });

  test("a page that has the WebAssembly files elsewhere says where", async () => {
    const { asked } = watched.server;
    const before = asked.length;
    const error = await refusal(
      page,
      (file) => tested.loadModel(file, { files: "/fixtures/wasm" }),
      `/${MODEL}`,
    );
    expect(error).toMatchObject({ code: "runtime/no-session" });
    expect(asked.slice(before)).toContain("/fixtures/wasm/ort-wasm-simd-threaded.mjs");
  });

  test("nothing was asked of any other host", () => {
    const { origin } = watched.server;
    // The worker's requests are among them, and so is the one to which a test sent it.
    expect(requests).toContain(`${origin}/dist/browser/ort-wasm-simd-threaded.wasm`);
    expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([`https://${ELSEWHERE}/x.png`]);
    expect(watched.left()).toEqual([`${ELSEWHERE}:443`]);
  });
});
