/**
 * Binary cross-entropy on logits, over the known labels only.
 *
 * With logit z, target t and weight p of the positives:
 * ℓ = (1 − t) · z + (1 + (p − 1) · t) · ln(1 + e^−z), which neither overflows nor cancels.
 *
 * Knows:      ops.
 * Reference:  torch.nn.BCEWithLogitsLoss(weight=known, pos_weight=p), but divided by the number of known labels.
 */

import type { Value } from "../core/graph.ts";
import { add } from "../ops/add.ts";
import { div } from "../ops/div.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { reduceSum } from "../ops/reduce-sum.ts";
import { softplus } from "../ops/softplus.ts";
import { sub } from "../ops/sub.ts";

/**
 * The mean loss over the known labels of a batch.
 *
 * @param logits     [N, labels].
 * @param targets    [N, labels], 1 or 0. Where a label is unknown, any number but NaN.
 * @param known      [N, labels], 1 or 0, with at least one 1.
 * @param posWeight  [labels], p; 1 by default.
 * @returns          [1, 1].
 */
export function binaryCrossEntropy(logits: Value, targets: Value, known: Value, posWeight?: Value): Value {
  const one = logits.graph.scalar(1);
  const weight = posWeight === undefined ? one : add(one, mul(sub(posWeight, one), targets));
  const losses = add(mul(sub(one, targets), logits), mul(weight, softplus(neg(logits))));
  return div(reduceSum(mul(losses, known), [0, 1]), reduceSum(known, [0, 1]));
}
