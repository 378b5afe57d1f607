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
  /** The path or name that it was loaded by. */
  readonly place: string;
  readonly options: Pick<LoadOptions, "device" | "threads">;
}

const LOADED = new WeakMap<Model, LoadedModel>();
const RELEASED = new WeakSet<Model>();

/** Remember what belongs to a model. */
export function remember(model: Model, loaded: LoadedModel): void {
  LOADED.set(model, loaded);
}

/** Forget a model that has been released. */
export function forget(model: Model): void {
  LOADED.delete(model);
  RELEASED.add(model);
}

/**
 * The weights and options that belong to a model.
 *
 * @throws  XrayError `model/released` if the model was released; `model/bad-name` if it does not come from `loadModel`.
 */
export function loadedModel(model: Model): LoadedModel {
  const isObject = typeof model === "object" && model !== null;
  const found = isObject ? LOADED.get(model) : undefined;
  if (found !== undefined) return found;
  if (isObject && RELEASED.has(model)) {
    throw new XrayError(
      "model/released",
      "the model was released and can no longer be used; load it again, or give its file instead",
      {},
    );
  }
  throw new XrayError("model/bad-name", "a model is a path, a name, or what loadModel returned", {});
}
