/** Small files of every format, truncated at every length. Every one must be refused, and must do nothing else. */

import assert from "node:assert/strict";
import { describe, test } from "vitest";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { float32 } from "../../src/tensor.ts";
import { concat } from "./builders/bytes.ts";
import { IMAGE_NAMES, type ImageName, smallImage } from "./builders/images.ts";
import * as p from "./builders/pickle.ts";
import { ONE, stateDict, storage, tensor, torchLegacy } from "./builders/torch.ts";
import { deflated, zipOf } from "./builders/zip.ts";
import { readsOrRefusesLater, refuses } from "./refusal.ts";

const tensors = new Map([
  ["a", float32([2], Float32Array.of(1, 2))],
  ["b", float32([1, 1], Float32Array.of(3))],
]);
const dict = p.pickle(stateDict(new Map([["w", tensor(storage("0", 1), [1])]])));

const CHECKPOINTS: readonly [string, Uint8Array][] = [
  ["torch zip", concat(...torchPieces(tensors, { note: "x" }))],
  ["torch zip, deflated", zipOf([deflated("archive/data.pkl", dict), deflated("archive/data/0", ONE)])],
  ["torch legacy", torchLegacy(dict, [{ key: "0", count: 1, bytes: ONE }])],
  ["safetensors", concat(...safetensorsPieces(tensors, { note: "x" }))],
];

describe("a checkpoint cut short at any length is refused", () => {
  test.for(CHECKPOINTS)("%s", ([, file]) => {
    assert.ok(readCheckpoint(file).tensors.size > 0);
    for (let length = 0; length < file.length; length++) {
      refuses(() => readCheckpoint(file.subarray(0, length)), /./);
    }
  });
});

/** What may be missing without any pixel being lost: a PNG's empty last chunk, a TIFF's two resolutions. */
function spare(name: ImageName): number {
  if (name.startsWith("png")) return 12;
  return name === "tiff plain" ? 16 : 0;
}

describe("an image cut short at any length is refused", () => {
  test.for(IMAGE_NAMES)("%s", async (name) => {
    const file = await smallImage(name);
    const whole = await decodeRaster(file);
    const read: number[] = [];
    for (let length = 0; length < file.length; length++) {
      if (await readsOrRefusesLater(() => decodeRaster(file.subarray(0, length)))) {
        const { data } = await decodeRaster(file.subarray(0, length));
        assert.deepEqual(data, whole.data, `${length} of ${file.length} bytes give other pixels`);
        read.push(file.length - length);
      }
    }
    const most = Math.max(0, ...read);
    assert.ok(most <= spare(name), `read although ${most} of ${file.length} bytes were missing`);
  });
});
