/**
 * The heatmaps that a model's card names, for one finding of one image at a time.
 *
 * Pipeline:   prepared image → **forward pass, gradients → map**
 * Knows:      open models and prepared images. Not files, workers or pages.
 */

import type { SessionFactory } from "../graph/session.ts";
import type { MapRecipe } from "../models/map-recipe.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import type { CheckedImage } from "./ports.ts";
import { predictOne } from "./predict-one.ts";
import type { NamedModel } from "./read-model.ts";

/** The map of one finding that the model's card names, which may be finer than that at norm5. */
export interface FinerMap {
  /** height × width, C order, after the ReLU. Raw, or 0 to 1 for a fused map. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly recipe: MapRecipe;
}

/** Makes the maps that one model's card names. One call at a time. */
export class FinerMaps {
  readonly #opened: OpenModel;

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
   * @param name     The image's name in errors.
   * @param image    Prepared for this model; no check may refuse it.
   * @param finding  Index of the label.
   * @throws         XrayError `input/…`, `runtime/…`.
   */
  async of(name: string, image: CheckedImage, finding: number): Promise<FinerMap> {
    const { ownMaps } = await predictOne(this.#opened, name, image, { ownMapsOf: () => [finding] });
    const { data, height, width } = ownMaps![0]!;
    const recipe = this.#opened.maps!.recipes[finding]!;
    return { data: Float32Array.from(data), height, width, recipe };
  }

  release(): Promise<void> {
    return this.#opened.release();
  }
}
