// What "medical-x" declares to those who import it. See scripts/api/roll-up.ts.

export type ErrorCode = `${string}/${string}`;

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface ExplainOptions extends ReadingOptions {
  readonly method?: HeatmapMethod;
  readonly layer?: HeatmapLayer;
}

export interface Explanation extends ModelPrediction {
  readonly heatmaps: Float32Array;
  readonly shape: readonly [
    labels: number,
    height: number,
    width: number
  ];
  readonly method: HeatmapMethod;
  readonly layer: `features.${HeatmapLayer}`;
}

export declare const FINDINGS: readonly Finding[];

export declare const FINDING_NAMES: readonly string[];

export interface Finding {
  readonly name: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
}

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

export interface LoadOptions {
  readonly device?: string;
  readonly threads?: number;
  readonly labels?: readonly string[];
  readonly weights?: WeightKind;
  readonly bits?: number;
}

export interface Model {
  readonly labels: readonly string[];
  readonly labelSource: string;
  readonly notes: readonly string[];
  sha256(): Promise<string>;
  predict(images: readonly ImageSource[], reading?: ReadingOptions): Promise<ModelPrediction[]>;
  explain(image: ImageSource, options?: ExplainOptions): Promise<Explanation>;
  release(): Promise<void>;
}

export type ModelCard = {
  readonly labels?: readonly string[];
  readonly preparation?: readonly ({
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "bits";
    readonly bits: number;
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "center-crop";
    readonly size: number;
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "center-square";
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "grey" | "rgb";
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "normalise";
    readonly scheme: "imagenet" | "xrv";
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "resize";
    readonly width: number;
    readonly height: number;
    readonly resample: "pil" | "skimage";
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
    readonly step: "resize-shorter";
    readonly size: number;
  } | {
    readonly [x: string]: unknown;
    readonly [x: number]: unknown;
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
        readonly [x: string]: unknown;
        readonly [x: number]: unknown;
        readonly kind: "isotonic";
        readonly breakpoints: readonly (readonly [number, number])[];
      } | {
        readonly [x: string]: unknown;
        readonly [x: number]: unknown;
        readonly kind: "platt";
        readonly slope: number;
        readonly intercept: number;
      } | {
        readonly [x: string]: unknown;
        readonly [x: number]: unknown;
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
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  readonly calibrated?: Readonly<Record<string, number>>;
  readonly preparation: readonly string[];
  readonly notes: readonly string[];
  readonly notice: string;
}

export type Preparation = readonly ({
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "bits";
  readonly bits: number;
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "center-crop";
  readonly size: number;
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "center-square";
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "grey" | "rgb";
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "normalise";
  readonly scheme: "imagenet" | "xrv";
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "resize";
  readonly width: number;
  readonly height: number;
  readonly resample: "pil" | "skimage";
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "resize-shorter";
  readonly size: number;
} | {
  readonly [x: string]: unknown;
  readonly [x: number]: unknown;
  readonly step: "ten-crop";
  readonly size: number;
})[];

export type PreparationStep = Preparation[number];

export interface ReadingOptions {
  readonly page?: number;
}

export declare class XrayError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details?: ErrorDetails, cause?: unknown);
}

export declare function loadModel(nameOrPath: string, options?: LoadOptions): Promise<Model>;

// Mentioned above, and not exported by name:

type ImageSource = string | Uint8Array;

type WeightKind = "ema" | "plain";

export {};
