/**
 * int8 files that this package wrote, as checkpoints: codes that run, and the weights that they stand for.
 *
 * Pipeline:   file bytes → initialisers → **codes, and weights read back from them** → checkpoint
 * Knows:      what `exportOnnx` writes of a model with codes. Not sessions.
 */

import { XrayError } from "../../errors.ts";
import type { OnnxFile } from "../../formats/onnx/structure.ts";
import type { TensorEntry } from "../../formats/tensor-entry.ts";
import { GraphBuilder } from "../../graph/core/builder.ts";
import type { Graph } from "../../graph/core/graph.ts";
import { inOnnxOps } from "../../graph/core/rewrite.ts";
import { firstNonFinite, showShape, type Tensor } from "../../tensor.ts";
import type { Codes } from "../codes.ts";
import { WEIGHT_MAX } from "./codes.ts";
import { dequantised } from "./dequantise.ts";
import { int8DenseNet } from "./int8-densenet.ts";
import { codedConvolutions, PACKED, packedLength, STEM, unpack } from "./packing.ts";
import { codesOf } from "./quantise.ts";

/** What an int8 file holds. */
export interface Int8Contents {
  readonly codes: Codes;
  /** DenseNet121's parameters. Those of convolutions are computed when they are read. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** The graph up to the logits, without what a head adds. */
export function int8Graph(inChannels: number, numLabels: number): Graph {
  const graph = new GraphBuilder("densenet121");
  graph.output("logits", int8DenseNet(graph.input("image", ["N", inChannels, 224, 224]), numLabels).logits);
  return inOnnxOps(graph.build());
}

type Initialisers = OnnxFile["graph"]["initialisers"];

/** Whether a file has all parameters of the int8 network, in their types and shapes. */
export function hasInt8Parameters(
  initialisers: Initialisers,
  inChannels: number,
  numLabels: number,
): boolean {
  const isThere = (name: string, dtype: string, shape: readonly number[]) => {
    const tensor = initialisers.get(name);
    return tensor?.dtype === dtype && showShape(tensor.shape) === showShape(shape);
  };
  const { parameters } = int8Graph(inChannels, numLabels);
  return (
    isThere(PACKED, "float32", [packedLength()]) &&
    [...parameters].every(([name, { dtype, shape }]) => isThere(name, dtype, shape as number[]))
  );
}

/** The error for a number that no file of this package holds. */
const badCode = (name: string, { data }: Tensor, at: number) =>
  new XrayError(
    "checkpoint/bad-codes",
    `"${name}" holds ${data[at]} at element ${at}, which no int8 model has there; the file is damaged: write it again from the original model`,
    { name, at },
  );

/** Refuse numbers that no file of this package holds. */
function checked(name: string, tensor: Tensor): Tensor {
  const bad = (at: number) => badCode(name, tensor, at);
  if (tensor.dtype === "float32") {
    const values = tensor.data as Float32Array;
    const at = firstNonFinite(values);
    if (at >= 0) throw bad(at);
    const notPositive = /\.(scales?|steps)$/.test(name) ? values.findIndex((value) => !(value > 0)) : -1;
    if (notPositive >= 0) throw bad(notPositive);
  }
  if (tensor.dtype === "int8") {
    const at = (tensor.data as Int8Array).findIndex((code) => Math.abs(code) > WEIGHT_MAX);
    if (at >= 0) throw bad(at);
  }
  return tensor;
}

/**
 * Read an int8 file's initialisers, all of which must be there.
 *
 * @throws  XrayError `checkpoint/bad-codes`, `onnx/…`.
 */
export function readInt8(initialisers: Initialisers, inChannels: number, numLabels: number): Int8Contents {
  const read = (name: string): [string, Tensor] => [name, checked(name, initialisers.get(name)!.read())];
  const names = [...int8Graph(inChannels, numLabels).parameters.keys()];
  const codes = new Map(names.filter((name) => /\.(codes|scales?|offsets)$/.test(name)).map(read));
  const kept = unpack(checked(PACKED, initialisers.get(PACKED)!.read()) as Tensor<"float32">);
  for (const [name, tensor] of kept) checked(name, tensor);
  const entry = (tensor: Tensor): TensorEntry => ({ ...tensor, read: () => tensor });
  const floats = names.filter((name) => /^(features\.(conv0|norm[05])|classifier)\./.test(name));
  const tensors = new Map<string, TensorEntry>([
    ...floats.map((name) => [name, initialisers.get(name)!] as const),
    ...[...kept]
      .filter(([name]) => !/\.(steps|lows)$/.test(name))
      .map(([name, tensor]) => [name, entry(tensor)] as const),
    ...[...codedConvolutions()].map(
      ([name, shape]) =>
        [
          `${name}.weight`,
          { dtype: "float32", shape, read: () => dequantised(name, shape, codes, kept) },
        ] as const,
    ),
  ]);
  const whole = codesOf(codes, kept);
  for (const name of names.filter((one) => /\.(steps|lows)$/.test(one))) {
    const [own, derived] = [read(name)[1], whole.tensors.get(name)!];
    const at = own.data.findIndex((value, i) => value !== derived.data[i]);
    if (at >= 0) throw badCode(name, own, at);
  }
  return { codes: whole, tensors };
}

/** Whether a file's stem has steps for its features, as every int8 file has and no other. */
export const looksLikeInt8 = (initialisers: Initialisers): boolean => initialisers.has(`${STEM}.steps`);
