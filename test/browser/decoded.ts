/** Decodes files in a page and here, so that samples, receipts, notes and errors can be compared. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Decoder } from "../../src/engine/ports.ts";
import type { DecodedImage, ReadingOptions } from "../../src/image/prepare.ts";
import { decodeImage } from "../../src/node/decode.ts";
import { startBrowser, type Watched } from "./chromium.ts";
import { buildDecoderPage, DECODER_SCRIPT } from "./decoder-page.ts";

/** A file to decode: its path in this checkout, which is also its path on the server. */
export interface Case {
  readonly path: string;
  readonly reading?: ReadingOptions;
}

/** An image without its samples, or the error if there is none. */
export type Outcome = Omit<DecodedImage, "data"> | { readonly code: string; readonly message: string };

/** What the page under test has in its global scope. */
declare const tested: { readonly decoder: Decoder };

/** Run in the page. The samples are handed in under the numbers of the cases. */
async function decodeInPage(cases: readonly Case[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, { path, reading }] of cases.entries()) {
    const response = await fetch(`/${path}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    try {
      const { data, ...rest } = await tested.decoder(bytes, reading);
      await fetch(`/results/${i}`, { method: "POST", body: data as Uint8Array<ArrayBuffer> });
      outcomes.push(rest);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      outcomes.push({ code, message });
    }
  }
  return outcomes;
}

async function decodeHere({ path, reading }: Case): Promise<{ outcome: Outcome; samples?: Uint8Array }> {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  try {
    const { data, ...outcome } = await decodeImage(new Uint8Array(readFileSync(file)), reading);
    const { buffer, byteOffset, byteLength } = data;
    return { outcome, samples: new Uint8Array(buffer, byteOffset, byteLength) };
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { outcome: { code, message } };
  }
}

/** Cases that were decoded in a page. */
export interface Decoded {
  readonly watched: Watched;
  readonly outcomes: readonly Outcome[];
  /** Compare a case with Node: all samples, and the rest, which `adjust` may change first. */
  expectSame(i: number, adjust?: (here: Outcome) => Outcome): Promise<void>;
}

export async function decodeAll(cases: readonly Case[]): Promise<Decoded> {
  await buildDecoderPage();
  const watched = await startBrowser();
  const page = await watched.open("page", DECODER_SCRIPT);
  const outcomes = await page.evaluate(decodeInPage, cases);
  return {
    watched,
    outcomes,
    async expectSame(i, adjust = (here) => here) {
      const { outcome, samples } = await decodeHere(cases[i]!);
      expect(outcomes[i]).toEqual(adjust(outcome));
      if (samples !== undefined) expect(Buffer.compare(watched.server.take(String(i)), samples)).toBe(0);
    },
  };
}
