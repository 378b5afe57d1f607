import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Value } from "../../../src/graph/core/graph.ts";
import { ADAM, adam, adamRates, clipNorm, withWeightDecay } from "../../../src/graph/gradient/adam.ts";
import { onnxBytes } from "../../../src/graph/onnx/model.ts";
import { runFloat32 } from "../../../src/graph/session.ts";
import { createSession } from "../../../src/node/session.ts";
import { float32, type Tensor } from "../../../src/tensor.ts";
import { fixtureJson } from "../../fixtures.ts";
import { type Adam64, adamStep, clipNorm as clipOracle } from "../../oracle/training.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { numbers, runGraph } from "../../support/run-graph.ts";

const LENGTH = 17;
const RATE = 1e-2;
const STEPS = 20;

/** The gradient of step t, counted from 1, as scripts/reference/gradients.py has it. */
const gradientAt = (t: number) => [...numbers([LENGTH], 100 + t).data].map((g) => g * 10 ** ((t % 3) - 1));

interface Settings {
  readonly decay: number;
  readonly clip: number | null;
}

/** The state after each of 20 steps on ONNX Runtime. */
async function train({ decay, clip }: Settings): Promise<Record<keyof Adam64, Tensor<"float32">>[]> {
  const graph = new GraphBuilder("adam");
  const input = (name: string, length = LENGTH) => graph.input(name, [length]);
  const state = { weights: input("weights"), moment1: input("moment1"), moment2: input("moment2") };
  const given = input("gradient");
  const clipped = clip === null ? given : clipNorm(given, clip);
  const gradient = withWeightDecay(clipped, state.weights, decay);
  const next = adam(state, gradient, { rate: input("rate", 1), epsilon: input("epsilon", 1) });
  for (const [name, value] of Object.entries(next)) graph.output(`${name}'`, value as Value);
  const session = await createSession(onnxBytes(graph.build(), new Map()), { threads: 1 });
  const zero = float32([LENGTH], new Float32Array(LENGTH));
  const states = [{ weights: numbers([LENGTH], 1), moment1: zero, moment2: zero }];
  for (let t = 1; t <= STEPS; t++) {
    const { rate, epsilon } = adamRates(t, RATE);
    const out = await runFloat32(session, {
      ...states.at(-1)!,
      gradient: float32([LENGTH], Float32Array.from(gradientAt(t))),
      rate: float32([1], Float32Array.of(rate)),
      epsilon: float32([1], Float32Array.of(epsilon)),
    });
    states.push({ weights: out["weights'"]!, moment1: out["moment1'"]!, moment2: out["moment2'"]! });
  }
  await session.release();
  return states.slice(1);
}

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) =>
  expect(maxDifference(actual, expected)).toBeLessThanOrEqual(tolerance * maxMagnitude(expected));

test.each<Settings>([
  { decay: 0, clip: null },
  { decay: 0.1, clip: null },
  { decay: 0, clip: 1 },
  { decay: 0.01, clip: 30 },
])("20 steps are algorithm 1's, weight decay $decay, gradients cut at $clip", async ({ decay, clip }) => {
  const zeros = new Array<number>(LENGTH).fill(0);
  let expected: Adam64 = { weights: [...numbers([LENGTH], 1).data], moment1: zeros, moment2: zeros };
  for (const [i, actual] of (await train({ decay, clip })).entries()) {
    const given = clip === null ? gradientAt(i + 1) : clipOracle(gradientAt(i + 1), clip);
    const gradient = given.map((g, at) => g + decay * expected.weights[at]!);
    expected = adamStep(expected, gradient, i + 1, RATE);
    near(actual.weights.data, expected.weights, 1e-6);
    near(actual.moment1.data, expected.moment1, 1e-5);
    near(actual.moment2.data, expected.moment2, 1e-5);
  }
});

interface AdamRow extends Settings {
  readonly norms: readonly number[];
  readonly after: readonly { readonly t: number; readonly weights: readonly number[] }[];
}

test.each(fixtureJson<AdamRow[]>("gradients/adam.json"))(
  "PyTorch's steps, weight decay $decay, gradients cut at $clip",
  async (row) => {
    // Where gradients are cut, some are and some are not.
    const cut = row.norms.filter((norm) => norm > row.clip!).length;
    expect(row.clip === null || (cut > 0 && cut < STEPS)).toBe(true);
    const states = await train(row);
    expect(row.after.map(({ t }) => t)).toEqual([1, 2, STEPS]);
    for (const { t, weights } of row.after) near(states[t - 1]!.weights.data, weights, 1e-6);
  },
);

test("the first step is the learning rate long, whatever the gradient's length", async () => {
  const [first] = await train({ decay: 0, clip: null });
  const before = numbers([LENGTH], 1).data;
  const steps = [...first!.weights.data].map((weight, i) => weight - before[i]!);
  const expected = gradientAt(1).map((g) => -RATE * Math.sign(g));
  expect(maxDifference(steps, expected)).toBeLessThan(1e-6);
});

test("a gradient of 0 from the start moves nothing", async () => {
  const zero = float32([3], new Float32Array(3));
  const weights = float32([3], Float32Array.of(1, -2, 3));
  const { rate, epsilon } = adamRates(1, RATE);
  const scalars = [rate, epsilon].map((value) => float32([1], Float32Array.of(value)));
  const { data } = await runGraph([weights, zero, ...scalars], (theta, none, r, e) => {
    const state = { weights: theta!, moment1: none!, moment2: none! };
    return adam(state, none!, { rate: r!, epsilon: e! }).weights;
  });
  expect([...data]).toEqual([1, -2, 3]);
});

test.each([1, 2, 10, 1000, 100_000])("the rates of step %i, multiplied out", (t) => {
  const { rate, epsilon } = adamRates(t, RATE);
  const [m, v] = [0.3, 0.07];
  const mean = m / (1 - 0.9 ** t);
  const root = Math.sqrt(v / (1 - 0.999 ** t));
  expect((rate * m) / (Math.sqrt(v) + epsilon)).toBeCloseTo((RATE * mean) / (root + 1e-8), 14);
  expect(epsilon).toBeCloseTo(1e-8 * Math.sqrt(1 - 0.999 ** t), 20);
});

test("Adam's numbers are PyTorch's defaults", () => {
  expect(ADAM).toEqual({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
});

test.each([
  ["above the limit", 0.5],
  ["at the limit", 5],
  ["below it", 50],
])("clipping a gradient of length 5 %s", async (_, limit) => {
  const gradient = float32([3], Float32Array.of(3, 0, -4));
  const { data } = await runGraph([gradient], (g) => clipNorm(g!, limit));
  near(data, clipOracle([3, 0, -4], limit), 1e-6);
  if (limit === 50) expect([...data]).toEqual([3, 0, -4]);
});

test("a gradient of 0 stays 0 when it is clipped", async () => {
  const { data } = await runGraph([float32([2], new Float32Array(2))], (g) => clipNorm(g!, 1));
  expect([...data]).toEqual([0, 0]);
});

test("no weight decay adds no nodes", () => {
  const graph = new GraphBuilder("decay");
  const [gradient, weights] = [graph.input("g", [2]), graph.input("w", [2])];
  expect(withWeightDecay(gradient, weights, 0)).toBe(gradient);
});
