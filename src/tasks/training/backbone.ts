/**
 * The weights that training starts from: a checkpoint, a name of the catalogue, the demo's, or random numbers.
 *
 * Knows: files and checkpoints. Not training.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { inFile } from "../../errors.ts";
import { bitsOf } from "../../image/preparation.ts";
import { findRow } from "../../models/catalogue.ts";
import type { LearnedFrom } from "../../models/learned-from.ts";
import { readCheckpoint } from "../../models/load.ts";
import { type DenseNetWeights, matchDenseNet } from "../../models/match.ts";
import { renameParameters } from "../../models/parameter-names.ts";
import { MAX_MODEL_BYTES, readWhole } from "../../node/files.ts";
import { randomWeights, withClassifier } from "../../training/init.ts";
import { locateModel } from "../open-model.ts";

/** The name of weights that nothing has trained. */
export const RANDOM = "random";

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
  /** How many bits of a 16-bit sample its card says are used. */
  readonly bits?: number;
}

const sameLabels = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  a === undefined || a.join() === b.join();

/** A file that says nothing may have seen anything; the catalogue's backbone has seen photographs alone. */
const unknownImages = (name: string, known: string): readonly LearnedFrom[] =>
  findRow(name)?.use === "backbone" ? [] : [{ dataset: `unknown, of ${known}` }];

/**
 * Load a backbone with a classifier for these labels. A classifier that fits, in number and in what is said of its
 * labels, is kept; any other is replaced by one as `torch.nn.Linear` starts.
 *
 * @param name  A checkpoint file, a name of the catalogue such as `imagenet`, `random` or `demo`.
 * @throws      XrayError `model/…`, `checkpoint/…`, naming the file.
 */
export async function loadBackbone(name: string, labels: readonly string[], seed: number): Promise<Backbone> {
  if (name === RANDOM && !existsSync(name)) {
    const weights = randomWeights(seed, labels.length);
    return { name, sha256: null, weights, hasNewClassifier: true, learnedFrom: [] };
  }
  const { name: known, path, card } = await locateModel(name);
  const bytes = await readWhole(path, MAX_MODEL_BYTES);
  try {
    const checkpoint = readCheckpoint(bytes);
    const matched = matchDenseNet(renameParameters(checkpoint.tensors));
    const bits = bitsOf(card.preparation ?? checkpoint.card.preparation ?? []);
    const said = checkpoint.card.labels ?? checkpoint.labels;
    const fits = matched.numLabels === labels.length && sameLabels(said, labels);
    const { weights, isNew } = fits
      ? { weights: matched, isNew: false }
      : withClassifier({ ...matched, numLabels: -1 }, labels.length, seed);
    return {
      name: known,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      weights,
      hasNewClassifier: isNew,
      ...(bits === undefined ? {} : { bits }),
      learnedFrom: card.learnedFrom ?? checkpoint.card.learnedFrom ?? unknownImages(name, known),
    };
  } catch (error) {
    throw inFile(path, error);
  }
}
