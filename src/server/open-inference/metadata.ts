/**
 * What the server and its model are, in the words of the Open Inference Protocol.
 *
 * Knows: the one input and the outputs of a model. Not how they are computed.
 *
 * Reference: Open Inference Protocol, "Server metadata", "Model metadata".
 */

import { about, list, maybe, type Of, object, oneOf, text, whole } from "../../schema/schema.ts";
import { VERSION } from "../../version.ts";

export const INPUT_NAME = "image";

/** The outputs, in the order of answers. */
export const OUTPUT_NAMES = ["probabilities", "logits", "heatmaps", "checks"] as const;

export type OutputName = (typeof OUTPUT_NAMES)[number];

/** The part of the hash that names a model's version. */
const VERSION_DIGITS = 12;

/** A model's version: the beginning of the SHA-256 of its file. */
export const modelVersion = (sha256: string): string => sha256.slice(0, VERSION_DIGITS);

export const SERVER_METADATA = object({ name: text(), version: text(), extensions: list(text()) });

export const serverMetadata: Of<typeof SERVER_METADATA> = {
  name: "medical-x",
  version: VERSION,
  extensions: ["binary_tensor_data"],
};

const TENSOR = object({
  name: text(),
  datatype: oneOf(["BYTES", "FP32"]),
  shape: about("-1 where any size is possible.", list(whole(-1))),
});

export const MODEL_METADATA = object({
  name: text(),
  versions: maybe(about("The beginning of the SHA-256 of the model's file.", list(text()))),
  platform: text(),
  inputs: list(TENSOR),
  outputs: list(TENSOR),
});

export type ModelMetadata = Of<typeof MODEL_METADATA>;

/** @param labels  How many findings the model has. */
export function modelMetadata(name: string, sha256: string, labels: number): ModelMetadata {
  return {
    name,
    versions: [modelVersion(sha256)],
    platform: "medical-x_onnxruntime",
    inputs: [{ name: INPUT_NAME, datatype: "BYTES", shape: [-1] }],
    outputs: [
      { name: "probabilities", datatype: "FP32", shape: [-1, labels] },
      { name: "logits", datatype: "FP32", shape: [-1, labels] },
      { name: "heatmaps", datatype: "FP32", shape: [-1, labels, -1, -1] },
      { name: "checks", datatype: "BYTES", shape: [-1] },
    ],
  };
}
