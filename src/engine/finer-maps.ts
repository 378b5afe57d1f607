/**
 * Heatmaps of one finding of one image at a time: those that a model's card names, or by occlusion if its network is run and not
 * understood.
 *
 * Pipeline:   prepared image → **forward pass; gradients, or parts hidden → map**
 * Knows:      open models and prepared images. Not files, workers or pages.
 */

import type { SessionFactory } from "../graph/session.ts";
import { PORTS } from "../models/compile.ts";
import { chooseMaps } from "../models/map-choice.ts";
import { isOcclusion, type MapRecipe } from "../models/map-recipe.ts";
import { float32 } from "../tensor.ts";
import type { ForwardResults } from "./forward-pass.ts";
import type { OwnMap } from "./heatmap-source.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import type { NamedModel } from "./read-model.ts";

/** The map of one finding that the model's card names, which may be finer than that at norm5; or one by occlusion. */
export interface FinerMap {
  /** height × width, C order, after the ReLU. Raw, or 0 to 1 for a fused map. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly recipe: MapRecipe;
}

/** An image that went through the network. */
interface Seen {
  readonly view: Float32Array;
  /** Valid until the next image. */
  readonly results: ForwardResults;
  /** By label: what was computed. */
  readonly maps: Map<number, OwnMap>;
}

const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** Makes the finer maps of one model. One call at a time. */
export class FinerMaps {
  readonly #opened: OpenModel;
  /** The last image, so that its further findings need no forward pass. */
  #last: Seen | undefined;

  private constructor(opened: OpenModel) {
    this.#opened = opened;
  }

  /** Start a model with these maps. Throws XrayError `heatmaps/no-card`, `runtime/…`, `onnx/not-runnable`. */
  static async open(model: NamedModel, createSession: SessionFactory): Promise<FinerMaps> {
    const maps = model.kind === "network" ? chooseMaps({ method: "occlusion" }) : "card";
    return new FinerMaps(await openModel(model, createSession, { maps }));
  }

  /**
   * The map of a finding; Grad-CAM at norm5 if the card names none for it.
   *
   * @param view     C × H × W: the image as it is prepared for this model; with ten-crop, the centre crop. It is kept until the
   *                 next call, and must not be modified.
   * @param finding  Index of the label.
   * @throws         XrayError `runtime/…`, or why the network's outputs cannot be used.
   */
  async of(view: Float32Array, finding: number): Promise<FinerMap> {
    const { results, maps: known } = await this.#look(view);
    const source = this.#opened.maps!;
    const recipe = source.recipes[finding]!;
    if (!known.has(finding)) {
      // Passes with parts of the image hidden tell of all findings.
      const wanted = isOcclusion(recipe) ? [...source.recipes.keys()] : [finding];
      for (const map of await source.ownMaps(results, 0, wanted)) known.set(map.finding, map);
    }
    const { data, height, width } = known.get(finding)!;
    return { data: Float32Array.from(data), height, width, recipe };
  }

  /** Run an image through the network, unless it is the last one. */
  async #look(view: Float32Array): Promise<Seen> {
    if (this.#last !== undefined && isSame(this.#last.view, view)) return this.#last;
    this.#last = undefined;
    const { inChannels, input, forward } = this.#opened;
    const image = float32([1, inChannels, input.height, input.width], view);
    const outputs = await forward.run(image);
    const fault = forward.faultOf(outputs, 0);
    if (fault !== undefined) throw fault;
    this.#last = { view, results: { ...outputs, [PORTS.image]: image }, maps: new Map() };
    return this.#last;
  }

  release(): Promise<void> {
    return this.#opened.release();
  }
}
