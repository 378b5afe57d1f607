/**
 * Fits what `known-images` compares with: mean, scale and principal components of a model's features, and the limit.
 *
 * Pipeline:   features of training images, features of held-out images → **figures** → the model's card
 * Knows:      numbers. Not images or files.
 * Reference:  Tipping and Bishop, Probabilistic Principal Component Analysis, 1999; Ledoit and Wolf, A
 *             Well-Conditioned Estimator for Large-Dimensional Covariance Matrices, 2004; Vovk, Gammerman and Shafer,
 *             Algorithmic Learning in a Random World, 2005 (the limit).
 */

import {
  KNOWN_FEATURES,
  type KnownImages,
  KnownImagesRule,
  packBytes,
  packFloats,
  WITHIN_LIMIT,
} from "./known-images.ts";
import { principalComponents } from "./principal-components.ts";

/** Features of one image, [1024]. */
export type Features = Float32Array;

/** Fewer images do not tell how features vary, or what the hundredth of them with the largest distance is like. */
export const FEWEST_IMAGES = 50;

/** A component takes as many images at least. */
const IMAGES_PER_COMPONENT = 4;
const MOST_COMPONENTS = 32;

/** The least scale of a feature, as a share of the scales' root mean square. A feature may be 0 for all images. */
const LEAST_SCALE = 0.02;

/** Below this root mean square of the scales, features differ by no more than rounding. */
const LEAST_SPREAD = 1e-8;

/** Features have a variance of about 1 once they are divided by their scale. */
const LEAST_VARIANCE = 1e-9;

/** Parts into which images are divided if none were held out. */
const FOLDS = 5;

/** A fit without its limit. */
type Fit = Omit<KnownImages, "description" | "heldOut" | "limit">;

const N = KNOWN_FEATURES;

/** Rows of length 1, [images, 1024]. */
function unitRows(images: readonly Features[]): Float64Array {
  const rows = new Float64Array(images.length * N);
  for (const [i, features] of images.entries()) {
    const length = Math.sqrt(features.reduce((sum, one) => sum + one * one, 0)) || 1;
    for (let j = 0; j < N; j++) rows[i * N + j] = features[j]! / length;
  }
  return rows;
}

/** Mean and standard deviation of each column, as float32. */
function momentsOf(rows: Float64Array): { mean: Float32Array; scale: Float32Array; spread: number } {
  const count = rows.length / N;
  const [mean, square] = [new Float64Array(N), new Float64Array(N)];
  for (const [at, value] of rows.entries()) mean[at % N]! += value / count;
  for (const [at, value] of rows.entries()) square[at % N]! += (value - mean[at % N]!) ** 2 / (count - 1);
  const spread = Math.sqrt(square.reduce((sum, one) => sum + one, 0) / N);
  const scale = Float32Array.from(square, (one) => Math.max(Math.sqrt(one), LEAST_SCALE * spread));
  return { mean: Float32Array.from(mean), scale, spread };
}

/** XᵀX / n of rows. */
function covarianceOf(rows: Float64Array): Float64Array {
  const covariance = new Float64Array(N * N);
  const count = rows.length / N;
  for (let from = 0; from < rows.length; from += N) {
    const row = rows.subarray(from, from + N);
    for (let i = 0; i < N; i++) {
      const one = row[i]! / count;
      const into = covariance.subarray(i * N, (i + 1) * N);
      for (let j = 0; j <= i; j++) into[j]! += one * row[j]!;
    }
  }
  for (let i = 0; i < N; i++) for (let j = i + 1; j < N; j++) covariance[i * N + j] = covariance[j * N + i]!;
  return covariance;
}

/**
 * How far a covariance is to be drawn towards a multiple of the identity, 0 to 1, so that it is off least on average.
 *
 * @see  Ledoit and Wolf, 2004; scikit-learn's `ledoit_wolf_shrinkage` of centred data.
 */
export function shrinkageOf(rows: Float64Array, covariance: Float64Array, width: number): number {
  const count = rows.length / width;
  let [trace, squares, fourths] = [0, 0, 0];
  for (let i = 0; i < width; i++) trace += covariance[i * width + i]!;
  for (const one of covariance) squares += one * one;
  for (let from = 0; from < rows.length; from += width) {
    let length = 0;
    for (let j = 0; j < width; j++) length += rows[from + j]! ** 2;
    fourths += length * length;
  }
  const spread = squares - (trace * trace) / width;
  const error = (fourths / count - squares) / count;
  return spread === 0 ? 0 : Math.min(1, Math.max(0, error / spread));
}

/** Fit mean, scale, components and residual variance. @returns  Undefined if no feature varies. */
function fitFigures(images: readonly Features[]): Fit | undefined {
  const rows = unitRows(images);
  const { mean, scale, spread } = momentsOf(rows);
  if (!(spread > LEAST_SPREAD)) return undefined;
  for (const at of rows.keys()) rows[at] = (rows[at]! - mean[at % N]!) / scale[at % N]!;
  const covariance = covarianceOf(rows);
  const shrinkage = shrinkageOf(rows, covariance, N);
  let trace = 0;
  for (let i = 0; i < N; i++) trace += covariance[i * N + i]!;
  const shrunk = (variance: number) =>
    Math.max(LEAST_VARIANCE, (1 - shrinkage) * variance + (shrinkage * trace) / N);
  const count = Math.min(MOST_COMPONENTS, Math.floor(images.length / IMAGES_PER_COMPONENT));
  const found = principalComponents(covariance, N, count);
  const rest = trace - found.reduce((sum, { variance }) => sum + variance, 0);
  return {
    images: images.length,
    mean: packFloats(mean),
    scale: packFloats(scale),
    components: found.map(({ variance, direction }) => {
      const step = direction.reduce((most, one) => Math.max(most, Math.abs(one)), 0) / 127;
      const weights = Int8Array.from(direction, (one) => Math.round(one / step));
      return { variance: shrunk(variance), step, weights: packBytes(weights) };
    }),
    residualVariance: shrunk(rest / (N - count)),
  };
}

/** Distances of images from a fit. */
function distancesFrom(known: Fit, images: readonly Features[]): number[] {
  const rule = new KnownImagesRule({ ...known, description: "", heldOut: 1, limit: 1 });
  return images.map((features) => rule.distance(features));
}

/**
 * The distance that another image of the same kind stays within with a probability of 99 %: of n distances in order, the
 * ⌈0.99 (n + 1)⌉th, or the largest if there are fewer than 99.
 */
export function limitOf(distances: readonly number[]): number {
  const sorted = Float64Array.from(distances).sort();
  const rank = Math.ceil(WITHIN_LIMIT * (sorted.length + 1));
  return sorted[Math.min(rank, sorted.length) - 1]!;
}

/** The images to fit to. */
export interface FitImages {
  /** Features of images that the model was trained on. */
  readonly training: readonly Features[];
  /** Features of images that were held out from training. */
  readonly heldOut: readonly Features[];
  /**
   * For each image, those of training first: a number that is the same for images of one patient. Used if too few
   * images were held out: no patient is then in the fit that the patient's distance is taken from.
   */
  readonly patients: readonly number[];
}

/** Figures without a description. `isCrossFitted`: the limit comes from the images of the fit, part by part. */
export type FittedImages = Omit<KnownImages, "description"> & { readonly isCrossFitted: boolean };

/**
 * Fit the figures that a card carries.
 *
 * @returns  Undefined if there are fewer than `FEWEST_IMAGES`, or if features do not vary.
 */
export function fitKnownImages({ training, heldOut, patients }: FitImages): FittedImages | undefined {
  if (training.length >= FEWEST_IMAGES && heldOut.length >= FEWEST_IMAGES) {
    const fitted = fitFigures(training);
    if (fitted === undefined) return undefined;
    const limit = limitOf(distancesFrom(fitted, heldOut));
    return { ...fitted, heldOut: heldOut.length, limit, isCrossFitted: false };
  }
  const all = [...training, ...heldOut];
  const fitted = all.length < FEWEST_IMAGES ? undefined : fitFigures(all);
  if (fitted === undefined) return undefined;
  const distances: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isInFold = (_: Features, i: number) => patients[i]! % FOLDS === fold;
    const without = fitFigures(all.filter((features, i) => !isInFold(features, i)));
    if (without !== undefined) distances.push(...distancesFrom(without, all.filter(isInFold)));
  }
  return { ...fitted, heldOut: distances.length, limit: limitOf(distances), isCrossFitted: true };
}
