/**
 * Slice: elements `start`, `start + stride`, … below `end`, of one or more axes.
 *
 * ∂/∂x is g, with zeros where nothing was taken; the rule is for stride 1.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { extentsOf, misfit, take } from "../core/shapes.ts";
import { pad } from "./pad.ts";

/** A part of one axis. */
export interface AxisPart {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly stride?: number;
}

export interface SliceAttributes {
  readonly parts: readonly AxisPart[];
}

const sliceOp: OpDefinition<SliceAttributes> = {
  type: "Slice",
  infer(inputs, { parts }) {
    const [x] = take("Slice", inputs, 5, "mixed");
    const shape = [...x!.shape];
    for (const { axis, start, end, stride = 1 } of parts) {
      const isWithin = start >= 0 && start < end && end <= extentsOf("Slice", x!, [axis]) && stride >= 1;
      if (!isWithin) throw misfit("Slice", `there is no part ${start} to ${end} of axis ${axis}`, [x!]);
      shape[axis] = Math.ceil((end - start) / stride);
    }
    return { dtype: x!.dtype, shape };
  },
  onnx: () => ({}),
  gradient: ({ inputs: [x], attributes: { parts }, gradient }) => [
    () => {
      if (parts.some(({ stride = 1 }) => stride !== 1))
        throw misfit("Slice", "has no strided gradient", [x!]);
      const part = (axis: number) => parts.find((candidate) => candidate.axis === axis);
      const before = x!.shape.map((_, axis) => part(axis)?.start ?? 0);
      const after = x!.shape.map((dim, axis) => (part(axis) ? (dim as number) - part(axis)!.end : 0));
      return pad(gradient, before, after);
    },
  ],
};

export function slice(x: Value, parts: readonly AxisPart[]): Value {
  const list = (values: readonly number[]) =>
    x.graph.constant({ dtype: "int64", shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  const inputs = [
    x,
    list(parts.map(({ start }) => start)),
    list(parts.map(({ end }) => end)),
    list(parts.map(({ axis }) => axis)),
    list(parts.map(({ stride = 1 }) => stride)),
  ];
  return x.graph.add(sliceOp, inputs, { parts });
}
