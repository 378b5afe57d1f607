/**
 * The vocabulary of the graph layer: values, ops, nodes and graphs.
 *
 * Pipeline:   architecture → **graph** → ONNX bytes → session
 * Knows:      shapes and dtypes. Not weights (they are added when bytes are written), files or ONNX Runtime.
 *
 * A graph is written by calling op functions on values (`relu(conv(x, weight, …))`), which append to a `GraphBuilder`.
 * Each op's file under `ops/` holds its shape rule, its ONNX form and its gradient rule, which `gradient/backward.ts`
 * follows.
 */

import type { DType, Tensor } from "../../tensor.ts";

/** The extent of one axis: a number, or a name for one that is known only at run time, such as the batch size `"N"`. */
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
 * Writes the gradient of one input when called; undefined if the input has none, such as a condition. Its shape
 * broadcasts to the input's: an extent of 1 stands for the same number along the whole axis.
 */
export type InputGradient = (() => Value) | undefined;

/** One application of an op, as its gradient rule sees it: `gradient` is the gradient of the output. */
export interface AppliedOp<Attributes> {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
  readonly gradient: Value;
}

/** Computes the gradients of an op's inputs, in order, from the gradient of its output. */
export type GradientRule<Attributes> = (applied: AppliedOp<Attributes>) => readonly InputGradient[];

/** One application of an op with several outputs. The gradient of at least one output is known. */
export interface AppliedMultiOp<Attributes> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  readonly gradients: readonly (Value | undefined)[];
}

/** Computes the gradients of an op's inputs, in order, from the gradients of its outputs. */
export type MultiGradientRule<Attributes> = (applied: AppliedMultiOp<Attributes>) => readonly InputGradient[];

/** Marks an op that passes no gradient on, and says why. */
export interface NoGradient {
  readonly noGradient: string;
}

/** For ops that only `backward` writes. Second derivatives are not supported. */
export const BACKWARD_ONLY: NoGradient = { noGradient: "it stands in backward graphs only" };

/** Returns the operator's attributes under the names that ONNX gives them. */
export type OnnxForm<Attributes> = (attributes: Attributes) => Readonly<Record<string, OnnxAttribute>>;

/** Writes an op that ONNX lacks in terms of ops that ONNX has, in the graph of its inputs. */
export interface WrittenForm<Attributes> {
  write(inputs: readonly Value[], attributes: Attributes): Value;
}

/** What ops with one output and ops with several have in common. */
interface OpForm {
  /** The operator's type in the default ONNX domain, or a name of our own if ONNX has no such operator. */
  readonly type: string;
  /** Whether the gradient rule treats each element separately, so that extents of 1 in a gradient may stay 1. */
  readonly isPointwise?: boolean;
}

/** One op: its shape rule, its ONNX form and its gradient. */
export interface OpDefinition<Attributes> extends OpForm {
  /** Output type from input types. Throws `graph/…` if they do not fit. */
  infer(inputs: readonly ValueType[], attributes: Attributes): ValueType;
  /** Its form as an ONNX operator, or how to write it without one. */
  readonly onnx: OnnxForm<Attributes> | WrittenForm<Attributes>;
  /** The gradient rule, or the reason why there is none. */
  readonly gradient: GradientRule<Attributes> | NoGradient;
}

/** An op with several outputs. */
export interface MultiOpDefinition<Attributes> extends OpForm {
  /** Output types, in order, from input types. Throws `graph/…` if they do not fit. */
  infer(inputs: readonly ValueType[], attributes: Attributes): readonly ValueType[];
  readonly onnx: OnnxForm<Attributes>;
  readonly gradient: MultiGradientRule<Attributes> | NoGradient;
}

/** Any op, with attributes whose type only the op itself knows. */
export type AnyOp<Attributes = never> = OpDefinition<Attributes> | MultiOpDefinition<Attributes>;

/** One application of an op. */
export interface Node {
  readonly op: AnyOp;
  /** The attributes that `op` expects; no other code can read them. */
  readonly attributes: never;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** An entry of the tape, which `backward` follows: one op, or several with a joint gradient. */
export interface TapeEntry {
  readonly type: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Computes the gradients of the inputs from the gradients of the outputs, at least one of which is known. */
  readonly gradient: ((gradients: readonly (Value | undefined)[]) => readonly InputGradient[]) | NoGradient;
  /** Whether a gradient may keep extents of 1 that stand for larger ones; otherwise it is expanded first. */
  readonly isPointwise: boolean;
}

/** A finished graph. Nodes are in topological order unless a lowering has reordered them. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: ReadonlyMap<string, Value>;
  /** Trainable and running tensors by name. Their elements are added when the graph is written as ONNX bytes. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}

/** What op functions write to: the graph of their values. Every method throws `graph/…` if the pieces do not fit. */
export interface GraphWriter {
  /** A tensor that comes with the weights, under the same name; float32 by default. */
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
   * Write several ops as one entry of the tape, with a given gradient instead of a derived one.
   *
   * @param write     Writes the ops and returns their results. No other value that it makes may be used outside.
   * @param gradient  Computes the gradients of the inputs from the results and those of their gradients that are known.
   */
  composite<const Outputs extends readonly Value[]>(
    type: string,
    inputs: readonly Value[],
    write: () => Outputs,
    gradient: (outputs: Outputs, gradients: readonly (Value | undefined)[]) => readonly InputGradient[],
  ): Outputs;
  /** The tape entry that computes a value; undefined for inputs, parameters and constants. */
  makerOf(value: Value): TapeEntry | undefined;
  /** The entries written so far, in order. */
  readonly tape: readonly TapeEntry[];
}
