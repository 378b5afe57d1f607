/**
 * What an inference request asks for: images, options, and outputs.
 *
 * Pipeline:   JSON, bytes → **images, options, outputs** → inference
 * Knows:      the one input and the four outputs that this server has. Not how images are predicted.
 */

import { HEATMAP_METHODS } from "../../heatmaps/methods.ts";
import { HEATMAP_LAYERS } from "../../models/densenet121.ts";
import { chooseMaps, type MapChoice } from "../../models/map-choice.ts";
import type { Threshold } from "../../results/prediction.ts";
import { checkOptions } from "../../schema/options.ts";
import { between, either, just, maybe, object, oneOf, whole, yesOrNo } from "../../schema/schema.ts";
import { INPUT_NAME, OUTPUT_NAMES, type OutputName } from "./metadata.ts";
import { badRequest, type DividedBody, type InferRequestJson, REFUSAL } from "./request-json.ts";
import { elementsOf } from "./tensor.ts";

/** An output that was asked for. */
export interface WantedOutput {
  readonly name: OutputName;
  /** Whether it is sent as bytes after the JSON. */
  readonly isBinary: boolean;
}

export interface InferRequest {
  readonly id: string | undefined;
  /** Files, one for each image. */
  readonly images: readonly Uint8Array[];
  readonly outputs: readonly WantedOutput[];
  readonly threshold: Threshold | undefined;
  /** Undefined if no heatmaps are wanted. */
  readonly maps: MapChoice | undefined;
}

const OPTIONS = object({
  threshold: maybe(either(between(0, 1), just("card"), "must be a number from 0 to 1, or card")),
  method: maybe(oneOf([...HEATMAP_METHODS, "card"])),
  layer: maybe(oneOf(HEATMAP_LAYERS)),
  binary_data_output: maybe(yesOrNo()),
});

const INPUT_OPTIONS = object({ binary_data_size: maybe(whole(0)) });
const OUTPUT_OPTIONS = object({ binary_data: maybe(yesOrNo()) });

type Input = InferRequestJson["inputs"][number];

/** The bytes of an image that JSON carries. */
function fromBase64(base64: string, index: number): Uint8Array {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw badRequest(`inputs[0].data[${index}] is not base64; encode each image's bytes so`);
  return Buffer.from(base64, "base64");
}

function elementsOfInput({ data, parameters = {} }: Input, binary: Uint8Array): readonly Uint8Array[] {
  const size = checkOptions(INPUT_OPTIONS, parameters, REFUSAL).binary_data_size;
  if ((data === undefined) === (size === undefined))
    throw badRequest("inputs[0] must have either data or the parameter binary_data_size");
  if ((size ?? 0) !== binary.length) {
    const said = size === undefined ? "inputs[0] does not say so" : `binary_data_size is ${size}`;
    throw badRequest(`${binary.length} bytes come after the JSON, but ${said}`);
  }
  return data === undefined ? elementsOf(binary) : data.map(fromBase64);
}

function imagesOf(inputs: readonly Input[], binary: Uint8Array): readonly Uint8Array[] {
  const [input] = inputs;
  if (inputs.length !== 1 || input?.name !== INPUT_NAME)
    throw badRequest(`inputs must be a list of one input, named ${INPUT_NAME}`);
  if (input.datatype !== "BYTES") throw badRequest("inputs[0].datatype must be BYTES");
  const images = elementsOfInput(input, binary);
  if (input.shape.length !== 1 || input.shape[0] !== images.length || images.length === 0) {
    const found = `the shape is [${input.shape.join(", ")}] and the number of images ${images.length}`;
    throw badRequest(`inputs[0].shape must be [N] for N images, one or more, but ${found}`);
  }
  return images;
}

function outputsOf(outputs: InferRequestJson["outputs"], isBinary: boolean): readonly WantedOutput[] {
  if (outputs === undefined || outputs.length === 0) return OUTPUT_NAMES.map((name) => ({ name, isBinary }));
  const wanted = outputs.map(({ name, parameters = {} }, i) => {
    const known = OUTPUT_NAMES.find((one) => one === name);
    if (known === undefined) throw badRequest(`outputs[${i}].name must be one of ${OUTPUT_NAMES.join(", ")}`);
    return {
      name: known,
      isBinary: checkOptions(OUTPUT_OPTIONS, parameters, REFUSAL).binary_data ?? isBinary,
    };
  });
  if (new Set(wanted.map(({ name }) => name)).size < wanted.length)
    throw badRequest("outputs names an output twice");
  return wanted;
}

/**
 * Read a request. Its options are refused where nothing would come of them, because a misspelt one would change a result
 * unnoticed.
 *
 * @throws  XrayError `server/bad-request`, `heatmaps/…`.
 */
export function readInferRequest({ json, binary }: DividedBody): InferRequest {
  const options = checkOptions(OPTIONS, json.parameters ?? {}, REFUSAL);
  const { threshold, method, layer, binary_data_output: isBinary = false } = options;
  const outputs = outputsOf(json.outputs, isBinary);
  const hasMaps = outputs.some(({ name }) => name === "heatmaps");
  const images = imagesOf(json.inputs, binary);
  return {
    id: json.id,
    images,
    outputs,
    threshold,
    maps: hasMaps ? chooseMaps({ method, layer }) : undefined,
  };
}
