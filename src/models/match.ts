/**
 * Matching a checkpoint's tensors with the architecture. They fit completely and exactly, or are refused.
 *
 * Pipeline:   file bytes → state dict → renamed → **matched** → graph
 * Knows:      parameter names and shapes. Not files.
 */

import { XrayError } from "../errors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { GraphBuilder } from "../graph/core/builder.ts";
import { firstNonFinite, showShape, type Tensor, toFloat32 } from "../tensor.ts";
import { agreeing } from "../text.ts";
import { densenet121, NUM_FEATURES } from "./densenet121.ts";
import { flatName, OPERATING_POINTS, sideOwner } from "./side-tensors.ts";

const COUNTER = "num_batches_tracked";
const FLOATING: readonly string[] = ["float32", "float64", "float16", "bfloat16"];
const NAMES_SHOWN = 4;

/** The shapes of the tensors that a DenseNet121's state dict must contain, by name. */
export function expectedShapes(inChannels: number, numLabels: number): Map<string, readonly number[]> {
  const graph = new GraphBuilder("shapes");
  densenet121(graph.input("image", ["N", inChannels, 224, 224]), numLabels);
  const shapes = new Map<string, readonly number[]>();
  for (const [name, { shape }] of graph.build().parameters) {
    shapes.set(name, shape as readonly number[]);
    if (name.endsWith(".running_var")) shapes.set(name.replace("running_var", COUNTER), []);
  }
  return shapes;
}

/** A DenseNet121's weights, complete and finite. */
export interface DenseNetWeights {
  readonly inChannels: number;
  readonly numLabels: number;
  /**
   * Every parameter and buffer by torchvision's name, in torchvision's order; counters are int64, all others float32.
   */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Weights that were matched, and what else was among them. */
export interface MatchedWeights extends DenseNetWeights {
  /** Tensors that are not part of the network, each with its owner: `a loss`. */
  readonly leftOut: readonly LeftOut[];
}

/** A tensor that was left out. */
export interface LeftOut {
  readonly name: string;
  readonly owner: string;
}

/** How a checkpoint's tensors and the architecture differ. */
export interface Mismatch {
  readonly missing: readonly string[];
  readonly leftOver: readonly string[];
  readonly otherShape: readonly { name: string; actual: readonly number[]; expected: readonly number[] }[];
  /** Tensors that are not part of the network, but no reason to refuse the file. */
  readonly leftOut: readonly LeftOut[];
}

/** Compare names and shapes. `num_batches_tracked` may be missing, as in files from before PyTorch 0.4.1. */
export function compare(
  tensors: ReadonlyMap<string, TensorEntry>,
  expected: ReadonlyMap<string, readonly number[]>,
): Mismatch {
  const otherShape: { name: string; actual: readonly number[]; expected: readonly number[] }[] = [];
  const missing: string[] = [];
  for (const [name, shape] of expected) {
    const entry = tensors.get(name);
    if (entry === undefined) {
      if (!name.endsWith(COUNTER)) missing.push(name);
    } else if (showShape(entry.shape) !== showShape(shape)) {
      otherShape.push({ name, actual: entry.shape, expected: shape });
    }
  }
  const leftOver: string[] = [];
  const leftOut: LeftOut[] = [];
  const flat = new Set([...expected.keys()].map(flatName));
  for (const name of tensors.keys()) {
    if (expected.has(name)) continue;
    const owner = sideOwner(name, tensors.get(name)!, (leaf) => flat.has(flatName(leaf)));
    if (owner === undefined) leftOver.push(name);
    else leftOut.push({ name, owner });
  }
  return { missing, leftOver, otherShape, leftOut };
}

const shorten = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);

function list(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).map(shorten).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function mismatchError({ missing, leftOver, otherShape }: Mismatch): XrayError {
  const parts: string[] = [];
  if (missing.length > 0) parts.push(`${missing.length} missing (${list(missing)})`);
  if (leftOver.length > 0) parts.push(`${leftOver.length} left over (${list(leftOver)})`);
  if (otherShape.length > 0) {
    const shapes = otherShape.map(
      (o) => `${o.name} is ${showShape(o.actual)}, expected ${showShape(o.expected)}`,
    );
    parts.push(`${otherShape.length} of another shape (${list(shapes)})`);
  }
  const code =
    otherShape.length > 0 && missing.length === 0 ? "checkpoint/shape-mismatch" : "checkpoint/mismatch";
  return new XrayError(
    code,
    `its tensors are not those of a DenseNet121: ${parts.join("; ")}; inspect the file to see what it holds`,
    { missing, leftOver, otherShape },
  );
}

/** The number of input channels and of labels, from the shapes of the first and the last layer. */
export function readDimensions(tensors: ReadonlyMap<string, TensorEntry>): {
  inChannels: number;
  numLabels: number;
} {
  const conv0 = tensors.get("features.conv0.weight")?.shape;
  const classifier = tensors.get("classifier.weight")?.shape;
  const inChannels = conv0?.length === 4 && (conv0[1] === 1 || conv0[1] === 3) ? conv0[1] : 3;
  const numLabels = classifier?.length === 2 && classifier[1] === NUM_FEATURES ? classifier[0]! : 14;
  return { inChannels, numLabels: Math.min(Math.max(numLabels, 1), 100_000) };
}

function readParameter(name: string, entry: TensorEntry): Tensor {
  if (!FLOATING.includes(entry.dtype)) {
    throw new XrayError(
      "checkpoint/bad-dtype",
      `"${name}" is ${entry.dtype}; save the weights as float16, bfloat16, float32 or float64`,
      { name, dtype: entry.dtype },
    );
  }
  const tensor = toFloat32(entry.read());
  const at = firstNonFinite(tensor.data);
  if (at >= 0) {
    throw new XrayError(
      "checkpoint/not-finite",
      `"${name}" holds ${tensor.data[at]} at element ${at}; the checkpoint is damaged, or its training diverged; use an earlier one`,
      { name, at },
    );
  }
  return tensor;
}

/** Read `num_batches_tracked`, which is 0 if it is missing. */
function readCounter(name: string, entry: TensorEntry | undefined): Tensor {
  const count = entry === undefined ? 0 : Number(entry.read().data[0]);
  if (!Number.isSafeInteger(count)) {
    throw new XrayError(
      "checkpoint/not-finite",
      `"${name}" is ${count}, which is not a count; the file is damaged`,
      { name },
    );
  }
  return { dtype: "int64", shape: [], data: BigInt64Array.of(BigInt(count)) };
}

/**
 * Match tensors, already renamed to torchvision's names, with DenseNet121.
 *
 * @param tensors  By name. Only `num_batches_tracked` counters may be missing; they become 0.
 * @throws         XrayError `checkpoint/mismatch` or `checkpoint/shape-mismatch`, which list what is missing, left over
 *                 or has another shape; `checkpoint/bad-dtype`, `checkpoint/not-finite`, `checkpoint/bad-variance`.
 */
export function matchDenseNet(tensors: ReadonlyMap<string, TensorEntry>): MatchedWeights {
  const { inChannels, numLabels } = readDimensions(tensors);
  const expected = expectedShapes(inChannels, numLabels);
  const mismatch = compare(tensors, expected);
  if (mismatch.missing.length + mismatch.leftOver.length + mismatch.otherShape.length > 0) {
    throw mismatchError(mismatch);
  }
  const matched = new Map<string, Tensor>();
  for (const name of expected.keys()) {
    const entry = tensors.get(name);
    if (name.endsWith(COUNTER)) {
      matched.set(name, readCounter(name, entry));
      continue;
    }
    const tensor = readParameter(name, entry!);
    if (name.endsWith("running_var") && (tensor.data as Float32Array).some((variance) => variance < 0)) {
      throw new XrayError(
        "checkpoint/bad-variance",
        `"${name}" holds a negative variance; the file is damaged`,
        { name },
      );
    }
    matched.set(name, tensor);
  }
  return { inChannels, numLabels, tensors: matched, leftOut: mismatch.leftOut };
}

/** Notes on what was left out, one for each owner. */
export function leftOutInWords(leftOut: readonly LeftOut[]): string[] {
  const owners = new Map<string, string[]>();
  for (const { name, owner } of leftOut.filter(({ owner }) => owner !== OPERATING_POINTS))
    owners.set(owner, [...(owners.get(owner) ?? []), name]);
  return [...owners].map(
    ([owner, names]) =>
      `left out ${list(names)}, which by ${agreeing(names.length, "its name belongs", "their names belong")} to ${owner} and cannot change the outputs`,
  );
}
