import { type Array64, sum } from "./array.ts";

/** Σ known · ℓ / Σ known with ℓ = −p · t · ln σ(z) − (1 − t) · ln(1 − σ(z)), as [1, 1]. */
export function binaryCrossEntropy(logits: Array64, targets: Array64, known: Array64, posWeight?: Array64) {
  const labels = logits.shape[1]!;
  // −ln σ(z), which neither overflows nor cancels.
  const cost = (z: number) => Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  const losses = Array.from(logits.data, (z, i) => {
    if (known.data[i] !== 1) return 0;
    return targets.data[i] === 1 ? (posWeight?.data[i % labels] ?? 1) * cost(z) : cost(-z);
  });
  return { shape: [1, 1], data: Float64Array.of(sum(losses) / sum(known.data)) } satisfies Array64;
}

/** Adam's weights and moments. */
export interface Adam64 {
  weights: number[];
  moment1: number[];
  moment2: number[];
}

/** Step t, counted from 1, of Kingma and Ba's algorithm 1, line by line. */
export function adamStep(
  state: Adam64,
  gradient: readonly number[],
  t: number,
  learningRate: number,
): Adam64 {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const moment1 = state.moment1.map((m, i) => beta1 * m + (1 - beta1) * gradient[i]!);
  const moment2 = state.moment2.map((v, i) => beta2 * v + (1 - beta2) * gradient[i]! ** 2);
  const weights = state.weights.map((weight, i) => {
    const mean = moment1[i]! / (1 - beta1 ** t);
    const square = moment2[i]! / (1 - beta2 ** t);
    return weight - (learningRate * mean) / (Math.sqrt(square) + epsilon);
  });
  return { weights, moment1, moment2 };
}

/** torch.nn.utils.clip_grad_norm_. */
export function clipNorm(gradient: readonly number[], maxNorm: number): number[] {
  const norm = Math.sqrt(sum(gradient.map((g) => g ** 2)));
  return gradient.map((g) => g * Math.min(1, maxNorm / (norm + 1e-6)));
}
