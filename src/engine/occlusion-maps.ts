/**
 * Heatmaps by occlusion: the model runs once for each patch of the image, for all findings together.
 *
 * Pipeline:   image and its logits → **patches hidden, in batches → how far the logits fall** → heatmaps
 * Knows:      forward passes. Not what the network is.
 */

import { XrayError } from "../errors.ts";
import { cellsOf, hide, occlusionMap, patchesOf } from "../heatmaps/occlusion.ts";
import { PORTS } from "../models/compile.ts";
import type { MapRecipe } from "../models/map-recipe.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { Forward, ForwardResults } from "./forward-pass.ts";
import type { Heatmaps, MapSource, OwnMap } from "./heatmap-source.ts";

/** Patches per run of the network. */
const AT_ONCE = 8;

/** Makes maps by running a model that somebody else owns. */
export class OcclusionMaps implements MapSource {
  readonly recipes: readonly MapRecipe[];
  readonly height: number;
  readonly width: number;
  readonly #forward: Forward;

  /** @param input  Size of the network's input. */
  constructor(
    forward: Forward,
    recipes: readonly MapRecipe[],
    input: { readonly width: number; readonly height: number },
  ) {
    this.recipes = recipes;
    this.height = cellsOf(input.height);
    this.width = cellsOf(input.width);
    this.#forward = forward;
  }

  async of(
    results: ForwardResults,
    view: number,
    findings: readonly number[] = [...this.recipes.keys()],
  ): Promise<Heatmaps> {
    const { height, width } = this;
    const data = new Float32Array(findings.length * height * width);
    const maps = await this.#maps(results, view, findings);
    for (const [i, map] of maps.entries()) data.set(map, i * height * width);
    return { data, findings, height, width };
  }

  async ownMaps(results: ForwardResults, view: number, findings: readonly number[]): Promise<OwnMap[]> {
    const { height, width } = this;
    const maps = await this.#maps(results, view, findings);
    return maps.map((data, i) => ({ data, height, width, finding: findings[i]!, cells: { height, width } }));
  }

  /** Nothing: the forward pass is released with its model. */
  release(): Promise<void> {
    return Promise.resolve();
  }

  async #maps(results: ForwardResults, view: number, findings: readonly number[]): Promise<Float32Array[]> {
    if (findings.length === 0) return [];
    const { data, shape } = results[PORTS.image]!;
    const [, channels, height, width] = shape as [number, number, number, number];
    const size = channels * height * width;
    const image = data.subarray(view * size, (view + 1) * size);
    const labels = this.recipes.length;
    const logits = results[PORTS.logits]!.data.subarray(view * labels, (view + 1) * labels);
    const patches = patchesOf(height, width);
    const drops = findings.map(() => new Float32Array(patches.length));
    for (let from = 0; from < patches.length; from += AT_ONCE) {
      const some = patches.slice(from, from + AT_ONCE);
      const batch = new Float32Array(some.length * size);
      for (const [i, patch] of some.entries()) {
        const one = batch.subarray(i * size, (i + 1) * size);
        one.set(image);
        hide(one, height, width, patch);
      }
      const hidden = await this.#forward.logits(float32([some.length, channels, height, width], batch));
      this.#check(hidden, some.length);
      for (const [i, finding] of findings.entries())
        for (const at of some.keys())
          drops[i]![from + at] = logits[finding]! - hidden.data[at * labels + finding]!;
    }
    return drops.map((fall) => occlusionMap(fall, height, width));
  }

  #check(logits: Tensor<"float32">, images: number): void {
    for (let row = 0; row < images; row++) {
      const fault = this.#forward.faultOf({ [PORTS.logits]: logits }, row);
      if (fault !== undefined)
        throw new XrayError(fault.code, `with a part of the image hidden, ${fault.message}`, fault.details);
    }
  }
}
