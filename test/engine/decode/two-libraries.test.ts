/** sharp and wasm-vips are two bindings to libvips: of the same bytes they make the same samples, receipts, notes and errors. */

import { beforeAll, describe, expect, test } from "vitest";
import { openDecoder } from "../../../src/browser/raster.ts";
import type { Decoder } from "../../../src/engine/ports.ts";
import { decodeRaster } from "../../../src/node/raster.ts";
import { fixtureBytes, fixtureFiles } from "../../fixtures.ts";

let decodeAsInBrowsers: Decoder;

beforeAll(async () => {
  decodeAsInBrowsers = await openDecoder();
});

/** An image, or what is said of why there is none. */
const outcome = (decode: Decoder, bytes: Uint8Array, page?: number) =>
  decode(bytes, page === undefined ? {} : { page }).catch(({ code, message, details }) => ({
    code,
    message,
    details,
  }));

describe.each(["image/decode", "image/refused", "image/pages"])("%s", (folder) => {
  test.each(fixtureFiles(folder))("%s", async (file) => {
    const bytes = fixtureBytes(`${folder}/${file}`);
    expect(await outcome(decodeAsInBrowsers, bytes)).toEqual(await outcome(decodeRaster, bytes));
  });
});

test.each(fixtureFiles("image/pages"))("%s: the second page", async (file) => {
  const bytes = fixtureBytes(`image/pages/${file}`);
  expect(await outcome(decodeAsInBrowsers, bytes, 2)).toEqual(await outcome(decodeRaster, bytes, 2));
});
