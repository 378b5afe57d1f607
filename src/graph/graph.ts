/**
 * The graph layer: values, nodes and the builder that checks shapes while a graph is written.
 *
 * Pipeline:   architecture → **graph** → ONNX bytes → session
 * Knows:      shapes and dtypes. Not weights (they join when bytes are written), files or ONNX Runtime.
 *
 * A graph is written by calling op functions on values (`relu(conv(x, weight, …))`); each op's file under
 * `ops/` holds its shape rule, its ONNX form and its gradient rule, which `backward.ts` follows.
 */

import { XrayError } from "../errors.ts";
import { type DType, showShape, sizeOf, type Tensor } from "../tensor.ts";
import { counted } from "../text.ts";

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
  readonly graph: GraphBuilder;
}

/** What an ONNX attribute can hold here. A whole `number` is an INT unless wrapped as `{ float }`. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

/**
 * The gradient of one input of a step, written when it is asked for; undefined where there is none to follow, such as
 * a condition's. Its shape broadcasts to the input's: an extent of 1 stands for the same number all along.
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

/** For ops that no gradient goes through, and why. */
export interface NoGradient {
  readonly noGradient: string;
}

/** Ops that only `backward` writes: second derivatives are not built. */
export const BACKWARD_ONLY: NoGradient = { noGradient: "it stands in backward graphs only" };

/** One op: what it does to shapes, what it is called in ONNX, and its gradient. */
export interface OpDefinition<Attributes> {
  /** The operator's type in the default ONNX domain. */
  readonly type: string;
  /** Output type from input types. Throws `graph/…` where they do not fit. */
  infer(inputs: readonly ValueType[], attributes: Attributes): ValueType;
  /** The operator's attributes as ONNX names them. */
  onnx(attributes: Attributes): Readonly<Record<string, OnnxAttribute>>;
  /** A rule, or the reason why there is none. */
  readonly gradient: GradientRule<Attributes> | NoGradient;
  /** Whether the rule works on each element alone, so that a gradient's extents of 1 may stay 1. */
  readonly isPointwise?: boolean;
}

/** One application of an op. */
export interface Node {
  readonly op: OpDefinition<never>;
  readonly onnxAttributes: Readonly<Record<string, OnnxAttribute>>;
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** What `backward` follows: one op, or several that have a gradient of their own together. */
export interface Step {
  readonly type: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** From the gradients of the outputs, of which at least one is known. */
  readonly gradient: ((gradients: readonly (Value | undefined)[]) => readonly InputGradient[]) | NoGradient;
  /** Whether gradients may come with extents of 1 that stand for more; else they come whole. */
  readonly isPointwise: boolean;
}

/** A finished graph: nodes in topological order, unless `memory-order.ts` has listed them. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: ReadonlyMap<string, Value>;
  /** Trainable and running tensors by name. Their elements join when the graph becomes ONNX bytes. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}

/** Writes one graph. Every method throws an `XrayError` with a `graph/…` code where the pieces do not fit. */
export class GraphBuilder {
  readonly #name: string;
  readonly #inputs: Value[] = [];
  readonly #outputs = new Map<string, Value>();
  readonly #parameters = new Map<string, Value>();
  readonly #constants = new Map<string, Tensor>();
  readonly #nodes: Node[] = [];
  readonly #steps: Step[] = [];
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  /** A tensor that is fed at each run. */
  input(name: string, shape: Shape, dtype: DType = "float32"): Value {
    const value = this.#value(name, { dtype, shape });
    this.#inputs.push(value);
    return value;
  }

  /** A float32 tensor that comes with the weights, under its name there. */
  parameter(name: string, shape: readonly number[]): Value {
    const value = this.#value(name, { dtype: "float32", shape });
    this.#parameters.set(name, value);
    return value;
  }

  /** A tensor that is part of the graph itself. */
  constant(tensor: Tensor): Value {
    if (tensor.data.length !== sizeOf(tensor.shape)) {
      throw new XrayError(
        "graph/bad-constant",
        `a constant of shape ${showShape(tensor.shape)} was given ${counted(tensor.data.length, "element")}`,
        { shape: tensor.shape, length: tensor.data.length },
      );
    }
    const value = this.#value(`constant_${this.#constants.size}`, tensor);
    this.#constants.set(value.name, tensor);
    return value;
  }

  /** A float32 scalar constant. */
  scalar(number: number): Value {
    return this.constant({ dtype: "float32", shape: [], data: Float32Array.of(number) });
  }

  /** Append a node and return its output. Called by the op functions in `ops/`. */
  add<Attributes>(op: OpDefinition<Attributes>, inputs: readonly Value[], attributes: Attributes): Value {
    for (const input of inputs) this.#checkOwn(op.type, input);
    const output = this.#value(`${op.type}_${this.#nodes.length}`, op.infer(inputs, attributes));
    this.#nodes.push({ op, onnxAttributes: op.onnx(attributes), inputs: [...inputs], output });
    const rule = op.gradient;
    const gradient: Step["gradient"] =
      typeof rule === "function" ? ([g]) => rule({ inputs, output, attributes, gradient: g! }) : rule;
    this.#steps.push({
      type: op.type,
      inputs: [...inputs],
      outputs: [output],
      gradient,
      isPointwise: op.isPointwise ?? false,
    });
    return output;
  }

  /**
   * Write several ops as one step, whose gradient is given instead of derived.
   *
   * @param write     Writes the ops and returns what they compute; nothing else of them may be used outside.
   * @param gradient  From what was computed, and the gradients of it that are known, to those of the inputs.
   */
  composite<const Outputs extends readonly Value[]>(
    type: string,
    inputs: readonly Value[],
    write: () => Outputs,
    gradient: (outputs: Outputs, gradients: readonly (Value | undefined)[]) => readonly InputGradient[],
  ): Outputs {
    const before = this.#steps.length;
    const outputs = write();
    this.#steps.splice(before);
    this.#steps.push({
      type,
      inputs: [...inputs],
      outputs,
      gradient: (g) => gradient(outputs, g),
      isPointwise: false,
    });
    return outputs;
  }

  /** The step that computes a value; undefined for inputs, parameters and constants. */
  stepOf(value: Value): Step | undefined {
    return this.#steps.findLast(({ outputs }) => outputs.includes(value));
  }

  /** What has been written so far, in order. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Publish a value under a name of its own. One value may be published under several names. */
  output(name: string, value: Value): void {
    this.#checkOwn(`output "${name}"`, value);
    this.#claim(name);
    this.#outputs.set(name, value);
  }

  build(): Graph {
    return {
      name: this.#name,
      inputs: [...this.#inputs],
      outputs: new Map(this.#outputs),
      parameters: new Map(this.#parameters),
      constants: new Map(this.#constants),
      nodes: [...this.#nodes],
    };
  }

  #value(name: string, { dtype, shape }: ValueType): Value {
    this.#claim(name);
    return { name, dtype, shape, graph: this };
  }

  #checkOwn(user: string, value: Value): void {
    if (value.graph === this) return;
    throw new XrayError("graph/foreign-value", `${user}: "${value.name}" belongs to another graph`, {
      user,
      name: value.name,
    });
  }

  #claim(name: string): void {
    if (this.#names.has(name)) {
      throw new XrayError("graph/duplicate-name", `the name "${name}" is taken in this graph`, { name });
    }
    this.#names.add(name);
  }
}
