/**
 * The library's public surface.
 *
 * ```ts
 * import { loadModel } from "medical-x";
 * const model = await loadModel("densenet121_model.pth");
 * const [result] = await model.predict(["xray.png"]);
 * result.probabilities.Effusion; // number
 * ```
 *
 * For research and education only; not for diagnosis.
 */

export type {
  DatasetBox,
  DatasetImage,
  DatasetSplit,
  DatasetView as Dataset,
} from "./app/data/dataset-view.ts";
export type { DatasetOptions } from "./app/data/open-dataset.ts";
export type { SplitOptions } from "./app/data/split-dataset.ts";
export { type CalibrateOptions, calibrate } from "./app/evaluation/calibration.ts";
export type { CalibrationOptions } from "./app/evaluation/calibration-request.ts";
export { type EvaluateOptions, evaluate } from "./app/evaluation/evaluation.ts";
export type { EvaluationOptions } from "./app/evaluation/request.ts";
export { convertModel, drawPhantoms, inspectModel, openDataset, pullModel } from "./app/library.ts";
export type { Converted, ConvertOptions } from "./app/models/convert.ts";
export { type FailedImage, loadModel, type NodeModel as Model } from "./app/models/load-model.ts";
export type { PulledModel, PullOptions } from "./app/models/pull.ts";
export type { QuantiseHooks } from "./app/models/quantise/quantise-model.ts";
export type { PhantomOptions } from "./app/phantoms/draw-phantoms.ts";
export type { PhantomResult } from "./app/phantoms/phantoms.ts";
export { trainingCurves } from "./app/training/curves.ts";
export type { TrainingProgress, TrainOptionSettings, TrainOptions } from "./app/training/options.ts";
export { type Epoch, type Training, type TrainingResult, train } from "./app/training/training.ts";
export type { WorkOptions, WorkProgress } from "./app/work/options.ts";
export type { Calibration, CalibrationKind } from "./calibration/calibration.ts";
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
export type { ReadOptions } from "./engine/read-model.ts";
export { type ErrorCategory, type ErrorCode, type ErrorDetails, XrayError } from "./errors.ts";
export { FINDING_NAMES, FINDINGS, type Finding } from "./findings.ts";
export {
  type CamMethod,
  type FusedMethod,
  HEATMAP_METHODS,
  type HeatmapMethod,
  type LayerMethod,
} from "./heatmaps/methods.ts";
export type { Region } from "./image/crop.ts";
export type { Preparation, PreparationStep } from "./image/preparation.ts";
export { type ReadingOptions, VOI_CHOICES, type VoiChoice } from "./image/prepare.ts";
export type { Activation } from "./models/activation.ts";
export type { ModelCard, ResolvedCard } from "./models/card.ts";
export type { CardQuantised } from "./models/card-quantised.ts";
export type { WeightKind } from "./models/choose-weights.ts";
export { HEATMAP_LAYERS, type HeatmapLayer } from "./models/densenet121.ts";
export type { MapOptions } from "./models/map-choice.ts";
export type { MapRecipe } from "./models/map-recipe.ts";
export type { Progress as DownloadProgress } from "./node/download.ts";
export { type ImageList, listImages } from "./node/image-list.ts";
export { COLORMAP_NAMES, type ColormapName } from "./report/overlay/colormap.ts";
export type { OverlayOptions } from "./report/overlay/overlay-of.ts";
export { OVERLAY_STYLES, type OverlayStyle } from "./report/overlay/style.ts";
export type { DataSummaryJson } from "./results/data-summary.ts";
export type { EvaluationJson } from "./results/evaluation-json.ts";
export type { FittedCalibrationJson } from "./results/fitted-calibration.ts";
export type { Inspection } from "./results/inspection.ts";
export type { FindingRegion, Threshold } from "./results/prediction.ts";
export type { LoopEnd as TrainingEnd } from "./training/loop.ts";
export type { SettingName as TrainSettingName, TrainSettings } from "./training/settings.ts";
