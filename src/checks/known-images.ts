/**
 * `known-images`: how far an image's features are from those of the images that the model learned from.
 *
 * Pipeline:   the features before the classifier → **distance → check** → result
 * Knows:      a model's figures on its own images, as its card carries them. Not how they are fitted.
 * Reference:  Lee et al., A Simple Unified Framework for Detecting Out-of-Distribution Samples, NeurIPS 2018 (the
 *             Mahalanobis distance of features); Müller and Hein, Mahalanobis++, ICML 2025 (of features of length 1);
 *             Tipping and Bishop, Probabilistic Principal Component Analysis, 1999 (a covariance of a few components
 *             and one variance for all other directions).
 *
 * It warns and never refuses, because an unusual image need not be a wrong one. By the way in which its limit is chosen,
 * it is wrong about one in a hundred images of the kind that the model learned from. docs/checks.md says what it finds.
 */

import { about, above, base64, list, type Of, object, text, where, whole } from "../schema/schema.ts";
import { counted } from "../text.ts";
import type { Check } from "./check.ts";

/** Number of features: the channels of DenseNet121's `norm5`, averaged over the image after the ReLU. */
export const KNOWN_FEATURES = 1024;

/** The share of unseen images of the same kind that stay within the limit. */
export const WITHIN_LIMIT = 0.99;

/** More components than anyone needs. */
const MOST_COMPONENTS = 64;

const bytesOf = (packed: string): Uint8Array => Uint8Array.from(atob(packed), (byte) => byte.charCodeAt(0));

/** Numbers as base64 of little-endian float32. */
export function packFloats(values: Float32Array): string {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setFloat32(i * 4, value, true);
  return packBytes(new Uint8Array(view.buffer));
}

/** Bytes, or whole numbers from −128 to 127, as base64. */
export const packBytes = (bytes: Uint8Array | Int8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte & 0xff)).join(""));

function floatsOf(packed: string): Float32Array {
  const view = new DataView(bytesOf(packed).buffer);
  return Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

/** Whether base64 text stands for this many bytes. */
const holds = (packed: string, bytes: number): boolean =>
  packed.length === Math.ceil(bytes / 3) * 4 && bytesOf(packed).length === bytes;

const FLOATS = where(
  base64(),
  (packed) => holds(packed, KNOWN_FEATURES * 4) && floatsOf(packed).every(Number.isFinite),
  `must be base64 of ${KNOWN_FEATURES} finite float32 numbers`,
);

const COMPONENT = object({
  variance: about("Variance of the training images' features along this component.", above(0)),
  step: about("What the weights are multiplied by.", above(0)),
  weights: about(
    `Base64 of ${KNOWN_FEATURES} int8 numbers. Times \`step\`, they are the component, of length 1 up to their rounding.`,
    where(
      base64(),
      (packed) => holds(packed, KNOWN_FEATURES),
      `must be base64 of ${KNOWN_FEATURES} int8 numbers`,
    ),
  ),
});

/** What a card says about the features of the images that its model learned from. */
export const KNOWN_IMAGES = object({
  description: about("Which images the figures were computed from, in words.", text()),
  images: about("Number of images that the mean and the components come from.", whole(1)),
  heldOut: about("Number of images that the limit comes from.", whole(1)),
  mean: about("Base64 of float32 numbers: the mean of each feature, of features of length 1.", FLOATS),
  scale: about(
    "Base64 of float32 numbers: the standard deviation of each feature.",
    where(FLOATS, (packed) => floatsOf(packed).every((one) => one > 0), "must be numbers above 0"),
  ),
  components: about(
    "The principal components of the features after the mean was subtracted and each was divided by its scale.",
    where(
      list(COMPONENT),
      ({ length }) => length <= MOST_COMPONENTS,
      `must be a list of at most ${MOST_COMPONENTS}`,
    ),
  ),
  residualVariance: about("Variance along each direction that is perpendicular to all components.", above(0)),
  limit: about(
    `The distance that ${WITHIN_LIMIT * 100} % of unseen images of the same kind stay within.`,
    above(0),
  ),
});

export type KnownImages = Of<typeof KNOWN_IMAGES>;

/** What is computed of an image's features, in words. */
export const statisticOf = ({ components }: Pick<KnownImages, "components">): string =>
  `Mahalanobis distance of the features, by ${counted(components.length, "principal component")}`;

/** A distance as people are shown it. */
export const shownDistance = (value: number): string =>
  value < 1000 ? String(Number(value.toPrecision(3))) : value.toPrecision(3);

/** The check where a card has no such figures. */
export const NOTHING_KNOWN: Check = {
  check: "known-images",
  outcome: "unknown",
  reason: "The model's card has no figures on the images that it learned from.",
};

/** Measures images against the figures of a card, which are unpacked once. */
export class KnownImagesRule {
  readonly #known: KnownImages;
  readonly #mean: Float32Array;
  readonly #scale: Float32Array;
  readonly #components: readonly {
    readonly weights: Int8Array;
    readonly step: number;
    readonly variance: number;
  }[];

  constructor(known: KnownImages) {
    this.#known = known;
    this.#mean = floatsOf(known.mean);
    this.#scale = floatsOf(known.scale);
    this.#components = known.components.map(({ weights, step, variance }) => ({
      weights: new Int8Array(bytesOf(weights).buffer),
      step,
      variance,
    }));
  }

  /**
   * The distance of an image's features from the mean of the training images.
   *
   * With f the features, m the mean, s the scale, w_i the components with variances λ_i, and σ² the residual variance:
   *
   *   y = (f / ‖f‖ − m) / s,   z_i = w_i · y,   distance² = Σ z_i² / λ_i + ‖y − Σ z_i w_i‖² / σ²
   *
   * @param features  [1024]: the mean over the image of relu(norm5). Not modified.
   * @returns         0 or more. About √1024 for a typical training image. NaN if a feature is.
   */
  distance(features: Float32Array): number {
    const length = Math.sqrt(features.reduce((sum, one) => sum + one * one, 0)) || 1;
    const y = Float64Array.from(features, (one, j) => (one / length - this.#mean[j]!) / this.#scale[j]!);
    const rest = y.slice();
    let sum = 0;
    for (const { weights, step, variance } of this.#components) {
      let z = 0;
      for (let j = 0; j < y.length; j++) z += y[j]! * weights[j]!;
      z *= step;
      for (let j = 0; j < y.length; j++) rest[j]! -= z * step * weights[j]!;
      sum += (z * z) / variance;
    }
    return Math.sqrt(sum + rest.reduce((all, one) => all + one * one, 0) / this.#known.residualVariance);
  }

  /** Check an image by its features, [1024]. */
  check(features: Float32Array): Check {
    const { limit } = this.#known;
    const distance = this.distance(features);
    const isWithin = distance <= limit;
    const where = `The distance of its features from those of the training images is ${shownDistance(distance)}`;
    const than = isWithin ? "within the" : `${shownDistance(distance / limit)} times the`;
    return {
      check: "known-images",
      outcome: isWithin ? "pass" : "warn",
      reason: `${where}, ${than} limit of ${shownDistance(limit)} that ${WITHIN_LIMIT * 100} % of unseen images of the same kind stay within.`,
    };
  }
}
