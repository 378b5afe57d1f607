/**
 * Do heatmaps show what the model used? The probability of a finding while an image's hottest places are taken away, and
 * while they are given back.
 *
 * Places are taken in the order of the map enlarged to the network's input, as many in each step. Taken away means
 * blurred: grey or black patches would look like nothing that the network has seen, blur leaves what an X-ray looks like
 * from afar. A map that points to what speaks for the finding makes the probability fall soon (deletion) and rise soon
 * (insertion).
 *
 * Knows:      prepared images, maps and probabilities. Not models: who can run one asks for inputs and brings
 *             probabilities back.
 * Reference:  Petsiuk, Das, Saenko, RISE: randomized input sampling for explanation of black-box models, BMVC 2018
 *             (deletion and insertion; there deletion ends in grey, here both use the blurred image).
 */

import { minMax, upsample } from "../heatmaps/upsample.ts";
import { gaussianBlur } from "../image/blur.ts";
import type { MapKind } from "./control-maps.ts";

/** Parts that an image is taken away in. */
export const FAITHFULNESS_STEPS = 16;

/** Standard deviation of the blur, as a share of the input's side: 10 pixels of 224. */
const BLUR_SHARE = 10 / 224;

/** Mean curves and their areas, of one kind of map. */
export interface FaithfulnessFigures {
  /** Mean probability when 0, 1/n, … 1 of the image has been taken away, hottest first. */
  readonly deletion: readonly number[];
  /** Mean probability when as much has been given back, hottest first. */
  readonly insertion: readonly number[];
  /** Area under the deletion curve, 0 to 1: lower is better. */
  readonly deletionArea: number;
  /** Area under the insertion curve, 0 to 1: higher is better. */
  readonly insertionArea: number;
}

/** Of the model's maps, and of two that have seen nothing of the image. */
export type FaithfulnessByMap = Readonly<Record<MapKind, FaithfulnessFigures>>;

/** A prepared image, channels × height × width, and the same blurred. */
interface BlurredImage {
  readonly input: Float32Array;
  readonly blurred: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** A map of rows × columns values, C order. */
interface HeatGrid {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/** Blur a prepared image. */
export function blurredImage(
  input: Float32Array,
  channels: number,
  height: number,
  width: number,
): BlurredImage {
  const size = height * width;
  const blurred = new Float32Array(input.length);
  const sigma = BLUR_SHARE * Math.min(height, width);
  for (let c = 0; c < channels; c++) {
    blurred.set(gaussianBlur(input.subarray(c * size, (c + 1) * size), height, width, sigma), c * size);
  }
  return { input, blurred, channels, height, width };
}

/**
 * The places of an image, hottest first; of equal ones, in C order.
 *
 * @param map     rows × columns; it covers the whole input.
 * @param height  Of the input, as `width`.
 */
export function placesByHeat(map: HeatGrid, height: number, width: number): Uint32Array {
  const heat = upsample(minMax(Float64Array.from(map.values)), map.rows, map.columns, height, width);
  return Uint32Array.from(heat, (_, i) => i).sort((a, b) => heat[b]! - heat[a]! || a - b);
}

/**
 * The images of one curve: the first as it is (deletion) or blurred (insertion), the last the other way round.
 *
 * @param places  All of them, in the order in which they are changed.
 * @returns       (steps + 1) × channels × height × width.
 */
export function curveImages(
  { input, blurred, channels, height, width }: BlurredImage,
  places: Uint32Array,
  kind: "deletion" | "insertion",
  steps: number = FAITHFULNESS_STEPS,
): Float32Array {
  const size = height * width;
  const [from, to] = kind === "deletion" ? [input, blurred] : [blurred, input];
  const images = new Float32Array((steps + 1) * channels * size);
  const current = from.slice();
  images.set(current);
  let done = 0;
  for (let step = 1; step <= steps; step++) {
    const until = Math.round((step * size) / steps);
    for (; done < until; done++) {
      for (let c = 0; c < channels; c++) {
        const at = c * size + places[done]!;
        current[at] = to[at]!;
      }
    }
    images.set(current, step * channels * size);
  }
  return images;
}

/** Area under points that are equally far apart from 0 to 1, joined by straight lines. */
export function areaUnder(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += (values[i - 1]! + values[i]!) / 2;
  return sum / (values.length - 1);
}

/** One pair's curves by one kind of map: probabilities. */
export interface PairCurves {
  readonly deletion: ArrayLike<number>;
  readonly insertion: ArrayLike<number>;
}

/**
 * One pair's curves by one map.
 *
 * @param map              rows × columns; it covers the whole input.
 * @param probabilitiesOf  The finding's probability for each of some images of the input's size.
 */
export async function curvesOfMap(
  image: BlurredImage,
  map: HeatGrid,
  probabilitiesOf: (images: Float32Array) => Promise<ArrayLike<number>>,
  steps: number = FAITHFULNESS_STEPS,
): Promise<PairCurves> {
  const places = placesByHeat(map, image.height, image.width);
  return {
    deletion: await probabilitiesOf(curveImages(image, places, "deletion", steps)),
    insertion: await probabilitiesOf(curveImages(image, places, "insertion", steps)),
  };
}

/** Mean curves of some pairs, at least one. */
export function meanCurves(pairs: readonly PairCurves[]): FaithfulnessFigures {
  const mean = (kind: keyof PairCurves): number[] =>
    Array.from(
      pairs[0]![kind],
      (_, step) => pairs.reduce((sum, pair) => sum + pair[kind][step]!, 0) / pairs.length,
    );
  const [deletion, insertion] = [mean("deletion"), mean("insertion")];
  return { deletion, insertion, deletionArea: areaUnder(deletion), insertionArea: areaUnder(insertion) };
}
