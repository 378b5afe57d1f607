/**
 * Adam as part of the graph, applied to all parameters as one vector.
 *
 * m' = β₁ · m + (1 − β₁) · g;  v' = β₂ · v + (1 − β₂) · g²;
 * θ' = θ − lr / (1 − β₁ᵗ) · m' / (√(v' / (1 − β₂ᵗ)) + ε)
 *
 * One vector instead of hundreds of tensors means a dozen nodes instead of thousands.
 *
 * Knows:      ops.
 * Reference:  Kingma and Ba, 2015, algorithm 1; torch.optim.Adam, with weight decay as its L2 penalty.
 */

import type { Value } from "../core/graph.ts";
import { add } from "../ops/add.ts";
import { div } from "../ops/div.ts";
import { minimum } from "../ops/minimum.ts";
import { mul } from "../ops/mul.ts";
import { reduceSum } from "../ops/reduce-sum.ts";
import { sqrt } from "../ops/sqrt.ts";
import { sub } from "../ops/sub.ts";

/** PyTorch's defaults. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** The parameters and their running moments: vectors of equal length. */
export interface AdamState {
  readonly weights: Value;
  readonly moment1: Value;
  readonly moment2: Value;
}

/** The two numbers that depend on the step count, as `adamRates` computes them. */
export interface AdamRates {
  /** lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ), [1]. */
  readonly rate: Value;
  /** ε · √(1 − β₂ᵗ), [1]. */
  readonly epsilon: Value;
}

/**
 * The rates of step `t`, counted from 1. They absorb √(1 − β₂ᵗ), which saves a division pass over all parameters.
 */
export function adamRates(t: number, learningRate: number): { rate: number; epsilon: number } {
  const root = Math.sqrt(1 - ADAM.beta2 ** t);
  return { rate: (learningRate * root) / (1 - ADAM.beta1 ** t), epsilon: ADAM.epsilon * root };
}

/** One step. `gradient` is as long as the parameters. */
export function adam(state: AdamState, gradient: Value, { rate, epsilon }: AdamRates): AdamState {
  const { graph } = gradient;
  const blend = (beta: number, before: Value, now: Value) =>
    add(mul(before, graph.scalar(beta)), mul(now, graph.scalar(1 - beta)));
  const moment1 = blend(ADAM.beta1, state.moment1, gradient);
  const moment2 = blend(ADAM.beta2, state.moment2, mul(gradient, gradient));
  const update = div(mul(moment1, rate), add(sqrt(moment2), epsilon));
  return { weights: sub(state.weights, update), moment1, moment2 };
}

/** Add the gradient of ½ · decay · |θ|²: Adam's weight decay as PyTorch defines it. */
export function withWeightDecay(gradient: Value, weights: Value, decay: number): Value {
  return decay === 0 ? gradient : add(gradient, mul(weights, weights.graph.scalar(decay)));
}

/** Scale a gradient down to a norm of at most `maxNorm`, as torch.nn.utils.clip_grad_norm_ does. */
export function clipNorm(gradient: Value, maxNorm: number): Value {
  const { graph } = gradient;
  const norm = sqrt(reduceSum(mul(gradient, gradient), [0]));
  const factor = div(graph.scalar(maxNorm), add(norm, graph.scalar(1e-6)));
  return mul(gradient, minimum(factor, graph.scalar(1)));
}
