/**
 * The model behind `--model demo`: DenseNet121 with untrained weights from a seed.
 *
 * It shows how everything works, and knows nothing of X-rays. It is never used unasked.
 */

import { FINDING_NAMES } from "../findings.ts";
import { resolveCard } from "../models/card.ts";
import type { LoadedModel } from "../models/load.ts";
import { seededWeights } from "../models/seeded.ts";

const SEED = 20171114;

/** Said with every result of the demo model. */
export const DEMO_NOTICE =
  "The demo model is untrained: its weights are random numbers and its output means nothing.";

export function demoModel(given: { labels?: readonly string[] } = {}): LoadedModel {
  const weights = seededWeights(SEED, given.labels?.length ?? 14);
  const card = resolveCard(
    weights,
    { labels: FINDING_NAMES, source: "untrained weights from a seed" },
    given.labels,
  );
  return { ...weights, card, format: "safetensors" };
}
