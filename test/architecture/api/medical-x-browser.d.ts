// What "medical-x/browser" declares to those who import it. See scripts/api/roll-up.ts.

export type BrowserDevice = "webgpu" | "wasm";

export interface BrowserLoadOptions extends ModelOptions {
  readonly files?: string | URL;
}

export interface BrowserModel extends Omit<Model, "predict" | "explain"> {
  readonly device: BrowserDevice;
  readonly threads: number;
  predict(images: readonly BrowserSource[], options?: PredictOptions): Promise<ModelPrediction[]>;
  explain(image: BrowserSource, options?: ExplainOptions): Promise<Explanation>;
  overlay(image: BrowserSource, options?: OverlayOptions): Promise<RgbPixels>;
}

export type BrowserSource = Uint8Array | ArrayBuffer | Blob | URL | string;

export declare const COLORMAP_NAMES: readonly ColormapName[];

export type ColormapName = ("inferno" | "turbo" | "viridis") | "jet";

export type ErrorCode = `${string}/${string}`;

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface ExplainOptions extends ImageOptions {
  readonly method?: HeatmapMethod;
  readonly layer?: HeatmapLayer;
}

export interface Explanation extends ModelPrediction {
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  readonly method: HeatmapMethod;
  readonly layer: `features.${HeatmapLayer}`;
}

export interface Finding {
  readonly name: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
}

export declare const FINDING_NAMES: readonly string[];

export declare const FINDINGS: readonly Finding[];

export declare const HEATMAP_LAYERS: ("denseblock1" | "denseblock2" | "denseblock3" | "denseblock4" | "norm5" | "transition1" | "transition2" | "transition3")[];

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

export type HeatmapMethod = "gradcam" | "gradcam++" | "hirescam" | "layercam" | "eigencam";

export interface ImageOptions extends ReadingOptions {
  readonly threshold?: Threshold;
  readonly signal?: AbortSignal;
}

export interface LoadedCard extends ResolvedCard {
  readonly notices: readonly string[];
}

export declare function loadModel(
  source: BrowserSource,
  options?: BrowserLoadOptions,
): Promise<BrowserModel>;

export type ModelCard = {
  readonly labels?: readonly string[];
  readonly preparation?: readonly ({
    readonly step: "bits";
    readonly bits: number;
  } | {
    readonly step: "center-crop";
    readonly size: number;
  } | {
    readonly step: "center-square";
  } | {
    readonly step: "grey" | "rgb";
  } | {
    readonly step: "normalise";
    readonly scheme: "imagenet" | "xrv";
  } | {
    readonly step: "resize";
    readonly width: number;
    readonly height: number;
    readonly resample: "pil" | "skimage";
  } | {
    readonly step: "resize-shorter";
    readonly size: number;
  } | {
    readonly step: "ten-crop";
    readonly size: number;
  })[];
  readonly activation?: "sigmoid" | "softmax";
  readonly operatingPoints?: {
    readonly [x: string]: number;
  };
  readonly calibration?: {
    readonly description: string;
    readonly findings: {
      readonly [x: string]: {
        readonly kind: "isotonic";
        readonly breakpoints: readonly (readonly [number, number])[];
      } | {
        readonly kind: "platt";
        readonly slope: number;
        readonly intercept: number;
      } | {
        readonly kind: "temperature";
        readonly temperature: number;
      };
    };
    readonly fittedTo?: string;
  };
  readonly licence?: string;
  readonly citation?: string;
  readonly source?: string;
  readonly trainedOn?: "phantoms";
  readonly learnedFrom?: readonly {
    readonly dataset: string;
    readonly split?: "chexnet" | "chexnet-test" | "none" | "official" | "unpublished";
    readonly training?: string;
    readonly validation?: string;
  }[];
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
  readonly notice: string;
}

export interface OverlayOptions extends ExplainOptions {
  readonly findings?: "top" | "detected" | "all" | readonly string[];
  readonly colormap?: ColormapName;
}

export interface PredictOptions extends ImageOptions {
  readonly onProgress?: (done: number, total: number) => void;
}

export type Preparation = readonly ({
  readonly step: "bits";
  readonly bits: number;
} | {
  readonly step: "center-crop";
  readonly size: number;
} | {
  readonly step: "center-square";
} | {
  readonly step: "grey" | "rgb";
} | {
  readonly step: "normalise";
  readonly scheme: "imagenet" | "xrv";
} | {
  readonly step: "resize";
  readonly width: number;
  readonly height: number;
  readonly resample: "pil" | "skimage";
} | {
  readonly step: "resize-shorter";
  readonly size: number;
} | {
  readonly step: "ten-crop";
  readonly size: number;
})[];

export type PreparationStep = Preparation[number];

export interface ReadingOptions {
  readonly page?: number;
}

export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export declare class XrayError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details?: ErrorDetails, cause?: unknown);
}

// Mentioned above, and not exported by name:

type Activation = "sigmoid" | "softmax";

type ImageSource = string | Uint8Array;

interface LoadOptions {
  readonly device?: string;
  readonly threads?: number;
  readonly labels?: readonly string[];
  readonly weights?: WeightKind;
  readonly bits?: number;
}

interface Model {
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

interface ModelOptions extends LoadOptions {
  readonly device?: string;
  readonly threads?: number;
  readonly card?: ModelCard;
}

interface ResolvedCard extends ModelCard {
  readonly labels: readonly string[];
  readonly labelSource: string;
  readonly preparation: Preparation;
  readonly activation: Activation;
}

type Threshold = number | "card";

type WeightKind = "ema" | "plain";

export {};
