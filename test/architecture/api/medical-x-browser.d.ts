/// <reference lib="esnext.disposable" />
// What "medical-x/browser" declares to those who import it. See scripts/api/roll-up.ts.

export type Activation = "none" | "sigmoid" | "softmax";

export type BrowserDevice = "webgpu" | "wasm";

export interface BrowserLoadOptions extends BrowserModelOptions {
  readonly files?: string | URL;
}

export interface BrowserModel extends Omit<PortableModel, "predict" | "explain"> {
  readonly device: BrowserDevice;
  readonly threads: number;
  predict(images: readonly BrowserSource[], options?: PredictOptions): Promise<ModelPrediction[]>;
  explain(image: BrowserSource, options?: ExplainOptions): Promise<Explanation>;
  overlay(image: BrowserSource, options?: OverlayOptions): Promise<RgbPixels>;
}

export interface BrowserModelOptions extends LoadOptions {
  readonly device?: string;
  readonly threads?: number;
  readonly card?: ModelCard;
}

export type BrowserSource = Uint8Array | ArrayBuffer | Blob | URL | string;

export type CamMethod = LayerMethod | FusedMethod;

export interface Check {
  readonly check: CheckName;
  readonly outcome: CheckOutcome;
  readonly reason: string;
}

export type CheckName =
  | "body-part"
  | "burned-in"
  | "exposure"
  | "frontal-chest"
  | "inverted"
  | "known-images"
  | "modality"
  | "presentation-intent"
  | "view";

export type CheckOutcome = "pass" | "refuse" | "unknown" | "warn";

export declare const COLORMAP_NAMES: readonly ColormapName[];

export type ColormapName = ("inferno" | "turbo" | "viridis") | "jet";

export type ErrorCategory = "input" | "usage" | "missing" | "environment" | "internal";

export type ErrorCode =
  | "augment/ten-crop"
  | "browser/no-decoder"
  | "browser/not-isolated"
  | "browser/worker-failed"
  | "calibrate/bad-request"
  | "calibrate/no-list"
  | "calibrate/nothing"
  | "calibrate/sidecar"
  | "calibration/bad-logit"
  | "calibration/invalid"
  | "card/activation"
  | "card/channels"
  | "card/invalid"
  | "card/label-conflict"
  | "card/label-count"
  | "card/no-labels"
  | "card/softmax-unnamed"
  | "checkpoint/bad-codes"
  | "checkpoint/bad-dtype"
  | "checkpoint/bad-variance"
  | "checkpoint/mismatch"
  | "checkpoint/no-state-dict"
  | "checkpoint/no-such-weights"
  | "checkpoint/not-finite"
  | "checkpoint/other-head"
  | "checkpoint/other-module"
  | "checkpoint/recursive-module"
  | "checkpoint/shape-mismatch"
  | "checkpoint/unknown-format"
  | "convert/dtype"
  | "convert/no-images"
  | "convert/out-of-range"
  | "convert/unknown-format"
  | "data/most-missing"
  | "data/no-label-file"
  | "data/own-input"
  | "data/several-box-files"
  | "data/several-label-files"
  | "dicom/damaged"
  | "dicom/no-codec"
  | "dicom/no-picture"
  | "dicom/no-such-frame"
  | "dicom/no-uid"
  | "dicom/too-large"
  | "dicom/unsupported"
  | "download/bad-range"
  | "download/bad-url"
  | "download/incomplete"
  | "download/no-connection"
  | "download/refused"
  | "download/server-error"
  | "download/stalled"
  | "download/too-large"
  | "download/wrong-content"
  | "evaluation/bad-bins"
  | "evaluation/bad-input"
  | "evaluation/bad-level"
  | "evaluation/bad-replicates"
  | "evaluation/bad-request"
  | "evaluation/bad-target"
  | "evaluation/bad-threshold"
  | "evaluation/interrupted"
  | "evaluation/no-common-image"
  | "evaluation/no-images"
  | "evaluation/no-labels"
  | "evaluation/own-input"
  | "explain/no-heatmaps"
  | "export/folder-taken"
  | "export/model-changed"
  | "export/no-server"
  | "features/damaged"
  | "features/incomplete"
  | "features/no-plan"
  | "features/no-share"
  | "features/no-space"
  | "features/other-plan"
  | "file/in-use"
  | "file/not-accessible"
  | "file/not-found"
  | "file/not-regular"
  | "file/too-large"
  | "findings/none"
  | "findings/unknown"
  | "format/absurd-size"
  | "format/truncated"
  | "graph/bad-constant"
  | "graph/duplicate-name"
  | "graph/foreign-value"
  | "graph/missing-weight"
  | "graph/no-gradient"
  | "graph/shape-mismatch"
  | "graph/unordered"
  | "graph/weight-mismatch"
  | "heatmaps/layer-count"
  | "heatmaps/no-card"
  | "heatmaps/unknown-colormap"
  | "heatmaps/unknown-layer"
  | "heatmaps/unknown-method"
  | "heatmaps/unknown-style"
  | "image/too-small"
  | "images/none"
  | "input/modality"
  | "input/not-frontal-chest"
  | "input/own-result"
  | "internal/unexpected"
  | "labels/bad-box"
  | "labels/bad-csv"
  | "labels/bad-value"
  | "labels/contradiction"
  | "labels/duplicate-column"
  | "labels/duplicate-image"
  | "labels/duplicate-label"
  | "labels/empty"
  | "labels/field-count"
  | "labels/known-table"
  | "labels/no-box-columns"
  | "labels/no-image"
  | "labels/no-image-column"
  | "labels/no-label-columns"
  | "labels/no-patient"
  | "labels/not-utf8"
  | "labels/unknown-finding"
  | "labels/unknown-label"
  | "model/bad-name"
  | "model/none"
  | "model/not-found"
  | "model/not-pulled"
  | "model/only-run"
  | "model/released"
  | "onnx/bad-graph"
  | "onnx/bad-output"
  | "onnx/custom-ops"
  | "onnx/damaged"
  | "onnx/external-data"
  | "onnx/input"
  | "onnx/input-size"
  | "onnx/no-card"
  | "onnx/not-runnable"
  | "onnx/output"
  | "onnx/too-large"
  | "onnx/too-new"
  | "onnx/unsupported"
  | "pacs/association-rejected"
  | "pacs/bad-address"
  | "pacs/bad-aet"
  | "pacs/bad-answer"
  | "pacs/bad-certificate"
  | "pacs/bad-credentials"
  | "pacs/bad-match"
  | "pacs/bad-state"
  | "pacs/bad-uid"
  | "pacs/busy"
  | "pacs/deadly"
  | "pacs/forbidden"
  | "pacs/interrupted"
  | "pacs/needs-certificate"
  | "pacs/needs-senders"
  | "pacs/no-archive"
  | "pacs/no-connection"
  | "pacs/no-image"
  | "pacs/no-interface"
  | "pacs/no-port"
  | "pacs/no-space"
  | "pacs/no-state"
  | "pacs/no-study"
  | "pacs/not-found"
  | "pacs/not-frontal"
  | "pacs/not-stored"
  | "pacs/other-archive"
  | "pacs/other-modality"
  | "pacs/own-result"
  | "pacs/plain-password"
  | "pacs/redirected"
  | "pacs/refused"
  | "pacs/server-error"
  | "pacs/store-failed"
  | "pacs/tls"
  | "pacs/too-large"
  | "pacs/unauthorised"
  | "parquet/damaged"
  | "phantom/bad-request"
  | "phantom/folder-in-use"
  | "phantom/interrupted"
  | "phantom/other-settings"
  | "pickle/bad-pickle"
  | "predict/needs-out"
  | "predict/not-dicom"
  | "predict/same-uid"
  | "predictions/bad-value"
  | "predictions/damaged"
  | "predictions/duplicate-column"
  | "predictions/duplicate-image"
  | "predictions/empty"
  | "predictions/field-count"
  | "predictions/no-columns"
  | "predictions/no-image"
  | "predictions/no-space"
  | "predictions/not-a-probability"
  | "preparation/invalid"
  | "preparation/no-size"
  | "pull/bad-record"
  | "pull/in-the-package"
  | "pull/unknown-model"
  | "pull/wrong-hash"
  | "raster/damaged"
  | "raster/elongated"
  | "raster/no-such-page"
  | "raster/not-an-image"
  | "raster/too-large"
  | "raster/unsupported"
  | "runtime/no-session"
  | "runtime/telemetry-on"
  | "runtime/unknown-device"
  | "runtime/unsupported-dtype"
  | "safetensors/bad-file"
  | "scoring/bad-list"
  | "scoring/bad-plan"
  | "scoring/bad-scheduler"
  | "scoring/foreign-shard"
  | "scoring/incomplete"
  | "scoring/interrupted"
  | "scoring/no-image"
  | "scoring/no-plan"
  | "scoring/other-count"
  | "scoring/plan-changed"
  | "scoring/unavailable"
  | "scoring/unknown-table"
  | "scoring/worker-died"
  | "server/bad-method"
  | "server/bad-range"
  | "server/bad-request"
  | "server/bad-token"
  | "server/busy"
  | "server/closing"
  | "server/forbidden-origin"
  | "server/media-type"
  | "server/model-changed"
  | "server/needs-token"
  | "server/no-model"
  | "server/no-port"
  | "server/not-found"
  | "server/timeout"
  | "server/too-large"
  | "server/too-slow"
  | "server/unauthorised"
  | "server/wrong-host"
  | "split/bad-fraction"
  | "split/bad-options"
  | "split/empty-list"
  | "split/lists-overlap"
  | "split/no-match"
  | "split/no-training"
  | "split/test-images"
  | "split/unclear-name"
  | "tensor/size-mismatch"
  | "tensor/unread-dtype"
  | "tensor/wrong-dtype"
  | "thread/closed"
  | "thread/ended"
  | "threshold/invalid"
  | "threshold/no-card"
  | "torch/bad-storage"
  | "torch/bad-tensor"
  | "torch/big-endian"
  | "torch/no-pickle"
  | "torch/no-storage"
  | "torch/not-a-checkpoint"
  | "torch/torchscript"
  | "training/bad-config"
  | "training/bad-settings"
  | "training/bad-state"
  | "training/diverged"
  | "training/folder-lost"
  | "training/folder-taken"
  | "training/input-size"
  | "training/no-validation"
  | "training/nothing-read"
  | "training/nothing-to-resume"
  | "training/other-settings"
  | "truth/bad-note"
  | "truth/no-labels"
  | "zip/bad-archive"
  | "zip/too-large";

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface ExplainOptions extends ImageOptions, MapOptions {
  readonly regions?: boolean;
}

export interface Explanation extends ModelPrediction {
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  readonly method: HeatmapMethod | "card";
  readonly layer: string;
  readonly recipes: Readonly<Record<string, MapRecipe>>;
  readonly regions?: readonly FindingRegion[];
}

export interface Finding {
  readonly name: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
}

export declare const FINDING_NAMES: readonly string[];

export type FindingRegion = {
  readonly box: readonly number[];
  readonly finding: string;
  readonly level: number;
  readonly polygon: readonly (readonly number[])[];
};

export declare const FINDINGS: readonly Finding[];

export type FusedMethod = "product" | "maximum";

export declare const HEATMAP_LAYERS: readonly HeatmapLayer[];

export declare const HEATMAP_METHODS: readonly HeatmapMethod[];

export type HeatmapLayer =
  | "denseblock1"
  | "denseblock2"
  | "denseblock3"
  | "denseblock4"
  | "norm5"
  | "transition1"
  | "transition2"
  | "transition3";

export type HeatmapMethod = CamMethod | "occlusion";

export interface ImageOptions extends ReadingOptions {
  readonly threshold?: Threshold;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

export type ImageSource = string | Uint8Array;

export type LayerMethod = "gradcam" | "gradcam++" | "hirescam" | "layercam" | "eigencam";

export interface LoadedCard extends ResolvedCard {
  readonly notices: readonly string[];
}

export declare function loadModel(
  source: BrowserSource,
  options?: BrowserLoadOptions,
): Promise<BrowserModel>;

export interface LoadOptions {
  readonly device?: string;
  readonly threads?: number;
  readonly labels?: readonly string[];
  readonly weights?: WeightKind;
  readonly bits?: number;
}

export interface MapOptions {
  readonly method?: HeatmapMethod | "card" | undefined;
  readonly layer?: HeatmapLayer | readonly HeatmapLayer[] | undefined;
}

export interface MapRecipe {
  readonly method: HeatmapMethod;
  readonly layers: readonly HeatmapLayer[];
}

export type ModelCard = {
  readonly activation?: "none" | "sigmoid" | "softmax";
  readonly calibration?: {
    readonly description: string;
    readonly findings: {
      readonly [x: string]: {
        readonly breakpoints: readonly (readonly [number, number])[];
        readonly kind: "isotonic";
      } | {
        readonly intercept: number;
        readonly kind: "platt";
        readonly slope: number;
      } | {
        readonly kind: "temperature";
        readonly temperature: number;
      };
    };
    readonly fittedTo?: string;
  };
  readonly citation?: string;
  readonly knownImages?: {
    readonly components: readonly {
      readonly step: number;
      readonly variance: number;
      readonly weights: string;
    }[];
    readonly description: string;
    readonly heldOut: number;
    readonly images: number;
    readonly limit: number;
    readonly mean: string;
    readonly residualVariance: number;
    readonly scale: string;
  };
  readonly labels?: readonly string[];
  readonly learnedFrom?: readonly {
    readonly dataset: string;
    readonly split?: "chexnet" | "chexnet-test" | "none" | "official" | "unpublished";
    readonly training?: string;
    readonly validation?: string;
  }[];
  readonly licence?: string;
  readonly maps?: {
    readonly description: string;
    readonly findings: {
      readonly [x: string]: {
        readonly layers: readonly HeatmapLayer[];
        readonly level?: number;
        readonly measured?: {
          readonly boxArea: number;
          readonly control: number;
          readonly overlap: number;
          readonly pairs: number;
          readonly pointing: number;
          readonly pointingHigh: number;
          readonly pointingLow: number;
        };
        readonly method: CamMethod;
      };
    };
  };
  readonly operatingPoints?: {
    readonly [x: string]: number;
  };
  readonly preparation?: readonly ({
    readonly bits: number;
    readonly step: "bits";
  } | {
    readonly height: number;
    readonly resample: "pil" | "skimage";
    readonly step: "resize";
    readonly width: number;
  } | {
    readonly scheme: "imagenet" | "xrv";
    readonly step: "normalise";
  } | {
    readonly size: number;
    readonly step: "center-crop";
  } | {
    readonly size: number;
    readonly step: "resize-shorter";
  } | {
    readonly size: number;
    readonly step: "ten-crop";
  } | {
    readonly step: "center-square";
  } | {
    readonly step: "grey" | "rgb";
  })[];
  readonly quantised?: {
    readonly calibration: {
      readonly auroc?: {
        readonly float32: number;
        readonly int8: number;
        readonly largestDrop: number;
      };
      readonly images: number;
      readonly largestDifference: number;
      readonly meanDifference: number;
    };
    readonly data: string;
    readonly description: string;
    readonly float32: readonly string[];
    readonly heldOut?: {
      readonly auroc?: {
        readonly float32: number;
        readonly int8: number;
        readonly largestDrop: number;
      };
      readonly images: number;
      readonly largestDifference: number;
      readonly meanDifference: number;
    };
    readonly images: number;
  };
  readonly roc?: {
    readonly description: string;
    readonly findings: {
      readonly [x: string]: {
        readonly negatives: number;
        readonly positives: number;
        readonly sensitivity: readonly number[];
        readonly specificity: readonly number[];
        readonly thresholds: readonly number[];
      };
    };
  };
  readonly source?: string;
  readonly trainedOn?: "phantoms";
};

export interface ModelPrediction {
  readonly image: string | undefined;
  readonly threshold: Threshold;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly detected: readonly string[];
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  readonly calibrated?: Readonly<Record<string, number>>;
  readonly preparation: readonly string[];
  readonly notes: readonly string[];
  readonly checks: readonly Check[];
  readonly notice: string;
}

export declare const OVERLAY_STYLES: readonly OverlayStyle[];

export interface OverlayOptions extends ExplainOptions {
  readonly findings?: "top" | "detected" | "all" | readonly string[];
  readonly colormap?: ColormapName;
  readonly style?: OverlayStyle;
}

export type OverlayStyle = "wash" | "contour";

export interface PortableModel {
  readonly kind: "densenet121" | "network";
  readonly name: string;
  readonly card: LoadedCard;
  readonly labels: readonly string[];
  readonly labelSource: string;
  readonly notes: readonly string[];
  sha256(): Promise<string>;
  predict(images: readonly ImageSource[], options?: PredictOptions): Promise<ModelPrediction[]>;
  explain(image: ImageSource, options?: ExplainOptions): Promise<Explanation>;
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PredictOptions extends ImageOptions {
  readonly onProgress?: (done: number, total: number) => void;
}

export type Preparation = readonly ({
  readonly bits: number;
  readonly step: "bits";
} | {
  readonly height: number;
  readonly resample: "pil" | "skimage";
  readonly step: "resize";
  readonly width: number;
} | {
  readonly scheme: "imagenet" | "xrv";
  readonly step: "normalise";
} | {
  readonly size: number;
  readonly step: "center-crop";
} | {
  readonly size: number;
  readonly step: "resize-shorter";
} | {
  readonly size: number;
  readonly step: "ten-crop";
} | {
  readonly step: "center-square";
} | {
  readonly step: "grey" | "rgb";
})[];

export type PreparationStep = Preparation[number];

export interface ReadingOptions {
  readonly page?: number;
  readonly frame?: number;
  readonly voi?: VoiChoice;
}

export interface ResolvedCard extends ModelCard {
  readonly labels: readonly string[];
  readonly labelSource: string;
  readonly preparation: Preparation;
  readonly activation: Activation;
}

export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type Threshold = number | "card";

export type VoiChoice = "default" | "equalize" | "full-range" | "minmax";

export type WeightKind = "ema" | "plain";

export declare class XrayError extends Error {
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details?: ErrorDetails, cause?: unknown);
}

export {};
