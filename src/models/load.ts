/**
 * A checkpoint's bytes to a DenseNet121 with its card.
 *
 * Pipeline:   **file bytes → state dict → renamed → matched, with a card** → graph
 * Knows:      checkpoint formats and DenseNet121. Not files, paths or sessions.
 */

import { XrayError } from "../errors.ts";
import { explainKind, identify } from "../formats/identify.ts";
import { isSafetensors, readSafetensors } from "../formats/safetensors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isTorch, readTorch } from "../formats/torch/read.ts";
import type { Tensor } from "../tensor.ts";
import { CARD_KEY, type ModelCard, parseCardText, type ResolvedCard, resolveCard } from "./card.ts";
import { type DenseNetWeights, matchDenseNet } from "./match.ts";
import { renameParameters } from "./parameter-names.ts";
import { findStateDict } from "./state-dict.ts";

/** A checkpoint as its file has it, before it is matched with an architecture. */
export interface Checkpoint {
  readonly format: "torch-zip" | "torch-legacy" | "safetensors";
  /** Where in the file the tensors were found. */
  readonly where: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly labels?: readonly string[];
  readonly card: ModelCard;
}

/**
 * Read a checkpoint file of any known format. Nothing in it is executed.
 *
 * @param bytes  The whole file. Tensors share its memory.
 * @throws       XrayError `checkpoint/…`, `torch/…`, `safetensors/…`, `pickle/…`, `zip/…`, `format/…`.
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  if (isSafetensors(bytes)) {
    const { tensors, metadata } = readSafetensors(bytes);
    return { format: "safetensors", where: "safetensors", tensors, card: cardOf(metadata) };
  }
  if (!isTorch(bytes)) {
    const words = explainKind(identify(bytes)) ?? "neither a file of torch.save nor safetensors";
    throw new XrayError("checkpoint/unknown-format", words, { kind: identify(bytes) });
  }
  const { container, root } = readTorch(bytes);
  const { tensors, where, labels, metadata } = findStateDict(root);
  return {
    format: `torch-${container}`,
    where,
    tensors,
    ...(labels ? { labels } : {}),
    card: cardOf(metadata),
  };
}

function cardOf(metadata: Readonly<Record<string, string>>): ModelCard {
  const text = metadata[CARD_KEY];
  return text === undefined ? {} : parseCardText(text);
}

/** A model that is ready to become a graph: complete, finite weights and a settled card. */
export interface LoadedModel extends DenseNetWeights {
  readonly card: ResolvedCard;
  readonly format: Checkpoint["format"];
  /** Which of the file's outputs the labels are of. */
  readonly outputs: readonly number[];
}

/** Drop the classifier's rows of outputs that were never trained. */
function selectOutputs(
  weights: DenseNetWeights,
  card: ResolvedCard,
): { weights: DenseNetWeights; card: ResolvedCard; outputs: readonly number[] } {
  const kept = card.labels.flatMap((label, i) => (label === "" ? [] : [i]));
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

/** What a user or the catalogue says of a model, beyond its file. */
export interface LoadHints {
  /** A sidecar's or the catalogue's card; its fields win over those in the file. */
  readonly card?: ModelCard;
  /** The labels that the user named. */
  readonly labels?: readonly string[];
}

/**
 * Load a DenseNet121 from a checkpoint file's bytes: all of it, or an error that says what does not fit.
 *
 * @throws  XrayError as `readCheckpoint`, `matchDenseNet` and `resolveCard`.
 */
export function loadDenseNet(bytes: Uint8Array, hints: LoadHints = {}): LoadedModel {
  const checkpoint = readCheckpoint(bytes);
  const matched = matchDenseNet(renameParameters(checkpoint.tensors));
  const dimensions = {
    numLabels: matched.numLabels,
    inChannels: matched.inChannels,
    ...(checkpoint.labels === undefined ? {} : { labels: checkpoint.labels }),
  };
  const resolved = resolveCard(dimensions, { ...checkpoint.card, ...hints.card }, hints.labels);
  const { weights, card, outputs } = selectOutputs(matched, resolved);
  return { ...weights, card, format: checkpoint.format, outputs };
}
