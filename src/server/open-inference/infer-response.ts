/**
 * The answer to an inference request: JSON, and the tensors that were asked for as bytes after it.
 *
 * Pipeline:   results, heatmaps → **tensors → body** → client
 * Knows:      the outputs. Not HTTP.
 *
 * Reference: Open Inference Protocol, "Inference response JSON object"; Triton, "Binary tensor data extension".
 */

import type { Heatmaps } from "../../engine/heatmap-source.ts";
import type { Result } from "../../results/prediction.ts";
import {
  about,
  either,
  list,
  maybe,
  number,
  type Of,
  object,
  oneOf,
  text,
  whole,
} from "../../schema/schema.ts";
import type { WantedOutput } from "./infer-request.ts";
import type { OutputName } from "./metadata.ts";
import { binaryData, jsonData, type Tensor } from "./tensor.ts";

const OUTPUT = object({
  name: text(),
  shape: list(whole(0)),
  datatype: oneOf(["BYTES", "FP32"]),
  parameters: maybe(object({ binary_data_size: whole(0) })),
  data: maybe(about("Row-major, in one list.", list(either(number(), text(), "must be a number or a text")))),
});

export const INFER_RESPONSE = object({
  model_name: text(),
  model_version: text(),
  id: maybe(text()),
  outputs: list(OUTPUT),
});

/** A predicted image. */
export interface PredictedImage {
  readonly result: Result;
  /** Of all findings, if they were asked for. */
  readonly heatmaps: Heatmaps | undefined;
}

/** One array of all elements. */
function joined(parts: readonly ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const byLabel = (images: readonly PredictedImage[], key: "probabilities" | "logits"): Float32Array =>
  joined(images.map(({ result }) => result.labels.map((label) => result[key][label]!)));

/** Makes each output. */
const TENSORS: {
  readonly [name in OutputName]: (images: readonly PredictedImage[], labels: number) => Tensor;
} = {
  probabilities: (images, labels) => ({
    name: "probabilities",
    datatype: "FP32",
    shape: [images.length, labels],
    data: byLabel(images, "probabilities"),
  }),
  logits: (images, labels) => ({
    name: "logits",
    datatype: "FP32",
    shape: [images.length, labels],
    data: byLabel(images, "logits"),
  }),
  heatmaps: (images, labels) => {
    const { height, width } = images[0]!.heatmaps!;
    const data = joined(images.map(({ heatmaps }) => heatmaps!.data));
    return { name: "heatmaps", datatype: "FP32", shape: [images.length, labels, height, width], data };
  },
  checks: (images) => ({
    name: "checks",
    datatype: "BYTES",
    shape: [images.length],
    data: images.map(({ result }) => JSON.stringify(result.checks)),
  }),
};

/** The body of an answer. */
export interface InferAnswer {
  readonly body: Buffer;
  /** Length of the JSON in bytes, if anything comes after it. */
  readonly jsonLength: number | undefined;
}

/**
 * Write the answer.
 *
 * @param images  One or more, all predicted by the same model in the same way.
 */
export function inferAnswer(
  model: { readonly name: string; readonly version: string },
  id: string | undefined,
  outputs: readonly WantedOutput[],
  images: readonly PredictedImage[],
): InferAnswer {
  const labels = images[0]!.result.labels.length;
  const binaries: Buffer[] = [];
  const written = outputs.map(({ name, isBinary }) => {
    const tensor = TENSORS[name](images, labels);
    const { datatype, shape } = tensor;
    if (!isBinary) return { name, datatype, shape, data: jsonData(tensor) };
    const bytes = binaryData(tensor);
    binaries.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const response: Of<typeof INFER_RESPONSE> = {
    model_name: model.name,
    model_version: model.version,
    ...(id !== undefined && { id }),
    outputs: written,
  };
  const json = Buffer.from(JSON.stringify(response), "utf8");
  if (binaries.length === 0) return { body: json, jsonLength: undefined };
  return { body: Buffer.concat([json, ...binaries]), jsonLength: json.length };
}
