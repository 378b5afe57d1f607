/**
 * The speed of this machine's convolutions, which bounds every forward pass from below.
 *
 * Measured with a chain of 3 × 3 convolutions of 128 channels at 28 × 28, in float32 on ONNX Runtime with the same
 * number of threads, whose result is reduced so that nothing large leaves the session. The bound is DenseNet121's
 * arithmetic at this rate.
 */

import { GraphBuilder } from "../src/graph/core/builder.ts";
import type { Value } from "../src/graph/core/graph.ts";
import { onnxBytes } from "../src/graph/onnx/model.ts";
import { conv } from "../src/graph/ops/conv.ts";
import { globalAveragePool } from "../src/graph/ops/global-average-pool.ts";
import { densenet121 } from "../src/models/densenet121.ts";
import { createSession } from "../src/node/session.ts";
import { float32, sizeOf, type Tensor } from "../src/tensor.ts";
import { median } from "./measure.ts";

const CHANNELS = 128;
const SIZE = 28;
const LENGTH = 16;

/** Multiplications and additions in all convolutions of DenseNet121, in FLOP per image of 224 × 224. */
export function networkFlops(): number {
  const graph = new GraphBuilder("network");
  densenet121(graph.input("image", ["N", 3, 224, 224]), 14);
  let flops = 0;
  for (const { op, inputs, outputs } of graph.build().nodes) {
    if (op.type !== "Conv") continue;
    const [, , height, width] = outputs[0]!.shape as number[];
    flops += 2 * sizeOf(inputs[1]!.shape as number[]) * height! * width!;
  }
  return flops;
}

/** Float32 convolution rate in FLOP/s: the median of several passes. */
export async function convolutionRate(batch: number, threads: number): Promise<number> {
  const graph = new GraphBuilder("convolutions");
  const shape = [CHANNELS, CHANNELS, 3, 3];
  const weight: Tensor = float32(shape, new Float32Array(sizeOf(shape)).fill(1e-3));
  let x: Value = graph.input("x", [batch, CHANNELS, SIZE, SIZE]);
  const input = float32(x.shape as number[], new Float32Array(sizeOf(x.shape as number[])).fill(0.5));
  const weights = new Map<string, Tensor>();
  for (let i = 0; i < LENGTH; i++) {
    weights.set(`w${i}`, weight);
    x = conv(x, graph.parameter(`w${i}`, shape), { padding: 1 });
  }
  graph.output("y", globalAveragePool(x));
  const session = await createSession(onnxBytes(graph.build(), weights), { threads });
  const seconds: number[] = [];
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    await session.run({ x: input });
    seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  return (LENGTH * 2 * sizeOf(shape) * SIZE * SIZE * batch) / median(seconds.slice(2));
}
