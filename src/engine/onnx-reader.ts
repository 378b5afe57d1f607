/**
 * The reader of ONNX files. In a browser it is a script of its own, which is fetched for the first ONNX file.
 *
 * Knows: which kinds of ONNX files there are. How they are read is in `formats/onnx` and `models`.
 */

import { XrayError } from "../errors.ts";
import { readOnnx } from "../formats/onnx/read.ts";
import type { Checkpoint } from "../models/checkpoint.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { ownCheckpoint } from "../models/own-onnx.ts";

/**
 * Read an ONNX file that this package wrote. Nothing in it is executed.
 *
 * @throws  XrayError `onnx/…`, `checkpoint/unknown-format` for any other ONNX file, and as `ownCheckpoint`.
 */
export function readOnnxCheckpoint(bytes: Uint8Array, weights?: WeightKind): Checkpoint {
  const checkpoint = ownCheckpoint(readOnnx(bytes), weights);
  if (checkpoint !== undefined) return checkpoint;
  throw new XrayError(
    "checkpoint/unknown-format",
    "an ONNX file that Medical-X did not write; only its own are read",
    { kind: "onnx" },
  );
}
