/**
 * The graph builder, which checks names and shapes while a graph is being written.
 *
 * Pipeline:   architecture → **graph** → ONNX bytes → session
 * Knows:      values, nodes and the tape. Not what ops compute.
 */

import { XrayError } from "../../errors.ts";
import { type DType, showShape, sizeOf, type Tensor } from "../../tensor.ts";
import { counted } from "../../text.ts";
import type {
  AnyOp,
  AppliedMultiOp,
  AppliedOp,
  Graph,
  GraphWriter,
  InputGradient,
  Node,
  OpDefinition,
  Shape,
  TapeEntry,
  Value,
  ValueType,
} from "./graph.ts";

/** The tape entry of one op. Gives the op's rule the arguments it needs, whether the op has one output or several. */
function entryOf<Attributes>(
  op: AnyOp<Attributes>,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attributes: Attributes,
): TapeEntry {
  const rule = op.gradient as
    | ((applied: AppliedOp<Attributes> & AppliedMultiOp<Attributes>) => readonly InputGradient[])
    | Exclude<AnyOp["gradient"], CallableFunction>;
  const [output] = outputs as readonly [Value];
  return {
    type: op.type,
    inputs,
    outputs,
    gradient:
      typeof rule === "function"
        ? (gradients) => rule({ inputs, output, outputs, attributes, gradient: gradients[0]!, gradients })
        : rule,
    isPointwise: op.isPointwise ?? false,
  };
}

/** Writes one graph. Every method throws an `XrayError` with a `graph/…` code if the pieces do not fit together. */
export class GraphBuilder implements GraphWriter {
  readonly #name: string;
  readonly #inputs: Value[] = [];
  readonly #outputs = new Map<string, Value>();
  readonly #parameters = new Map<string, Value>();
  readonly #constants = new Map<string, Tensor>();
  readonly #nodes: Node[] = [];
  readonly #tape: TapeEntry[] = [];
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  /** A tensor that is supplied for each run; float32 by default. */
  input(name: string, shape: Shape, dtype: DType = "float32"): Value {
    const value = this.#value(name, { dtype, shape });
    this.#inputs.push(value);
    return value;
  }

  parameter(name: string, shape: readonly number[], dtype: DType = "float32"): Value {
    const value = this.#value(name, { dtype, shape });
    this.#parameters.set(name, value);
    return value;
  }

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

  scalar(number: number): Value {
    return this.constant({ dtype: "float32", shape: [], data: Float32Array.of(number) });
  }

  add<Attributes>(op: OpDefinition<Attributes>, inputs: readonly Value[], attributes: Attributes): Value {
    return this.addAll(op, inputs, attributes)[0]!;
  }

  addAll<Attributes>(
    op: AnyOp<Attributes>,
    inputs: readonly Value[],
    attributes: Attributes,
  ): readonly Value[] {
    for (const input of inputs) this.#checkOwn(op.type, input);
    const inferred = op.infer(inputs, attributes);
    const name = `${op.type}_${this.#nodes.length}`;
    const outputs =
      "dtype" in inferred
        ? [this.#value(name, inferred)]
        : inferred.map((type, i) => this.#value(`${name}_${i}`, type));
    const own = [...inputs];
    this.#nodes.push({ op: op as AnyOp, attributes: attributes as never, inputs: own, outputs });
    this.#tape.push(entryOf(op, own, outputs, attributes));
    return outputs;
  }

  composite<const Outputs extends readonly Value[]>(
    type: string,
    inputs: readonly Value[],
    write: () => Outputs,
    gradient: (outputs: Outputs, gradients: readonly (Value | undefined)[]) => readonly InputGradient[],
  ): Outputs {
    const before = this.#tape.length;
    const outputs = write();
    this.#tape.splice(before);
    this.#tape.push({
      type,
      inputs: [...inputs],
      outputs,
      gradient: (gradients) => gradient(outputs, gradients),
      isPointwise: false,
    });
    return outputs;
  }

  makerOf(value: Value): TapeEntry | undefined {
    return this.#tape.findLast(({ outputs }) => outputs.includes(value));
  }

  get tape(): readonly TapeEntry[] {
    return this.#tape;
  }

  /** Publish a value as an output under `name`. One value may be published under several names. */
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
