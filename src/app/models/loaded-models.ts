/**
 * Finds the weights behind a model of the library, for evaluations that are given such a model.
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

/** Remember what belongs to a model. */
export function remember(model: Model, loaded: LoadedModel): void {
  LOADED.set(model, loaded);
}

/** Forget a model that has been released. */
export function forget(model: Model): void {
  LOADED.delete(model);
}

/**
 * The weights and options that belong to a model.
 *
 * @throws  XrayError `model/released` if the model was released, or does not come from `loadModel`.
 */
export function loadedModel(model: Model): LoadedModel {
  const found = LOADED.get(model);
  if (found !== undefined) return found;
  throw new XrayError(
    "model/released",
    "the model was released and can no longer be used; load it again, or give its file instead",
    {},
  );
}
