/** Files with a misleading name: web pages, pointers, other formats, nothing at all. */

import { describe, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { concat, latin1, repeat, u8, utf8 } from "./builders/bytes.ts";
import { IMAGE_NAMES, smallImage } from "./builders/images.ts";
import * as p from "./builders/pickle.ts";
import { png } from "./builders/png.ts";
import { safetensors } from "./builders/safetensors.ts";
import { torchZip } from "./builders/torch.ts";
import { refuses, refusesLater } from "./refusal.ts";

const NEITHER: readonly [string, Uint8Array][] = [
  ["an empty file", new Uint8Array(0)],
  ["one byte", u8(0x80)],
  ["a line feed", u8(10)],
  ["a megabyte of zeros", new Uint8Array(1e6)],
  ["a megabyte of 0xff", repeat(u8(0xff), 1e6)],
  ["a megabyte of spaces", repeat(u8(0x20), 1e6)],
  [
    "a git-lfs pointer",
    latin1(`version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1\n`),
  ],
  ["a web page", utf8("<!DOCTYPE html>\n<html><body>404</body></html>")],
  ["a web page behind white space", utf8("\n\n   <html lang=en>")],
  ["an XML error of a bucket", utf8('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>')],
  ["a JSON error", utf8('{"error":"not found"}')],
  ["an SVG", utf8('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>')],
  ["an SVG behind an XML header", utf8('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
  ["a PDF", latin1("%PDF-1.7\n")],
  ["a GIF", latin1("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;")],
  ["a BMP", concat(latin1("BM"), new Uint8Array(60))],
  ["a DICOM file", concat(new Uint8Array(128), latin1("DICM"), new Uint8Array(60))],
  [
    "a numpy array of 2^60 elements",
    latin1("\x93NUMPY\x01\0\x76\0{'descr':'<f8','fortran_order':False,'shape':(1152921504606846976,),}\n"),
  ],
  ["an HDF5 file", latin1("\x89HDF\r\n\x1a\n")],
  ["a gzip", latin1("\x1f\x8b\x08\0\0\0\0\0\0\x03")],
  ["a shell script", latin1("#!/bin/sh\nrm -rf /\n")],
  ["an ELF program", latin1("\x7fELF\x02\x01\x01")],
  ["a tar", concat(latin1("data.pkl"), new Uint8Array(1000), latin1("ustar\x0000"))],
];

describe("something else is no checkpoint", () => {
  test.for(NEITHER)("%s", ([, file]) => {
    refuses(
      () => readCheckpoint(file),
      /^(checkpoint\/unknown-format|format\/truncated|pickle\/bad-pickle)$/,
    );
  });
  test.for(IMAGE_NAMES)("%s", async (name) => {
    const file = await smallImage(name);
    refuses(() => readCheckpoint(file), "checkpoint/unknown-format");
  });
});

describe("something else is no image", () => {
  const checkpoints: [string, Uint8Array][] = [
    ["a zip of torch.save", torchZip(p.pickle(p.EMPTY_DICT))],
    ["a pickle", p.pickle(p.EMPTY_DICT)],
    ["a safetensors file", safetensors({})],
  ];
  test.for([...NEITHER, ...checkpoints])("%s", async ([, file]) => {
    await refusesLater(() => decodeRaster(file), "raster/not-an-image");
  });
});

test("an image with something behind it is still one image or none", async () => {
  const both = concat(png({ width: 4, height: 4 }), torchZip(p.pickle(p.EMPTY_DICT)));
  refuses(() => readCheckpoint(both), "checkpoint/unknown-format");
  await decodeRaster(both);
});
