/**
 * Which input of an ONNX file takes the image, and which output says what was found.
 *
 * Knows: types and shapes. The rules are in docs/onnx.md.
 *
 * An input that has a default, an initialiser of its name, is not asked for. Of several outputs that fit, `logits` is used,
 * or `probabilities` if the card says that no activation is needed.
 */

import { quote, XrayError } from "../../errors.ts";
import type { OnnxGraph, OnnxPort } from "../../formats/onnx/structure.ts";
import { showShape } from "../../tensor.ts";
import { counted } from "../../text.ts";
import type { Activation } from "../activation.ts";
import type { NetworkDType } from "./network.ts";

/** An input or output that fits. */
export interface ChosenPort {
  readonly name: string;
  readonly dtype: NetworkDType;
  /** Numbers are fixed extents. */
  readonly shape: readonly (number | string)[];
}

/** Extents to show; no image has more than four. */
const shown = (shape: readonly (number | string)[]): readonly (number | string)[] =>
  shape.length > 6 ? [...shape.slice(0, 6), "…"] : shape;

/** A port in words: `"x" float32[N,3,224,224]`. */
export const portWords = ({ name, dtype = "of no stated type", shape }: OnnxPort): string =>
  `${quote(name)} ${dtype}${shape === undefined ? "" : showShape(shown(shape))}`;

const isFloat = (dtype: string | undefined): dtype is NetworkDType =>
  dtype === "float32" || dtype === "float16";

const listed = (ports: readonly OnnxPort[]): string =>
  `${ports.slice(0, 4).map(portWords).join(", ")}${ports.length > 4 ? ", …" : ""}`;

const inputError = (problem: string, ports: readonly OnnxPort[]): XrayError =>
  new XrayError(
    "onnx/input",
    `${problem}; export it with one input, the image as float32 [N, channels, height, width]`,
    { inputs: ports.map(({ name }) => name) },
  );

/** The inputs that must be given. */
export const neededInputs = ({ inputs, initialisers }: OnnxGraph): OnnxPort[] =>
  inputs.filter(({ name }) => !initialisers.has(name));

/** The input for the image. Throws XrayError `onnx/input`. */
export function chooseInput(graph: OnnxGraph): ChosenPort {
  const needed = neededInputs(graph);
  const [only, ...others] = needed;
  if (only === undefined) throw inputError("it takes no input", needed);
  if (others.length > 0)
    throw inputError(`it takes ${counted(needed.length, "input")} (${listed(needed)})`, needed);
  const { name, dtype, shape } = only;
  if (isFloat(dtype) && shape?.length === 4) {
    if (![1, 3].includes(Number(shape[1])) && [1, 3].includes(Number(shape[3])))
      throw inputError(`its input ${portWords(only)} has the channels last`, needed);
    return { name, dtype, shape };
  }
  throw inputError(`its input ${portWords(only)} is no image`, needed);
}

/**
 * The output with a number for each label. Throws XrayError `onnx/output`.
 *
 * @param numLabels  How many labels the card names.
 */
export function chooseOutput({ outputs }: OnnxGraph, numLabels: number, activation: Activation): ChosenPort {
  const fitting = outputs.filter(
    ({ dtype, shape }) =>
      isFloat(dtype) && shape?.length === 2 && (typeof shape[1] === "string" || shape[1] === numLabels),
  );
  const named = fitting.find(({ name }) => name === (activation === "none" ? "probabilities" : "logits"));
  const chosen = fitting.length === 1 ? fitting[0] : named;
  if (chosen !== undefined) return chosen as ChosenPort;
  const message =
    fitting.length === 0
      ? `none of its outputs (${listed(outputs)}) is float32 [N, ${numLabels}], a number for each of the ${counted(numLabels, "label")} of its card; correct the labels, or export it with such an output`
      : `several of its outputs fit (${listed(fitting)}); name the one to use "logits", or "probabilities" with the activation none, or export it with one output`;
  throw new XrayError("onnx/output", message, { outputs: outputs.map(({ name }) => name), numLabels });
}
