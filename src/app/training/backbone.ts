/**
 * The weights that training starts from: a checkpoint, a model of the catalogue, the demo model, or random numbers.
 *
 * Knows: files and checkpoints. Not training.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { checkpointFileOf, type ReadCheckpoint } from "../../engine/read-model.ts";
import { inFile, XrayError } from "../../errors.ts";
import { bitsOf } from "../../image/preparation.ts";
import { canonicalLabels } from "../../models/card.ts";
import { findRow } from "../../models/catalogue.ts";
import type { WeightKind } from "../../models/choose-weights.ts";
import { DEQUANTISED } from "../../models/codes.ts";
import type { LearnedFrom } from "../../models/learned-from.ts";
import { type DenseNetWeights, leftOutInWords, matchDenseNet } from "../../models/match.ts";
import { settleCard } from "../../models/settle-card.ts";
import { randomWeights, withClassifier } from "../../training/init.ts";
import { readModelFile } from "../models/open-model.ts";

/** The name for untrained weights. */
const RANDOM = "random";

/** Weights to start from. */
export interface Backbone {
  /** The file's name, `random` or `demo`. */
  readonly name: string;
  /** SHA-256 of the file; null if there is none. */
  readonly sha256: string | null;
  readonly weights: DenseNetWeights;
  /** Whether the classifier is a new one. */
  readonly hasNewClassifier: boolean;
  /** What is known about the images that it has seen, other than ImageNet's, which do not matter here. */
  readonly learnedFrom: readonly LearnedFrom[];
  /** Notes on how its file was read. */
  readonly notes: readonly string[];
  /** Number of bits in use in a 16-bit sample, according to its card. */
  readonly bits?: number;
}

/**
 * Whether a file's classifier can be kept: it has these labels, or its labels are unknown, and its outputs are logits.
 */
function fitsLabels(file: ReadCheckpoint, labels: readonly string[]): boolean {
  try {
    const { card } = settleCard(file.checkpoint, file.hints);
    const isAssumed = card.labelSource.startsWith("assumed");
    return (
      card.activation === "sigmoid" && (isAssumed || card.labels.join() === canonicalLabels(labels).join())
    );
  } catch (error) {
    const code = error instanceof XrayError ? error.code : undefined;
    if (code === "card/no-labels") return true;
    // Another head is replaced, as are contradictory labels, but other features cannot be.
    if (code === "checkpoint/other-head" || code === "card/label-conflict") return false;
    throw error;
  }
}

/** A file without information may have seen anything; the catalogue's backbone has only seen photographs. */
const unknownImages = (name: string, known: string): readonly LearnedFrom[] =>
  findRow(name)?.use === "backbone" ? [] : [{ dataset: `unknown, of ${known}` }];

/**
 * Load a backbone with a classifier for these labels. A classifier that fits, in size and in what is known about its
 * labels, is kept. Any other is replaced by one initialised like `torch.nn.Linear`.
 *
 * @param name     A checkpoint file, a name of the catalogue such as `imagenet`, `random` or `demo`.
 * @param weights  Which of the file's weights to use; by default the plain ones, if it has any.
 * @throws         XrayError `model/…`, `checkpoint/…`, naming the file.
 */
export async function loadBackbone(
  name: string,
  labels: readonly string[],
  seed: number,
  weights?: WeightKind,
): Promise<Backbone> {
  if (name === RANDOM && !existsSync(name)) {
    const started = randomWeights(seed, labels.length);
    return { name, sha256: null, weights: started, hasNewClassifier: true, learnedFrom: [], notes: [] };
  }
  const read = await readModelFile(name, weights === undefined ? {} : { weights });
  const file = checkpointFileOf(
    read,
    "training cannot start from it; start from a checkpoint of a DenseNet121, such as imagenet",
  );
  const { checkpoint } = file;
  try {
    const { leftOut, ...matched } = matchDenseNet(checkpoint.parameters);
    const card = file.said;
    const bits = bitsOf(card.preparation ?? []);
    const fits = fitsLabels(file, labels) && matched.numLabels === labels.length;
    const { weights: used, isNew } = fits
      ? { weights: matched, isNew: false }
      : withClassifier({ ...matched, numLabels: -1 }, labels.length, seed);
    const codeNotes = checkpoint.codes === undefined ? [] : [DEQUANTISED];
    return {
      name: file.name,
      sha256: createHash("sha256").update(file.bytes).digest("hex"),
      weights: used,
      hasNewClassifier: isNew,
      ...(bits === undefined ? {} : { bits }),
      learnedFrom: card.learnedFrom ?? unknownImages(name, file.name),
      notes: [...file.notes, ...checkpoint.notes, ...codeNotes, ...leftOutInWords(leftOut)].map(
        (note) => `${file.name}: ${note}`,
      ),
    };
  } catch (error) {
    throw inFile(read.path, error);
  }
}
