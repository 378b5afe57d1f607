/**
 * The library's public surface in a browser.
 *
 * ```ts
 * import { loadModel } from "medical-x/browser";
 * const model = await loadModel("/models/densenet121_model.safetensors");
 * const chosen = document.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [];
 * for (const { probabilities } of await model.predict([...chosen])) console.log(probabilities.Effusion);
 * ```
 *
 * For research and education only; not for diagnosis.
 */

export type { BrowserSource } from "./browser/bytes.ts";
export type { ModelOptions as BrowserModelOptions } from "./browser/calls.ts";
export { type BrowserLoadOptions, type BrowserModel, loadModel } from "./browser/load-model.ts";
export type { BrowserDevice } from "./browser/session.ts";
export type { Check, CheckName, CheckOutcome } from "./checks/check.ts";
export type {
  ExplainOptions,
  Explanation,
  ImageOptions,
  LoadedCard,
  LoadOptions,
  Model as PortableModel,
  ModelPrediction,
  PredictOptions,
} from "./engine/model.ts";
export type { ImageSource } from "./engine/ports.ts";
export { type ErrorCategory, type ErrorCode, type ErrorDetails, XrayError } from "./errors.ts";
export { FINDING_NAMES, FINDINGS, type Finding } from "./findings.ts";
export {
  type CamMethod,
  type FusedMethod,
  HEATMAP_METHODS,
  type HeatmapMethod,
  type LayerMethod,
} from "./heatmaps/methods.ts";
export type { Preparation, PreparationStep } from "./image/preparation.ts";
export type { ReadingOptions, VoiChoice } from "./image/prepare.ts";
export type { Activation } from "./models/activation.ts";
export type { ModelCard, ResolvedCard } from "./models/card.ts";
export type { WeightKind } from "./models/choose-weights.ts";
export { HEATMAP_LAYERS, type HeatmapLayer } from "./models/densenet121.ts";
export type { MapOptions } from "./models/map-choice.ts";
export type { MapRecipe } from "./models/map-recipe.ts";
export { COLORMAP_NAMES, type ColormapName } from "./report/overlay/colormap.ts";
export type { OverlayOptions } from "./report/overlay/overlay-of.ts";
export type { RgbPixels } from "./report/overlay/pixels.ts";
export { OVERLAY_STYLES, type OverlayStyle } from "./report/overlay/style.ts";
export type { FindingRegion, Threshold } from "./results/prediction.ts";
