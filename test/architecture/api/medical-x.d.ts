/// <reference lib="esnext.disposable" />
// What "medical-x" declares to those who import it. See scripts/api/roll-up.ts.

export type Activation = "none" | "sigmoid" | "softmax";

export declare function calibrate(options: CalibrateOptions): Promise<FittedCalibrationJson>;

export interface CalibrateOptions extends CalibrationOptions, WorkOptions {
}

export type Calibration = {
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

export type CalibrationKind = Calibration["kind"];

export interface CalibrationOptions {
  readonly data: string;
  readonly model: string;
  readonly to: string;
  readonly kind?: CalibrationKind | undefined;
  readonly weights?: WeightKind | undefined;
  readonly list?: string | undefined;
  readonly chooseMaps?: boolean | undefined;
  readonly boxes?: string | undefined;
  readonly labelsFile?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly includeLaterals?: boolean | undefined;
  readonly trainList?: string | undefined;
  readonly seed?: number | undefined;
  readonly predictionCache?: boolean | undefined;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly bits?: number | undefined;
  readonly voi?: VoiChoice | undefined;
  readonly force?: boolean | undefined;
}

export type CamMethod = LayerMethod | FusedMethod;

export type CardQuantised = {
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

export interface Converted {
  readonly tensors: number;
  readonly notes: readonly string[];
  readonly quantised?: CardQuantised;
  readonly bytes?: number;
}

export declare function convertModel(
  nameOrPath: string,
  target: string,
  options?: Omit<ConvertOptions, "change"> & ReadOptions,
): Promise<Converted>;

export interface ConvertOptions extends Partial<QuantiseHooks> {
  readonly dtype?: "float16" | "float32" | "int8";
  readonly change?: (card: ResolvedCard) => ResolvedCard;
  readonly calibrate?: string;
  readonly limit?: number;
}

export interface Dataset {
  readonly folder: string;
  readonly labelFile: string;
  readonly labels: readonly string[];
  readonly images: readonly DatasetImage[];
  readonly notes: readonly string[];
  readonly isPhantom: boolean;
  boxes(): Promise<readonly DatasetBox[]>;
  split(options?: Partial<SplitOptions>): Promise<DatasetSplit>;
  summary(options?: Partial<SplitOptions>): Promise<DataSummaryJson>;
}

export interface DatasetBox {
  readonly image: string;
  readonly finding: string;
  readonly place: Region;
}

export interface DatasetImage {
  readonly image: string;
  readonly path: string | undefined;
  readonly patient: string;
  readonly age?: number;
  readonly sex?: "M" | "F";
  readonly view?: string;
  readonly followUp?: number;
  readonly isLeftOut: boolean;
  readonly findings: readonly string[];
  readonly labels: Readonly<Record<string, 0 | 1 | null>>;
}

export interface DatasetOptions {
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  readonly includeLaterals?: boolean;
}

export interface DatasetSplit {
  readonly train: readonly string[];
  readonly val: readonly string[];
  readonly test: readonly string[] | undefined;
  readonly description: string;
  readonly notes: readonly string[];
}

export type DataSummaryJson = {
  readonly ages: {
    readonly max: number | null;
    readonly median: number | null;
    readonly min: number | null;
    readonly n_by_decade: readonly number[];
    readonly n_known: number;
    readonly q1: number | null;
    readonly q3: number | null;
  };
  readonly cooccurrence: {
    readonly counts: readonly (readonly number[])[];
    readonly labels: readonly string[];
  };
  readonly dicom?: {
    readonly bits_stored: {
      readonly [x: string]: number;
    };
    readonly body_parts: {
      readonly [x: string]: number;
    };
    readonly modalities: {
      readonly [x: string]: number;
    };
    readonly n_images: number;
    readonly n_multi_frame: number;
    readonly n_unreadable: number;
    readonly photometric_interpretations: {
      readonly [x: string]: number;
    };
    readonly presentation_intents: {
      readonly [x: string]: number;
    };
    readonly sizes: {
      readonly [x: string]: number;
    };
    readonly transfer_syntaxes: {
      readonly [x: string]: number;
    };
    readonly views: {
      readonly [x: string]: number;
    };
    readonly without_picture: {
      readonly [x: string]: number;
    };
  };
  readonly findings: {
    readonly [x: string]: {
      readonly n_negative: number;
      readonly n_positive: number;
      readonly n_unknown: number;
      readonly share: number | null;
    };
  };
  readonly folder: string;
  readonly images_per_patient: {
    readonly median: number;
    readonly most: number;
    readonly single: number;
  } | null;
  readonly label_file: {
    readonly path: string;
    readonly sha256: string;
  };
  readonly n_images: number;
  readonly n_missing: number;
  readonly n_no_finding: number;
  readonly n_patients: number;
  readonly notes: readonly string[];
  readonly schema: "medical-x/data-summary@1";
  readonly sexes: {
    readonly F: number;
    readonly M: number;
  };
  readonly split: {
    readonly description: string;
    readonly test?: {
      readonly ages: {
        readonly max: number | null;
        readonly median: number | null;
        readonly min: number | null;
        readonly n_by_decade: readonly number[];
        readonly n_known: number;
        readonly q1: number | null;
        readonly q3: number | null;
      };
      readonly cooccurrence: {
        readonly counts: readonly (readonly number[])[];
        readonly labels: readonly string[];
      };
      readonly findings: {
        readonly [x: string]: {
          readonly n_negative: number;
          readonly n_positive: number;
          readonly n_unknown: number;
          readonly share: number | null;
        };
      };
      readonly images_per_patient: {
        readonly median: number;
        readonly most: number;
        readonly single: number;
      } | null;
      readonly n_images: number;
      readonly n_no_finding: number;
      readonly n_patients: number;
      readonly sexes: {
        readonly F: number;
        readonly M: number;
      };
      readonly views: {
        readonly [x: string]: number;
      };
    };
    readonly train?: {
      readonly ages: {
        readonly max: number | null;
        readonly median: number | null;
        readonly min: number | null;
        readonly n_by_decade: readonly number[];
        readonly n_known: number;
        readonly q1: number | null;
        readonly q3: number | null;
      };
      readonly cooccurrence: {
        readonly counts: readonly (readonly number[])[];
        readonly labels: readonly string[];
      };
      readonly findings: {
        readonly [x: string]: {
          readonly n_negative: number;
          readonly n_positive: number;
          readonly n_unknown: number;
          readonly share: number | null;
        };
      };
      readonly images_per_patient: {
        readonly median: number;
        readonly most: number;
        readonly single: number;
      } | null;
      readonly n_images: number;
      readonly n_no_finding: number;
      readonly n_patients: number;
      readonly sexes: {
        readonly F: number;
        readonly M: number;
      };
      readonly views: {
        readonly [x: string]: number;
      };
    };
    readonly val?: {
      readonly ages: {
        readonly max: number | null;
        readonly median: number | null;
        readonly min: number | null;
        readonly n_by_decade: readonly number[];
        readonly n_known: number;
        readonly q1: number | null;
        readonly q3: number | null;
      };
      readonly cooccurrence: {
        readonly counts: readonly (readonly number[])[];
        readonly labels: readonly string[];
      };
      readonly findings: {
        readonly [x: string]: {
          readonly n_negative: number;
          readonly n_positive: number;
          readonly n_unknown: number;
          readonly share: number | null;
        };
      };
      readonly images_per_patient: {
        readonly median: number;
        readonly most: number;
        readonly single: number;
      } | null;
      readonly n_images: number;
      readonly n_no_finding: number;
      readonly n_patients: number;
      readonly sexes: {
        readonly F: number;
        readonly M: number;
      };
      readonly views: {
        readonly [x: string]: number;
      };
    };
  };
  readonly views: {
    readonly [x: string]: number;
  };
};

export interface DownloadProgress {
  readonly received: number;
  readonly total: number | undefined;
}

export declare function drawPhantoms(options: PhantomOptions): Promise<PhantomResult>;

export interface Epoch {
  readonly epoch: number;
  readonly of: number;
  readonly trainLoss: number;
  readonly valLoss: number | null;
  readonly valAuroc: number | null;
  readonly lr: number;
  readonly seconds: number;
  readonly isBest: boolean;
}

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

export declare function evaluate(options: EvaluateOptions): Promise<EvaluationJson>;

export interface EvaluateOptions extends EvaluationOptions, WorkOptions {
}

export type EvaluationJson = {
  readonly bootstrap: {
    readonly replicates: number;
    readonly seed: number;
  };
  readonly calibrated: {
    readonly description: string;
    readonly findings: {
      readonly [x: string]: {
        readonly brier: number;
        readonly ece: number;
        readonly raw: {
          readonly brier: number;
          readonly ece: number;
        };
        readonly reliability: readonly {
          readonly mean_probability: number | null;
          readonly n: number;
          readonly observed_share: number | null;
        }[];
      } | null;
    };
  } | null;
  readonly comparison: {
    readonly findings: {
      readonly [x: string]: {
        readonly auroc: {
          readonly delong_ci: readonly [number, number] | null;
          readonly delong_p: number | null;
          readonly delong_z: number | null;
          readonly difference: number;
          readonly difference_ci: readonly [number, number] | null;
          readonly first: number;
          readonly holm_p: number | null;
          readonly second: number;
        };
        readonly average_precision: {
          readonly difference: number;
          readonly difference_ci: readonly [number, number] | null;
          readonly first: number;
          readonly second: number;
        };
      } | null;
    };
    readonly mean: {
      readonly auroc: {
        readonly difference: number;
        readonly difference_ci: readonly [number, number] | null;
        readonly first: number;
        readonly second: number;
      };
      readonly average_precision: {
        readonly difference: number;
        readonly difference_ci: readonly [number, number] | null;
        readonly first: number;
        readonly second: number;
      };
      readonly n_findings: number;
    } | null;
    readonly n_images: number;
    readonly n_patients: number;
    readonly seen_by_model: {
      readonly n_calibration: number;
      readonly n_calibration_same_patients: number;
      readonly n_same_patients: number;
      readonly n_training: number;
      readonly n_validation: number;
    };
    readonly with: {
      readonly kind: "model" | "predictions";
      readonly name: string;
      readonly sha256: string;
    };
  } | null;
  readonly faithfulness: {
    readonly findings: {
      readonly [x: string]: {
        readonly centre: {
          readonly deletion: readonly number[];
          readonly deletion_area: number;
          readonly insertion: readonly number[];
          readonly insertion_area: number;
        };
        readonly model: {
          readonly deletion: readonly number[];
          readonly deletion_area: number;
          readonly insertion: readonly number[];
          readonly insertion_area: number;
        };
        readonly n_images: number;
        readonly random: {
          readonly deletion: readonly number[];
          readonly deletion_area: number;
          readonly insertion: readonly number[];
          readonly insertion_area: number;
        };
      };
    };
    readonly layer: string;
    readonly method: string;
    readonly overall: {
      readonly centre: {
        readonly deletion: readonly number[];
        readonly deletion_area: number;
        readonly insertion: readonly number[];
        readonly insertion_area: number;
      };
      readonly model: {
        readonly deletion: readonly number[];
        readonly deletion_area: number;
        readonly insertion: readonly number[];
        readonly insertion_area: number;
      };
      readonly n_pairs: number;
      readonly random: {
        readonly deletion: readonly number[];
        readonly deletion_area: number;
        readonly insertion: readonly number[];
        readonly insertion_area: number;
      };
    };
    readonly steps: number;
  } | null;
  readonly findings: {
    readonly [x: string]: {
      // … and the figures, which docs/schemas/evaluation.json lists.
      readonly fitted_here?: {
        readonly [x: string]: {
          // … and the figures, which docs/schemas/evaluation.json lists.
          readonly fn: number;
          readonly fp: number;
          readonly threshold: number;
          readonly tn: number;
          readonly tp: number;
        } | null;
      } | null;
      readonly n_negative: number;
      readonly n_positive: number;
      readonly n_unknown: number;
      readonly operating_point: {
        // … and the figures, which docs/schemas/evaluation.json lists.
        readonly fn: number;
        readonly fp: number;
        readonly threshold: number;
        readonly tn: number;
        readonly tp: number;
      } | null;
      readonly reliability: readonly {
        readonly mean_probability: number | null;
        readonly n: number;
        readonly observed_share: number | null;
      }[] | null;
    };
  };
  readonly label_file: {
    readonly name: string;
    readonly sha256: string;
  };
  readonly localisation: {
    readonly box_file: {
      readonly name: string;
      readonly sha256: string;
    };
    readonly findings: {
      readonly [x: string]: {
        readonly centre: {
          readonly iobb: {
            readonly [x: string]: number;
          };
          readonly iou: {
            readonly [x: string]: number;
          };
          readonly pointing: number;
          readonly pointing_tolerance: number;
        };
        readonly mean_box_area: number;
        readonly model: {
          readonly iobb: {
            readonly [x: string]: number;
          };
          readonly iou: {
            readonly [x: string]: number;
          };
          readonly pointing: number;
          readonly pointing_tolerance: number;
        };
        readonly n_images: number;
        readonly random: {
          readonly iobb: {
            readonly [x: string]: number;
          };
          readonly iou: {
            readonly [x: string]: number;
          };
          readonly pointing: number;
          readonly pointing_tolerance: number;
        };
        readonly regions: {
          readonly centre: {
            readonly free_response: readonly {
              readonly false_regions: number;
              readonly level: number;
              readonly sensitivity: number;
              readonly sensitivity_ci: readonly [number, number] | null;
            }[];
            readonly matched: {
              readonly [x: string]: number;
            };
            readonly n_regions: number;
            readonly precision: {
              readonly [x: string]: number | null;
            };
            readonly precision_ci: {
              readonly [x: string]: readonly [number, number] | null;
            };
            readonly recall: {
              readonly [x: string]: number;
            };
            readonly recall_ci: {
              readonly [x: string]: readonly [number, number] | null;
            };
          };
          readonly level: number;
          readonly model: {
            readonly free_response: readonly {
              readonly false_regions: number;
              readonly level: number;
              readonly sensitivity: number;
              readonly sensitivity_ci: readonly [number, number] | null;
            }[];
            readonly matched: {
              readonly [x: string]: number;
            };
            readonly n_regions: number;
            readonly precision: {
              readonly [x: string]: number | null;
            };
            readonly precision_ci: {
              readonly [x: string]: readonly [number, number] | null;
            };
            readonly recall: {
              readonly [x: string]: number;
            };
            readonly recall_ci: {
              readonly [x: string]: readonly [number, number] | null;
            };
          };
          readonly n_boxes: number;
          readonly random: {
            readonly free_response: readonly {
              readonly false_regions: number;
              readonly level: number;
              readonly sensitivity: number;
              readonly sensitivity_ci: readonly [number, number] | null;
            }[];
            readonly matched: {
              readonly [x: string]: number;
            };
            readonly n_regions: number;
            readonly precision: {
              readonly [x: string]: number | null;
            };
            readonly precision_ci: {
              readonly [x: string]: readonly [number, number] | null;
            };
            readonly recall: {
              readonly [x: string]: number;
            };
            readonly recall_ci: {
              readonly [x: string]: readonly [number, number] | null;
            };
          };
        };
        readonly smaller_than_cell: boolean;
      };
    };
    readonly free_response_iou: number;
    readonly layer: string;
    readonly level: number;
    readonly method: string;
    readonly overall: {
      readonly centre: {
        readonly iobb: {
          readonly [x: string]: number;
        };
        readonly iou: {
          readonly [x: string]: number;
        };
        readonly pointing: number;
        readonly pointing_tolerance: number;
      };
      readonly mean_box_area: number;
      readonly model: {
        readonly iobb: {
          readonly [x: string]: number;
        };
        readonly iou: {
          readonly [x: string]: number;
        };
        readonly pointing: number;
        readonly pointing_tolerance: number;
      };
      readonly n_images: number;
      readonly n_pairs: number;
      readonly random: {
        readonly iobb: {
          readonly [x: string]: number;
        };
        readonly iou: {
          readonly [x: string]: number;
        };
        readonly pointing: number;
        readonly pointing_tolerance: number;
      };
      readonly regions: {
        readonly centre: {
          readonly free_response: readonly {
            readonly false_regions: number;
            readonly level: number;
            readonly sensitivity: number;
            readonly sensitivity_ci: readonly [number, number] | null;
          }[];
          readonly matched: {
            readonly [x: string]: number;
          };
          readonly n_regions: number;
          readonly precision: {
            readonly [x: string]: number | null;
          };
          readonly precision_ci: {
            readonly [x: string]: readonly [number, number] | null;
          };
          readonly recall: {
            readonly [x: string]: number;
          };
          readonly recall_ci: {
            readonly [x: string]: readonly [number, number] | null;
          };
        };
        readonly model: {
          readonly free_response: readonly {
            readonly false_regions: number;
            readonly level: number;
            readonly sensitivity: number;
            readonly sensitivity_ci: readonly [number, number] | null;
          }[];
          readonly matched: {
            readonly [x: string]: number;
          };
          readonly n_regions: number;
          readonly precision: {
            readonly [x: string]: number | null;
          };
          readonly precision_ci: {
            readonly [x: string]: readonly [number, number] | null;
          };
          readonly recall: {
            readonly [x: string]: number;
          };
          readonly recall_ci: {
            readonly [x: string]: readonly [number, number] | null;
          };
        };
        readonly n_boxes: number;
        readonly random: {
          readonly free_response: readonly {
            readonly false_regions: number;
            readonly level: number;
            readonly sensitivity: number;
            readonly sensitivity_ci: readonly [number, number] | null;
          }[];
          readonly matched: {
            readonly [x: string]: number;
          };
          readonly n_regions: number;
          readonly precision: {
            readonly [x: string]: number | null;
          };
          readonly precision_ci: {
            readonly [x: string]: readonly [number, number] | null;
          };
          readonly recall: {
            readonly [x: string]: number;
          };
          readonly recall_ci: {
            readonly [x: string]: readonly [number, number] | null;
          };
        };
      };
      readonly smaller_than_cell: boolean;
    };
    readonly tolerance: number;
  } | null;
  readonly mean: {
    // … and the figures, which docs/schemas/evaluation.json lists.
    readonly n_findings: number;
  };
  readonly n_images: number;
  readonly n_patients: number;
  readonly notes: readonly string[];
  readonly notice: string;
  readonly of: {
    readonly kind: "model" | "predictions";
    readonly name: string;
    readonly sha256: string;
  };
  readonly schema: "medical-x/evaluation@1";
  readonly seen_by_model: {
    readonly n_calibration: number;
    readonly n_calibration_same_patients: number;
    readonly n_same_patients: number;
    readonly n_training: number;
    readonly n_validation: number;
  };
  readonly subgroups: {
    readonly age: {
      readonly [x: string]: {
        readonly findings: {
          readonly [x: string]: {
            // … and the figures, which docs/schemas/evaluation.json lists.
            readonly fitted_here?: {
              readonly [x: string]: {
                // … and the figures, which docs/schemas/evaluation.json lists.
                readonly fn: number;
                readonly fp: number;
                readonly threshold: number;
                readonly tn: number;
                readonly tp: number;
              } | null;
            } | null;
            readonly n_negative: number;
            readonly n_positive: number;
            readonly n_unknown: number;
            readonly operating_point: {
              // … and the figures, which docs/schemas/evaluation.json lists.
              readonly fn: number;
              readonly fp: number;
              readonly threshold: number;
              readonly tn: number;
              readonly tp: number;
            } | null;
            readonly reliability: readonly {
              readonly mean_probability: number | null;
              readonly n: number;
              readonly observed_share: number | null;
            }[] | null;
          };
        };
        readonly gaps: {
          readonly findings: {
            readonly [x: string]: {
              // … and the figures, which docs/schemas/evaluation.json lists.
            };
          };
          readonly mean: {
            // … and the figures, which docs/schemas/evaluation.json lists.
            readonly n_findings: number;
          };
        };
        readonly mean: {
          // … and the figures, which docs/schemas/evaluation.json lists.
          readonly n_findings: number;
        };
        readonly n_images: number;
        readonly n_patients: number;
      };
    } | null;
    readonly sex: {
      readonly [x: string]: {
        readonly findings: {
          readonly [x: string]: {
            // … and the figures, which docs/schemas/evaluation.json lists.
            readonly fitted_here?: {
              readonly [x: string]: {
                // … and the figures, which docs/schemas/evaluation.json lists.
                readonly fn: number;
                readonly fp: number;
                readonly threshold: number;
                readonly tn: number;
                readonly tp: number;
              } | null;
            } | null;
            readonly n_negative: number;
            readonly n_positive: number;
            readonly n_unknown: number;
            readonly operating_point: {
              // … and the figures, which docs/schemas/evaluation.json lists.
              readonly fn: number;
              readonly fp: number;
              readonly threshold: number;
              readonly tn: number;
              readonly tp: number;
            } | null;
            readonly reliability: readonly {
              readonly mean_probability: number | null;
              readonly n: number;
              readonly observed_share: number | null;
            }[] | null;
          };
        };
        readonly gaps: {
          readonly findings: {
            readonly [x: string]: {
              // … and the figures, which docs/schemas/evaluation.json lists.
            };
          };
          readonly mean: {
            // … and the figures, which docs/schemas/evaluation.json lists.
            readonly n_findings: number;
          };
        };
        readonly mean: {
          // … and the figures, which docs/schemas/evaluation.json lists.
          readonly n_findings: number;
        };
        readonly n_images: number;
        readonly n_patients: number;
      };
    } | null;
    readonly view: {
      readonly [x: string]: {
        readonly findings: {
          readonly [x: string]: {
            // … and the figures, which docs/schemas/evaluation.json lists.
            readonly fitted_here?: {
              readonly [x: string]: {
                // … and the figures, which docs/schemas/evaluation.json lists.
                readonly fn: number;
                readonly fp: number;
                readonly threshold: number;
                readonly tn: number;
                readonly tp: number;
              } | null;
            } | null;
            readonly n_negative: number;
            readonly n_positive: number;
            readonly n_unknown: number;
            readonly operating_point: {
              // … and the figures, which docs/schemas/evaluation.json lists.
              readonly fn: number;
              readonly fp: number;
              readonly threshold: number;
              readonly tn: number;
              readonly tp: number;
            } | null;
            readonly reliability: readonly {
              readonly mean_probability: number | null;
              readonly n: number;
              readonly observed_share: number | null;
            }[] | null;
          };
        };
        readonly gaps: {
          readonly findings: {
            readonly [x: string]: {
              // … and the figures, which docs/schemas/evaluation.json lists.
            };
          };
          readonly mean: {
            // … and the figures, which docs/schemas/evaluation.json lists.
            readonly n_findings: number;
          };
        };
        readonly mean: {
          // … and the figures, which docs/schemas/evaluation.json lists.
          readonly n_findings: number;
        };
        readonly n_images: number;
        readonly n_patients: number;
      };
    } | null;
  };
  readonly thresholds: "card" | "default" | "given";
  readonly warnings: readonly string[];
};

export interface EvaluationOptions {
  readonly data?: string | undefined;
  readonly model?: string | PortableModel | undefined;
  readonly weights?: WeightKind | undefined;
  readonly list?: string | undefined;
  readonly predictions?: string | undefined;
  readonly labelsFile?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly against?: string | PortableModel | undefined;
  readonly boxes?: string | undefined;
  readonly trainList?: string | undefined;
  readonly includeLaterals?: boolean | undefined;
  readonly threshold?: Threshold | undefined;
  readonly targetSensitivity?: number | undefined;
  readonly targetSpecificity?: number | undefined;
  readonly method?: MapOptions["method"];
  readonly layer?: MapOptions["layer"];
  readonly faithfulness?: number | undefined;
  readonly bootstrap?: number | undefined;
  readonly seed?: number | undefined;
  readonly out?: string | undefined;
  readonly examples?: number | undefined;
  readonly predictionCache?: boolean | undefined;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly bits?: number | undefined;
  readonly voi?: VoiChoice | undefined;
  readonly force?: boolean | undefined;
}

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

export interface FailedImage {
  readonly image: string | undefined;
  readonly error: XrayError;
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

export type FittedCalibrationJson = {
  readonly description: string;
  readonly findings: {
    readonly [x: string]: {
      readonly calibrated_out_of_fold: {
        readonly brier: number;
        readonly ece: number;
      } | null;
      readonly n_positive: number;
      readonly raw: {
        readonly brier: number;
        readonly ece: number;
      } | null;
    };
  };
  readonly kind: string;
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
  readonly n_images: number;
  readonly n_patients: number;
  readonly not_calibrated: readonly string[];
  readonly notes: readonly string[];
  readonly notice: string;
  readonly of: {
    readonly kind: "model" | "predictions";
    readonly name: string;
    readonly sha256: string;
  };
  readonly schema: "medical-x/calibration@1";
  readonly to: string;
  readonly warnings: readonly string[];
};

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

export interface ImageList {
  readonly images: readonly string[];
  readonly failures: readonly XrayError[];
  readonly notes: readonly string[];
}

export interface ImageOptions extends ReadingOptions {
  readonly threshold?: Threshold;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

export type ImageSource = string | Uint8Array;

export type Inspection = {
  readonly activation: "none" | "sigmoid" | "softmax" | null;
  readonly calibration: string | null;
  readonly format: string;
  readonly graph: {
    readonly inputs: readonly {
      readonly dtype: string | null;
      readonly name: string;
      readonly shape: readonly (number | string)[] | null;
    }[];
    readonly irVersion: number;
    readonly ops: {
      readonly [x: string]: number;
    };
    readonly opsets: {
      readonly [x: string]: number;
    };
    readonly outputs: readonly {
      readonly dtype: string | null;
      readonly name: string;
      readonly shape: readonly (number | string)[] | null;
    }[];
    readonly producer: string;
  } | null;
  readonly kind: "densenet121" | "network";
  readonly knownImages: {
    readonly description: string;
    readonly heldOut: number;
    readonly images: number;
    readonly limit: number;
    readonly statistic: string;
  } | null;
  readonly labelSource: string | null;
  readonly labels: readonly string[] | null;
  readonly learnedFrom: readonly string[] | null;
  readonly maps: {
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
  } | null;
  readonly missing: string | null;
  readonly notes: readonly string[];
  readonly preparation: readonly ({
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
  })[] | null;
  readonly quantised: {
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
  } | null;
  readonly roc: string | null;
  readonly source: string | null;
  readonly tensors: readonly {
    readonly dtype: string;
    readonly name: string;
    readonly shape: readonly number[];
  }[];
  readonly trainedOn: "phantoms" | null;
  readonly unmatched: readonly string[];
  readonly where: string;
};

export declare function inspectModel(nameOrPath: string, options?: ReadOptions): Promise<Inspection>;

export type LayerMethod = "gradcam" | "gradcam++" | "hirescam" | "layercam" | "eigencam";

export declare function listImages(patterns: readonly string[]): Promise<ImageList>;

export interface LoadedCard extends ResolvedCard {
  readonly notices: readonly string[];
}

export declare function loadModel(nameOrPath?: string, options?: LoadOptions): Promise<Model>;

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

export interface Model extends PortableModel {
  predictEach(
    images: readonly ImageSource[],
    options?: PredictOptions,
  ): AsyncIterable<ModelPrediction | FailedImage>;
  overlay(image: ImageSource, options?: OverlayOptions): Promise<Uint8Array>;
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

export declare function openDataset(folder: string, options?: DatasetOptions): Promise<Dataset>;

export declare const OVERLAY_STYLES: readonly OverlayStyle[];

export interface OverlayOptions extends ExplainOptions {
  readonly findings?: "top" | "detected" | "all" | readonly string[];
  readonly colormap?: ColormapName;
  readonly style?: OverlayStyle;
}

export type OverlayStyle = "wash" | "contour";

export interface PhantomOptions {
  readonly out: string;
  readonly count: number;
  readonly seed?: number | undefined;
  readonly size?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface PhantomResult {
  readonly images: number;
  readonly patients: number;
  readonly boxes: number;
  readonly found: number;
}

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

export interface PulledModel {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly wasHere: boolean;
  readonly isFirst: boolean;
  readonly licence: string | undefined;
  readonly citation: string | undefined;
}

export declare function pullModel(name: string, options?: PullOptions): Promise<PulledModel>;

export interface PullOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  readonly url?: string;
  readonly pauseMs?: number;
  readonly stallMs?: number;
}

export interface QuantiseHooks {
  readonly withProgress: <T>(
    what: string,
    work: (onProgress: (done: number, total: number) => void) => Promise<T>,
  ) => Promise<T>;
  readonly onFailure: (error: XrayError) => void;
  readonly isStopping: () => boolean;
}

export interface ReadingOptions {
  readonly page?: number;
  readonly frame?: number;
  readonly voi?: VoiChoice;
}

export interface ReadOptions {
  readonly labels?: readonly string[];
  readonly weights?: WeightKind;
}

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ResolvedCard extends ModelCard {
  readonly labels: readonly string[];
  readonly labelSource: string;
  readonly preparation: Preparation;
  readonly activation: Activation;
}

export interface SplitOptions {
  readonly valFraction: number;
  readonly seed: number;
  readonly trainList?: string;
  readonly valList?: string;
  readonly limit?: number;
}

export type Threshold = number | "card";

export declare function train(options: TrainOptions): Training;

export interface Training extends AsyncIterable<Epoch> {
  result(): Promise<TrainingResult>;
  stop(): void;
}

export declare function trainingCurves(epochs: readonly Epoch[], title?: string): string;

export type TrainingEnd = "finished" | "stopped-early" | "interrupted";

export type TrainingProgress = {
  readonly stage: "features" | "heatmaps";
  readonly done: number;
  readonly total: number;
} | {
  readonly stage: "training";
  readonly epoch: number;
  readonly of: number;
  readonly done: number;
  readonly total: number;
  readonly loss: number;
};

export interface TrainingResult {
  readonly end: TrainingEnd;
  readonly folder: string;
  readonly model: string | undefined;
  readonly bestEpoch: number | null;
  readonly epochs: readonly Epoch[];
  readonly skipped: readonly {
    readonly image: string;
    readonly error: XrayError;
  }[];
  readonly leftOut: number;
}

export interface TrainOptions extends TrainOptionSettings {
  readonly data: string;
  readonly out?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly features?: string | undefined;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

export type TrainOptionSettings = {
  readonly [K in TrainSettingName]?: TrainSettings[K] | undefined;
};

export type TrainSettingName =
  | "augment"
  | "backbone"
  | "batchNorm"
  | "batchSize"
  | "bits"
  | "boxes"
  | "chooseMaps"
  | "clipNorm"
  | "epochs"
  | "featureCache"
  | "includeLaterals"
  | "inputSize"
  | "labels"
  | "labelsFile"
  | "limit"
  | "lr"
  | "patience"
  | "posWeight"
  | "schedule"
  | "seed"
  | "shuffle"
  | "targetSensitivity"
  | "trainList"
  | "unfreeze"
  | "valFraction"
  | "valList"
  | "views"
  | "voi"
  | "weightDecay"
  | "weights";

export type TrainSettings = {
  readonly augment: "flip" | "none" | "standard";
  readonly backbone: string;
  readonly batchNorm: "frozen" | "train";
  readonly batchSize: number;
  readonly bits: number | null;
  readonly boxes: string | null;
  readonly chooseMaps: boolean;
  readonly clipNorm: number | null;
  readonly epochs: number;
  readonly featureCache: boolean;
  readonly includeLaterals: boolean;
  readonly inputSize: number;
  readonly labels: readonly string[] | null;
  readonly labelsFile: string | null;
  readonly limit: number | null;
  readonly lr: number;
  readonly patience: number | null;
  readonly posWeight: "balanced" | "none";
  readonly schedule: "constant" | "cosine" | "plateau";
  readonly seed: number;
  readonly shuffle: boolean;
  readonly targetSensitivity: number | null;
  readonly trainList: string | null;
  readonly unfreeze:
    | "all"
    | "denseblock1"
    | "denseblock2"
    | "denseblock3"
    | "denseblock4"
    | "none"
    | "norm5";
  readonly valFraction: number;
  readonly valList: string | null;
  readonly views: number;
  readonly voi: "default" | "equalize" | "full-range" | "minmax";
  readonly weightDecay: number;
  readonly weights: "ema" | "plain" | null;
};

export declare const VOI_CHOICES: readonly ["default", "minmax", "full-range", "equalize"];

export type VoiChoice = "default" | "equalize" | "full-range" | "minmax";

export type WeightKind = "ema" | "plain";

export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
  readonly onFailure?: ((error: XrayError) => void) | undefined;
}

export interface WorkProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

export declare class XrayError extends Error {
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details?: ErrorDetails, cause?: unknown);
}

export {};
