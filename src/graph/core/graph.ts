/**
 * The words of the graph layer: values, ops, nodes and graphs.
 *
 * Pipeline:   architecture → **graph** → ONNX bytes → session
 * Knows:      shapes and dtypes. Not weights (they join when bytes are written), files or ONNX Runtime.
 *
 * A graph is written by calling op functions on values (`relu(conv(x, weight, …))`), which append to a `GraphBuilder`; each
 * op's file under `ops/` holds its shape rule, its ONNX form and its gradient rule, which `gradient/backward.ts` follows.
 */

import type { DType, Tensor } from "../../tensor.ts";

/** An extent: a number, or the name of one that is known only at run time, such as the batch size `"N"`. */
export type Dim = number | string;

export type Shape = readonly Dim[];

export interface ValueType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** One edge of a graph. Made by a `GraphBuilder`, never by hand. */
export interface Value extends ValueType {
  readonly name: string;
  readonly graph: GraphWriter;
}

/** What an ONNX attribute can hold here. A whole `number` is an INT unless wrapped as `{ float }`. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

/**
 * The gradient of one input, written when it is asked for; undefined where there is none to follow, such as a
 * condition's. Its shape broadcasts to the input's: an extent of 1 stands for the same number all along.
 */
export type InputGradient = (() => Value) | undefined;

/** One application of an op, seen from behind: `gradient` is that of its output. */
export interface AppliedOp<Attributes> {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
  readonly gradient: Value;
}

/** From the gradient of an op's output to those of its inputs, in their order. */
export type GradientRule<Attributes> = (applied: AppliedOp<Attributes>) => readonly InputGradient[];

/** One application of an op with several outputs, of whose gradients at least one is known. */
export interface AppliedMultiOp<Attributes> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  readonly gradients: readonly (Value | undefined)[];
}

/** From the gradients of an op's outputs to those of its inputs, in their order. */
export type MultiGradientRule<Attributes> = (applied: AppliedMultiOp<Attributes>) => readonly InputGradient[];

/** For ops that no gradient goes through, and why. */
export interface NoGradient {
  readonly noGradient: string;
}

/** Ops that only `backward` writes: second derivatives are not built. */
export const BACKWARD_ONLY: NoGradient = { noGradient: "it stands in backward graphs only" };

/** The operator's attributes as ONNX names them. */
export type OnnxForm<Attributes> = (attributes: Attributes) => Readonly<Record<string, OnnxAttribute>>;

/** How an op that ONNX does not have is written with ops that it has, in the graph of its inputs. */
export interface WrittenForm<Attributes> {
  write(inputs: readonly Value[], attributes: Attributes): Value;
}

/** What ops with one output and with several have in common. */
interface OpForm {
  /** The operator's type in the default ONNX domain; a name of its own where ONNX has no such operator. */
  readonly type: string;
  /** Whether the rule works on each element alone, so that a gradient's extents of 1 may stay 1. */
  readonly isPointwise?: boolean;
}

/** One op: what it does to shapes, what it is called in ONNX, and its gradient. */
export interface OpDefinition<Attributes> extends OpForm {
  /** Output type from input types. Throws `graph/…` where they do not fit. */
  infer(inputs: readonly ValueType[], attributes: Attributes): ValueType;
  /** Its form as an operator of ONNX's, or how it is written without one. */
  readonly onnx: OnnxForm<Attributes> | WrittenForm<Attributes>;
  /** A rule, or the reason why there is none. */
  readonly gradient: GradientRule<Attributes> | NoGradient;
}

/** An op with several outputs. */
export interface MultiOpDefinition<Attributes> extends OpForm {
  /** Output types, in their order, from input types. Throws `graph/…` where they do not fit. */
  infer(inputs: readonly ValueType[], attributes: Attributes): readonly ValueType[];
  readonly onnx: OnnxForm<Attributes>;
  readonly gradient: MultiGradientRule<Attributes> | NoGradient;
}

/** Any op, with attributes that only it knows. */
export type AnyOp<Attributes = never> = OpDefinition<Attributes> | MultiOpDefinition<Attributes>;

/** One application of an op. */
export interface Node {
  readonly op: AnyOp;
  /** What `op` takes; nobody else can tell what is in it. */
  readonly attributes: never;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** An entry of the tape, which `backward` follows: one op, or several that have a gradient of their own together. */
export interface TapeEntry {
  readonly type: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** From the gradients of the outputs, of which at least one is known. */
  readonly gradient: ((gradients: readonly (Value | undefined)[]) => readonly InputGradient[]) | NoGradient;
  /** Whether gradients may come with extents of 1 that stand for more; else they come whole. */
  readonly isPointwise: boolean;
}

/** A finished graph: nodes in topological order, unless a lowering has listed them in another. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: ReadonlyMap<string, Value>;
  /** Trainable and running tensors by name. Their elements join when the graph becomes ONNX bytes. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}

/** What op functions write to: the graph of their values. Every method throws `graph/…` where the pieces do not fit. */
export interface GraphWriter {
  /** A tensor that comes with the weights, under its name there; float32 unless given. */
  parameter(name: string, shape: readonly number[], dtype?: DType): Value;
  /** A tensor that is part of the graph itself. */
  constant(tensor: Tensor): Value;
  /** A float32 scalar constant. */
  scalar(number: number): Value;
  /** Append a node and return its output. Called by the op functions in `ops/`. */
  add<Attributes>(op: OpDefinition<Attributes>, inputs: readonly Value[], attributes: Attributes): Value;
  /** Append a node and return all of its outputs. */
  addAll<Attributes>(
    op: AnyOp<Attributes>,
    inputs: readonly Value[],
    attributes: Attributes,
  ): readonly Value[];
  /**
   * Write several ops as one entry of the tape, whose gradient is given instead of derived.
   *
   * @param write     Writes the ops and returns what they compute; nothing else of them may be used outside.
   * @param gradient  From what was computed, and the gradients of it that are known, to those of the inputs.
   */
  composite<const Outputs extends readonly Value[]>(
    type: string,
    inputs: readonly Value[],
    write: () => Outputs,
    gradient: (outputs: Outputs, gradients: readonly (Value | undefined)[]) => readonly InputGradient[],
  ): Outputs;
  /** What computes a value; undefined for inputs, parameters and constants. */
  makerOf(value: Value): TapeEntry | undefined;
  /** What has been written so far, in order. */
  readonly tape: readonly TapeEntry[];
}
