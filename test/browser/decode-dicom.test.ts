/**
 * DICOM files of every transfer syntax, damaged ones and real ones: a page has the samples, receipts, notes, headers
 * and errors that Node has.
 */

import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_BROWSER } from "./chromium.ts";
import { type Case, type Decoded, decodeAll } from "./decoded.ts";
import { damagedFiles, MADE, madeFile, NO_REAL_FILES, readingCases, realFiles } from "./dicom-files.ts";

/** How the names of one fixture per transfer syntax begin, and what its receipt says. */
const SYNTAXES: readonly (readonly [string, string])[] = [
  ["implicit-le-", "implicit little endian"],
  ["explicit-le-", "explicit little endian"],
  ["explicit-be.", "explicit big endian"],
  ["explicit-be-16s", "explicit big endian"],
  ["deflated-12s", "deflated"],
  ["rle-", "RLE"],
  ["jpeg-baseline-", "JPEG baseline"],
  ["jpeg-extended-", "JPEG extended"],
  ["jpeg-lossless-57-", "JPEG lossless"],
  ["jpeg-lossless-16", "JPEG lossless"],
  ["jpeg-ls-", "JPEG-LS"],
  ["jpeg-2000-12", "JPEG 2000"],
  ["jpeg-2000-lossy-", "JPEG 2000"],
  ["htj2k-12", "HTJ2K"],
  ["htj2k-rpcl-", "HTJ2K"],
];

const plain = (paths: readonly string[]): Case[] => paths.map((path) => ({ path }));

const CASES: readonly Case[] = [
  ...plain(MADE),
  ...readingCases(),
  ...plain(damagedFiles(SYNTAXES.map(([start]) => madeFile(start)))),
  // After those that end in a trap: a new instance of the codecs decodes these.
  ...plain(SYNTAXES.map(([start]) => madeFile(start))),
  ...plain(realFiles()),
];

const nameOf = ({ path, reading }: Case): string =>
  [basename(path), ...Object.entries(reading ?? {}).map(([name, value]) => `${name} ${value}`)].join(", ");

let decoded: Decoded;

describe.skipIf(NO_BROWSER !== undefined)(
  `decoding DICOM files in Chromium (${NO_BROWSER ?? "there is one"})`,
  () => {
    beforeAll(async () => {
      decoded = await decodeAll(CASES);
    });
    afterAll(() => decoded?.watched.close());

    test.each(CASES.map((one, i) => [nameOf(one), i] as const))("%s", async (_, i) => {
      await decoded.expectSame(i);
    });

    test.each(SYNTAXES)("%s… is decoded, before and after damaged files", (start, words) => {
      const path = madeFile(start);
      const receipts = CASES.flatMap((one, i) => {
        const outcome = decoded.outcomes[i]!;
        return one.path === path && one.reading === undefined ? ["steps" in outcome && outcome.steps[0]] : [];
      });
      expect(receipts).toHaveLength(2);
      for (const receipt of receipts) expect(receipt).toContain(words);
    });

    test("damaged files are refused as such, some of them with every transfer syntax", () => {
      const codes = CASES.flatMap(({ path }, i) => {
        const outcome = decoded.outcomes[i]!;
        return path.includes("build/browser/dicom") && "code" in outcome ? [outcome.code] : [];
      });
      expect(codes.length).toBeGreaterThan(SYNTAXES.length);
      expect(codes.filter((code) => !/^(?:dicom|raster)\//.test(code))).toEqual([]);
    });

    test("the codecs are fetched once, and nothing is asked of any other host", () => {
      const { asked } = decoded.watched.server;
      expect(asked.filter((path) => path.endsWith("dcmjs-native-codecs.wasm"))).toHaveLength(1);
      expect(decoded.watched.left()).toEqual([]);
    });

    test.skipIf(NO_REAL_FILES !== undefined)(
      `real files are decoded (${NO_REAL_FILES ?? "they are there"})`,
      () => {
        const real = CASES.flatMap(({ path }, i) => (/real-\d+$/.test(path) ? [decoded.outcomes[i]!] : []));
        expect(real.length).toBeGreaterThan(0);
        expect(real.filter((outcome) => "code" in outcome)).toEqual([]);
      },
    );
  },
);
