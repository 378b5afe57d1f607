/** sharp and wasm-vips both bind libvips: the same bytes give the same samples, receipts, notes and errors. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureFiles } from "../fixtures.ts";
import { NO_BROWSER } from "./chromium.ts";
import { type Case, type Decoded, decodeAll } from "./decoded.ts";

const FOLDERS = ["image/decode", "image/refused", "image/pages"];
const CASES: readonly Case[] = [
  ...FOLDERS.flatMap((folder) =>
    fixtureFiles(folder).map((file) => ({ path: `fixtures/${folder}/${file}` })),
  ),
  ...fixtureFiles("image/pages").map((file) => ({
    path: `fixtures/image/pages/${file}`,
    reading: { page: 2 },
  })),
];

/**
 * libjpeg buffers as many bytes as fit into a word, and so misses two stray bytes after a scan where
 * words have 32 bits. All samples are the same.
 */
const UNSEEN = ["fixtures/image/decode/odd-stray-between-scans.jpg"];

let decoded: Decoded;

describe.skipIf(NO_BROWSER !== undefined)(`decoding in Chromium (${NO_BROWSER ?? "there is one"})`, () => {
  beforeAll(async () => {
    decoded = await decodeAll(CASES);
  });
  afterAll(() => decoded?.watched.close());

  test.each(
    CASES.map(({ path, reading }, i) => [`${path}${reading === undefined ? "" : " (page 2)"}`, i] as const),
  )("%s", async (_, i) => {
    const isUnseen = UNSEEN.includes(CASES[i]!.path);
    await decoded.expectSame(i, (here) => (isUnseen ? { ...here, notes: [] } : here));
  });

  test("the pages that are compared are many, and some are refused", () => {
    const { outcomes } = decoded;
    expect(outcomes.filter((outcome) => "steps" in outcome).length).toBeGreaterThan(100);
    expect(outcomes.filter((outcome) => "code" in outcome).length).toBeGreaterThan(50);
  });

  test("the code for DICOM files is not fetched for pictures", () => {
    const { asked } = decoded.watched.server;
    expect(asked.filter((path) => /dicom|dcmjs/.test(path))).toEqual([]);
  });
});
