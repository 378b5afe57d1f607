/**
 * The heatmaps that a model's card names, for one finding of one image at a time.
 *
 * Pipeline:   prepared image → **forward pass, gradients → map**
 * Knows:      open models and prepared images. Not files, workers or pages.
 */

import type { SessionFactory } from "../graph/session.ts";
import type { MapRecipe } from "../models/map-recipe.ts";
import { float32 } from "../tensor.ts";
import type { ForwardResults } from "./forward-pass.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import type { NamedModel } from "./read-model.ts";

/** The map of one finding that the model's card names, which may be finer than that at norm5. */
export interface FinerMap {
  /** height × width, C order, after the ReLU. Raw, or 0 to 1 for a fused map. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly recipe: MapRecipe;
}

/** An image that went forward through the network. */
interface Seen {
  readonly view: Float32Array;
  /** Valid until the next forward pass. */
  readonly results: ForwardResults;
}

const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** Makes the maps that one model's card names. One call at a time. */
export class FinerMaps {
  readonly #opened: OpenModel;
  /** The last image, so that further findings of it cost only their gradients. */
  #last: Seen | undefined;

  private constructor(opened: OpenModel) {
    this.#opened = opened;
  }

  /** Start a model with the maps of its card. Throws XrayError `heatmaps/no-card`, `runtime/…`. */
  static async open(model: NamedModel, createSession: SessionFactory): Promise<FinerMaps> {
    return new FinerMaps(await openModel(model, createSession, { maps: "card" }));
  }

  /**
   * The map of a finding; Grad-CAM at norm5 if the card names none for it.
   *
   * @param view     C × H × W: the image as it is prepared for this model; with ten-crop, the centre crop. It is kept until the
   *                 next call, and must not be modified.
   * @param finding  Index of the label.
   * @throws         XrayError `runtime/…`.
   */
  async of(view: Float32Array, finding: number): Promise<FinerMap> {
    const maps = this.#opened.maps!;
    const [own] = await maps.ownMaps(await this.#forward(view), 0, [finding]);
    const { data, height, width } = own!;
    return { data: Float32Array.from(data), height, width, recipe: maps.recipes[finding]! };
  }

  async #forward(view: Float32Array): Promise<ForwardResults> {
    if (this.#last !== undefined && isSame(this.#last.view, view)) return this.#last.results;
    this.#last = undefined;
    const { inChannels, input, forward } = this.#opened;
    const results = await forward.run(float32([1, inChannels, input.height, input.width], view));
    this.#last = { view, results };
    return results;
  }

  release(): Promise<void> {
    return this.#opened.release();
  }
}
