/**
 * What stands behind a model that the library has handed out: an evaluation is given the model, and needs its weights.
 *
 * Knows: the library's models. Not how they are loaded.
 */

import type { LoadOptions, Model } from "../../engine/model.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";

/** Weights and card of a loaded model, and where its network runs. */
export interface LoadedModel {
  readonly named: NamedModel;
  readonly options: Pick<LoadOptions, "device" | "threads" | "bits">;
}

const LOADED = new WeakMap<Model, LoadedModel>();

/** Remember what stands behind a model. */
export function remember(model: Model, loaded: LoadedModel): void {
  LOADED.set(model, loaded);
}

/** A released model is nobody's any more. */
export function forget(model: Model): void {
  LOADED.delete(model);
}

/**
 * What stands behind a model.
 *
 * @throws  XrayError `model/released` where it was released, or was not handed out by `loadModel`.
 */
export function loadedModel(model: Model): LoadedModel {
  const found = LOADED.get(model);
  if (found !== undefined) return found;
  throw new XrayError(
    "model/released",
    "the model was released and cannot be used any more; load it again, or give its file instead",
    {},
  );
}
