/**
 * From a checkpoint's bytes to a DenseNet121 with its card.
 *
 * Pipeline:   checkpoint → **all of its weights, finite and in shape, with a card** → graph
 * Knows:      checkpoints and DenseNet121. Not files, paths or sessions.
 */

import { XrayError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { ResolvedCard } from "./card.ts";
import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { WeightKind } from "./choose-weights.ts";
import type { Codes } from "./codes.ts";
import { type DenseNetWeights, leftOutInWords, type MatchedWeights, matchDenseNet } from "./match.ts";
import { type LoadHints, settleCard } from "./settle-card.ts";

/** What is known about any model, whatever its network is. */
export interface LoadedFacts {
  /** Colour channels of its input. */
  readonly inChannels: number;
  /** Outputs that the card's labels belong to. */
  readonly numLabels: number;
  readonly card: ResolvedCard;
  readonly format: Checkpoint["format"];
  /** Its convolutions in whole numbers, if the file holds those; `tensors` then are what they stand for. */
  readonly codes?: Codes;
  /** Whether these are the file's plain or its averaged weights. */
  readonly weightKind: WeightKind;
  /** The index in the file of each label's output. */
  readonly outputs: readonly number[];
  /** Notes on how the file was read: what was found, assumed or left out. */
  readonly notes: readonly string[];
}

/** A DenseNet121 that is ready to become a graph, with complete, finite weights and a complete card. */
export interface LoadedModel extends DenseNetWeights, LoadedFacts {}

/** The outputs that a card names. Throws `card/softmax-unnamed`. */
export function namedOutputs({ labels, activation }: ResolvedCard): readonly number[] {
  const kept = labels.flatMap((label, i) => (label === "" ? [] : [i]));
  if (kept.length === labels.length || activation !== "softmax") return kept;
  throw new XrayError(
    "card/softmax-unnamed",
    "an output without a name cannot be left out under a softmax, whose sum it is part of; name all outputs",
    { labels },
  );
}

/** Drop the classifier's rows for outputs that were never trained. Throws `card/softmax-unnamed`. */
function selectOutputs(
  weights: DenseNetWeights,
  card: ResolvedCard,
): { weights: DenseNetWeights; card: ResolvedCard; outputs: readonly number[] } {
  const kept = namedOutputs(card);
  if (kept.length === card.labels.length) return { weights, card, outputs: kept };
  const tensors = new Map(weights.tensors);
  for (const name of ["classifier.weight", "classifier.bias"]) {
    const { shape, data } = tensors.get(name) as Tensor<"float32">;
    const width = data.length / shape[0]!;
    const rows = new Float32Array(kept.length * width);
    for (const [to, from] of kept.entries())
      rows.set(data.subarray(from * width, (from + 1) * width), to * width);
    tensors.set(name, { dtype: "float32", shape: [kept.length, ...shape.slice(1)], data: rows });
  }
  return {
    weights: { ...weights, numLabels: kept.length, tensors },
    card: { ...card, labels: kept.map((i) => card.labels[i]!) },
    outputs: kept,
  };
}

/** Match a network's weights. If they do not fit, the error also says what else the file holds. */
function matchNetwork({ parameters, notes }: Checkpoint): MatchedWeights {
  try {
    return matchDenseNet(parameters);
  } catch (error) {
    if (!(error instanceof XrayError) || notes.length === 0) throw error;
    throw new XrayError(error.code, `${error.message}; also: ${notes.join("; ")}`, error.details, error);
  }
}

/**
 * Load a DenseNet121 from a checkpoint, completely, or throw an error that says what does not fit.
 *
 * @throws  XrayError `card/softmax-unnamed`, `card/activation`, and as `matchDenseNet` and `settleCard`.
 */
export function loadCheckpoint(checkpoint: Checkpoint, hints: LoadHints = {}): LoadedModel {
  const { leftOut, ...matched } = matchNetwork(checkpoint);
  const { card: settled, notes } = settleCard(checkpoint, hints);
  if (settled.activation === "none") {
    const message =
      'its card says that its outputs are probabilities already ("activation": "none"), but a DenseNet121 gives logits; name sigmoid or softmax';
    throw new XrayError("card/activation", message, { activation: settled.activation });
  }
  const { weights, card, outputs } = selectOutputs(matched, settled);
  return {
    ...weights,
    card,
    format: checkpoint.format,
    ...(checkpoint.codes === undefined ? {} : { codes: checkpoint.codes }),
    weightKind: checkpoint.network.kind,
    outputs,
    notes: [...notes, ...checkpoint.notes, ...leftOutInWords(leftOut)],
  };
}

/** Load a DenseNet121 from a file's bytes. Throws as `readCheckpoint` and `loadCheckpoint`. */
export function loadDenseNet(bytes: Uint8Array, hints: LoadHints = {}): LoadedModel {
  return loadCheckpoint(readCheckpoint(bytes, hints.weights), hints);
}
