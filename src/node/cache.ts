/**
 * Where downloaded models are kept, and what networks made of images.
 *
 * Knows: the user's folders. `MEDICAL_X_CACHE` overrides them.
 */

import { join } from "node:path";
import envPaths from "env-paths";

/** The cache folder: `~/.cache/medical-x` on Linux, its like elsewhere. It may not exist yet. */
function cacheFolder(): string {
  const chosen = process.env["MEDICAL_X_CACHE"];
  return chosen !== undefined && chosen !== "" ? chosen : envPaths("medical-x", { suffix: "" }).cache;
}

/** Where the model of a catalogue row is put. */
export function modelPath(name: string): string {
  return join(cacheFolder(), "models", name);
}

/** Where a model's predictions are kept, by what made them. */
export function predictionsPath(key: string): string {
  return join(cacheFolder(), "predictions", key);
}

/** Where the features of a frozen network are kept, by what made them. */
export function featuresPath(key: string): string {
  return join(cacheFolder(), "features", key);
}
