/** How many bytes a browser fetches. They are printed, and bounded so that nothing large gets in unnoticed. */

import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { expect, test } from "vitest";

const FOLDER = new URL("../../dist/browser/", import.meta.url);

/** What a first visit fetches, by where the network runs. */
const PAGE = [
  "medical-x.js",
  "shared.js",
  "engine-worker.js",
  "rolldown-runtime.js",
  "vips-es6.js",
  "vips.wasm",
];
const VISITS: Readonly<Record<string, readonly string[]>> = {
  wasm: [...PAGE, "ort.wasm.min.js", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"],
  webgpu: [
    ...PAGE,
    "ort.webgpu.min.js",
    "ort-wasm-simd-threaded.asyncify.mjs",
    "ort-wasm-simd-threaded.asyncify.wasm",
  ],
};

/** What the first DICOM file fetches, and the first whose pixels are compressed by a codec. */
const DICOM = ["dicom-decoder.js"];
const CODECS = ["dcmjs-native-codecs.wasm"];

/** What the first model in an ONNX file fetches, if another program wrote it, and the first heatmap by occlusion. */
const ONNX = ["onnx-reader.js", "network-pass.js", "occlusion-maps.js"];

interface Size {
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

async function sizeOf(file: string): Promise<Size> {
  const bytes = readFileSync(new URL(file, FOLDER));
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(bytes),
    // 9 of 11, which is a little larger but far faster.
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ]);
  return { raw: bytes.length, gzip: zipped.length, brotli: brotli.length };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const line = (name: string, { raw, gzip: zipped, brotli }: Size): string =>
  `${name.padEnd(38)} ${megabytes(raw).padStart(9)} ${megabytes(zipped).padStart(9)} ${megabytes(brotli).padStart(9)}`;

test("the bundle is printed with its sizes, and its scripts are small", async () => {
  const files = readdirSync(FOLDER).filter((file) => /\.(?:m?js|wasm)$/.test(file));
  const sizes = new Map<string, Size>();
  for (const file of files) sizes.set(file, await sizeOf(file));
  const sum = (names: readonly string[]): Size =>
    names
      .map((name) => sizes.get(name)!)
      .reduce((a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli }));
  const lines = [
    `${"dist/browser".padEnd(38)}       raw      gzip    brotli`,
    ...files.map((file) => line(file, sizes.get(file)!)),
    ...Object.entries(VISITS).map(([device, names]) => line(`a first visit, ${device}`, sum(names))),
    line("a first DICOM file", sum(DICOM)),
    line("a first compressed one", sum(CODECS)),
    line("a first ONNX file", sum(ONNX)),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  // Every file is fetched on some visit.
  expect([...new Set([...Object.values(VISITS).flat(), ...DICOM, ...CODECS, ...ONNX])].sort()).toEqual(
    files.sort(),
  );
  // What is only for ONNX files is bounded by itself, so that it cannot take the place of others, nor they its own.
  const scripts = files.filter((file) => file.endsWith("js") && !ONNX.includes(file));
  expect(sum(scripts).raw).toBeLessThan(600_000);
  expect(sum(ONNX).raw).toBeLessThan(40_000);
  expect(sum(VISITS["wasm"]!).brotli).toBeLessThan(6_000_000);
});
