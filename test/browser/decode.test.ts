/** sharp and wasm-vips both bind libvips: the same bytes give the same samples, receipts, notes and errors. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Decoder } from "../../src/engine/ports.ts";
import type { DecodedImage } from "../../src/image/prepare.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { fixtureBytes, fixtureFiles } from "../fixtures.ts";
import { NO_BROWSER, startBrowser, type Watched } from "./chromium.ts";
import { buildDecoderPage, DECODER_SCRIPT } from "./decoder-page.ts";

/** A file to decode. */
interface Case {
  readonly path: string;
  readonly page?: number;
}

const FOLDERS = ["image/decode", "image/refused", "image/pages"];
const CASES: readonly Case[] = [
  ...FOLDERS.flatMap((folder) => fixtureFiles(folder).map((file) => ({ path: `${folder}/${file}` }))),
  ...fixtureFiles("image/pages").map((file) => ({ path: `image/pages/${file}`, page: 2 })),
];

/** An image without its samples, or the error if there is none. */
type Outcome = Omit<DecodedImage, "data"> | { readonly code: string; readonly message: string };

/**
 * libjpeg buffers as many bytes as fit into a word, and so misses two stray bytes after a scan where
 * words have 32 bits. All samples are the same.
 */
const UNSEEN = ["image/decode/odd-stray-between-scans.jpg"];

let watched: Watched;
let outcomes: readonly Outcome[];

/** What the page under test has in its global scope. */
declare const tested: { readonly decoder: Promise<Decoder> };

async function decodeInPage(cases: readonly Case[]): Promise<Outcome[]> {
  const decode = await tested.decoder;
  const outcomes: Outcome[] = [];
  for (const [i, { path, page }] of cases.entries()) {
    const response = await fetch(`/fixtures/${path}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    try {
      const { data, ...rest } = await decode(bytes, page === undefined ? {} : { page });
      await fetch(`/results/${i}`, { method: "POST", body: data as Uint8Array<ArrayBuffer> });
      outcomes.push(rest);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      outcomes.push({ code, message });
    }
  }
  return outcomes;
}

async function decodeHere({ path, page }: Case): Promise<{ outcome: Outcome; samples?: Uint8Array }> {
  try {
    const { data, ...outcome } = await decodeRaster(fixtureBytes(path), page === undefined ? {} : { page });
    const { buffer, byteOffset, byteLength } = data;
    return { outcome, samples: new Uint8Array(buffer, byteOffset, byteLength) };
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { outcome: { code, message } };
  }
}

describe.skipIf(NO_BROWSER !== undefined)(`decoding in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  beforeAll(async () => {
    await buildDecoderPage();
    watched = await startBrowser();
    const page = await watched.open("page", DECODER_SCRIPT);
    outcomes = await page.evaluate(decodeInPage, CASES);
  });
  afterAll(() => watched?.close());

  test.each(
    CASES.map((one, i) => [`${one.path}${one.page === undefined ? "" : ` (page ${one.page})`}`, i] as const),
  )("%s", async (_, i) => {
    const one = CASES[i]!;
    const { outcome, samples } = await decodeHere(one);
    const isUnseen = UNSEEN.includes(one.path);
    expect(outcomes[i]).toEqual(isUnseen ? { ...outcome, notes: [] } : outcome);
    if (samples !== undefined) expect(Buffer.compare(watched.server.take(String(i)), samples)).toBe(0);
  });

  test("the pages that are compared are many, and some are refused", () => {
    expect(outcomes.filter((outcome) => "steps" in outcome).length).toBeGreaterThan(100);
    expect(outcomes.filter((outcome) => "code" in outcome).length).toBeGreaterThan(50);
  });
});
