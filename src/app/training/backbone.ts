/**
 * The weights that training starts from: a checkpoint, a name of the catalogue, the demo's, or random numbers.
 *
 * Knows: files and checkpoints. Not training.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { inFile, XrayError } from "../../errors.ts";
import { bitsOf } from "../../image/preparation.ts";
import { canonicalLabels } from "../../models/card.ts";
import { findRow } from "../../models/catalogue.ts";
import type { WeightKind } from "../../models/choose-weights.ts";
import type { LearnedFrom } from "../../models/learned-from.ts";
import { type DenseNetWeights, leftOutInWords, matchDenseNet } from "../../models/match.ts";
import { settleCard } from "../../models/settle-card.ts";
import { randomWeights, withClassifier } from "../../training/init.ts";
import { type ModelFile, readModelFile } from "../models/open-model.ts";

/** The name of weights that nothing has trained. */
const RANDOM = "random";

/** Weights to start from. */
export interface Backbone {
  /** The file's name, `random` or `demo`. */
  readonly name: string;
  /** Of the file; null where there is none. */
  readonly sha256: string | null;
  readonly weights: DenseNetWeights;
  /** Whether the classifier is a new one. */
  readonly hasNewClassifier: boolean;
  /** What is known of the images that it has seen; ImageNet's are of no concern here. */
  readonly learnedFrom: readonly LearnedFrom[];
  /** What is to be said of how its file was read. */
  readonly notes: readonly string[];
  /** How many bits of a 16-bit sample its card says are used. */
  readonly bits?: number;
}

/** Whether a file's classifier may be gone on with: it has these labels, or nobody knows which, and its outputs are logits. */
function fitsLabels(file: ModelFile, labels: readonly string[]): boolean {
  try {
    const { card } = settleCard(file.checkpoint, file.hints);
    const isAssumed = card.labelSource.startsWith("assumed");
    return (
      card.activation === "sigmoid" && (isAssumed || card.labels.join() === canonicalLabels(labels).join())
    );
  } catch (error) {
    const code = error instanceof XrayError ? error.code : undefined;
    if (code === "card/no-labels") return true;
    // Another head is replaced, as are labels that contradict each other; other features cannot be.
    if (code === "checkpoint/other-head" || code === "card/label-conflict") return false;
    throw error;
  }
}

/** A file that says nothing may have seen anything; the catalogue's backbone has seen photographs alone. */
const unknownImages = (name: string, known: string): readonly LearnedFrom[] =>
  findRow(name)?.use === "backbone" ? [] : [{ dataset: `unknown, of ${known}` }];

/**
 * Load a backbone with a classifier for these labels. A classifier that fits, in number and in what is said of its
 * labels, is kept; any other is replaced by one as `torch.nn.Linear` starts.
 *
 * @param name     A checkpoint file, a name of the catalogue such as `imagenet`, `random` or `demo`.
 * @param weights  Which of the file's weights are used: plain ones where it has any, unless given.
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
  const file = await readModelFile(name, weights === undefined ? {} : { weights });
  const { checkpoint, hints } = file;
  try {
    const { leftOut, ...matched } = matchDenseNet(checkpoint.parameters);
    const card = { ...checkpoint.card, ...hints.card };
    const bits = bitsOf(card.preparation ?? []);
    const fits = fitsLabels(file, labels) && matched.numLabels === labels.length;
    const { weights: used, isNew } = fits
      ? { weights: matched, isNew: false }
      : withClassifier({ ...matched, numLabels: -1 }, labels.length, seed);
    return {
      name: file.name,
      sha256: createHash("sha256").update(file.bytes).digest("hex"),
      weights: used,
      hasNewClassifier: isNew,
      ...(bits === undefined ? {} : { bits }),
      learnedFrom: card.learnedFrom ?? unknownImages(name, file.name),
      notes: [...file.notes, ...checkpoint.notes, ...leftOutInWords(leftOut)].map(
        (note) => `${file.name}: ${note}`,
      ),
    };
  } catch (error) {
    throw inFile(file.path, error);
  }
}
