// What "medical-x/evaluation" declares to those who import it. See scripts/api/roll-up.ts.

export declare function auroc(scores: ArrayLike<number>, truths: ArrayLike<number>): number | null;

export interface AurocComparison {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly standardError: number;
  readonly interval: Interval | null;
  readonly z: number | null;
  readonly p: number | null;
}

export interface AurocEstimate {
  readonly auroc: number;
  readonly variance: number | null;
  readonly positives: number;
  readonly negatives: number;
}

export declare function averagePrecision(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
): number | null;

export interface Binning {
  readonly kind: "equal-width" | "equal-mass";
  readonly count: number;
}

export declare function bootstrapDifferences(
  findings: readonly ComparedFinding[],
  patients: Patients,
  options?: BootstrapOptions,
): FindingsBootstrap;

export interface BootstrapFigure {
  readonly value: number;
  readonly interval: Interval | null;
  readonly replicates: number;
  readonly leftOut: number;
}

export declare function bootstrapFindings(
  findings: readonly ScoredFinding[],
  patients: Patients,
  options?: BootstrapOptions,
): FindingsBootstrap;

export interface BootstrapOptions {
  readonly replicates?: number;
  readonly seed?: number;
  readonly level?: number;
  readonly onDraw?: () => void;
}

export declare function bootstrapStatistic(
  statistic: WeightedStatistic,
  patients: Patients,
  options?: BootstrapOptions,
): BootstrapFigure | null;

export declare function boxesAround(map: PlacedMap, level: number): Rectangle[];

export type Breakpoint = readonly [number, number];

export declare function brierScore(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
): number | null;

export declare function calibrate(calibration: Calibration, logits: ArrayLike<number>): Float64Array;

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

export interface ComparedFigure {
  readonly first: number;
  readonly second: number;
  readonly difference: BootstrapFigure;
}

export interface ComparedFinding {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
}

export declare function compareFindings(
  findings: readonly ComparedFinding[],
  patients: Patients,
  options?: BootstrapOptions,
): Comparison;

export interface Comparison {
  readonly findings: readonly (FindingComparison | null)[];
  readonly mean: {
    readonly findings: number;
    readonly auroc: ComparedFigure;
    readonly averagePrecision: ComparedFigure;
  } | null;
}

export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

export declare function confusionAt(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  threshold: number,
): Confusion;

export type Criterion = {
  readonly kind: "youden";
} | {
  readonly kind: "f1";
} | {
  readonly kind: "sensitivity";
  readonly target: number;
} | {
  readonly kind: "specificity";
  readonly target: number;
};

export interface CurveBand {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface CurvePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export declare function delongAuroc(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
): AurocEstimate | null;

export declare function delongCovariance(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  truths: ArrayLike<number>,
): number | null;

export declare function delongInterval(
  estimate: AurocEstimate,
  level?: number,
  scale?: "logit" | "plain",
): Interval | null;

export declare function delongTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  truths: ArrayLike<number>,
  level?: number,
): AurocComparison | null;

export type DiagnosticFigures = {
  readonly [K in keyof Rows]: number | null;
};

export declare const diagnosticFigures: (confusion: Confusion) => DiagnosticFigures;

export declare function evaluate(
  findings: readonly EvaluatedFinding[],
  patients: Patients,
  options?: EvaluationOptions,
): EvaluationResult;

export interface EvaluatedFinding extends ScoredFinding {
  readonly threshold: number;
}

export interface Evaluation {
  readonly images: number;
  readonly patients: number;
  readonly findings: readonly FindingEvaluation[];
  readonly mean: {
    readonly findings: number;
  } & MeanFigures;
}

export interface EvaluationOptions extends BootstrapOptions {
  readonly criteria?: readonly Criterion[];
  readonly traits?: readonly (readonly ArrayLike<number>[])[];
  readonly withCurves?: boolean;
}

export interface EvaluationResult {
  readonly all: Evaluation;
  readonly traits: readonly (readonly GroupEvaluation[])[];
  readonly curves: readonly (FindingCurves | null)[];
}

export declare function expectedCalibrationError(bins: readonly ReliabilityBin[]): number | null;

export interface FindingComparison {
  readonly auroc: ComparedFigure;
  readonly averagePrecision: ComparedFigure;
  readonly delong: AurocComparison | null;
  readonly holm: number | null;
}

export interface FindingCurves {
  readonly roc: CurvePoints;
  readonly rocBand: CurveBand | null;
  readonly precisionRecall: CurvePoints;
  readonly precisionRecallBand: CurveBand | null;
}

export interface FindingEvaluation {
  readonly positives: number;
  readonly negatives: number;
  readonly unknown: number;
  readonly figures: JudgedFigures | null;
}

export type FindingFigures = {
  readonly [K in keyof Rows_2]: ValueOf<Rows_2[K]>;
};

export interface FindingGap {
  readonly auroc: BootstrapFigure | null;
  readonly sensitivity: BootstrapFigure | null;
  readonly specificity: BootstrapFigure | null;
}

export interface FindingsBootstrap {
  readonly findings: readonly RankIntervals[];
  readonly mean: RankIntervals;
}

export declare function fitCalibration(
  kind: CalibrationKind,
  logits: ArrayLike<number>,
  truths: ArrayLike<number>,
): Calibration | null;

export declare function fitOperatingPoint(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  criterion: Criterion,
): OperatingPoint | null;

export interface FittedPoint {
  readonly criterion: Criterion;
  readonly figures: PointFigures | null;
}

export interface GroupEvaluation {
  readonly evaluation: Evaluation;
  readonly gaps: GroupGaps;
}

export interface GroupGaps {
  readonly findings: readonly FindingGap[];
  readonly mean: FindingGap & {
    readonly findings: number;
  };
}

export declare function holmAdjusted(values: readonly (number | null)[]): (number | null)[];

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export type IsotonicCalibration = {
  readonly breakpoints: readonly (readonly [number, number])[];
  readonly kind: "isotonic";
};

export interface JudgedFigures extends FindingFigures {
  readonly bins: readonly ReliabilityBin[];
  readonly massBins: readonly ReliabilityBin[];
  readonly given: PointFigures;
  readonly fitted: readonly FittedPoint[];
}

export type MeanFigures = {
  readonly [K in RankFigureName]: BootstrapFigure | null;
};

export interface OperatingPoint {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

export interface Overlap {
  readonly iou: number;
  readonly iobb: number;
}

export declare function overlapOf(detected: readonly Rectangle[], known: readonly Rectangle[]): Overlap;

export type Patients = ArrayLike<number> | ArrayLike<string>;

export declare function peakOf(map: PlacedMap): Point | null;

export interface PlacedMap {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly region: Rectangle;
}

export type PlattCalibration = {
  readonly intercept: number;
  readonly kind: "platt";
  readonly slope: number;
};

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type PointFigure = {
  [K in keyof Rows]: Rows[K] extends {
    readonly interval: "none";
  } ? never : K;
}[keyof Rows];

export interface PointFigures extends DiagnosticFigures, Confusion {
  readonly threshold: number;
  readonly intervals: Readonly<Record<PointFigure, Interval | null>>;
}

export declare function pointsInto(point: Point, boxes: readonly Rectangle[], tolerance?: number): boolean;

export interface PrecisionRecallCurve {
  readonly thresholds: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

export declare function precisionRecallCurve(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
): PrecisionRecallCurve | null;

export interface RankIntervals {
  readonly auroc: BootstrapFigure | null;
  readonly averagePrecision: BootstrapFigure | null;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ReliabilityBin {
  readonly count: number;
  readonly meanProbability: number | null;
  readonly observedShare: number | null;
}

export declare function reliabilityBins(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
  binning?: Binning,
): ReliabilityBin[];

export interface RocCurve {
  readonly thresholds: Float64Array;
  readonly fpr: Float64Array;
  readonly tpr: Float64Array;
}

export declare function rocCurve(scores: ArrayLike<number>, truths: ArrayLike<number>): RocCurve | null;

export interface ScoredFinding {
  readonly scores: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
}

export type TemperatureCalibration = {
  readonly kind: "temperature";
  readonly temperature: number;
};

export type WeightedStatistic = (weights: Float64Array) => number | null;

export declare function wilsonInterval(hits: number, count: number, level?: number): Interval;

// Mentioned above, and not exported by name:

interface FigureRow {
  readonly json: string;
  readonly label: string;
  readonly short?: string;
  readonly name: string;
  readonly about: string;
  readonly better: "higher" | "lower" | "neither";
  readonly range: readonly [low: number, high: number];
  readonly shownIn: readonly Shown[];
}

type FindingFigure = RankFigure | ProbabilityFigure | OtherInterval;

interface JudgedProbabilities {
  readonly probabilities: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
  readonly bins: readonly ReliabilityBin[];
}

interface OtherInterval extends FigureRow {
  readonly kind: "interval";
  readonly of: (ranking: Ranking, level: number) => Interval | null;
}

interface ProbabilityFigure extends FigureRow {
  readonly kind: "probability";
  readonly judgesCalibration: boolean;
  readonly of: (given: JudgedProbabilities) => number;
}

interface RankFigure extends FigureRow {
  readonly kind: "rank";
  readonly of: (replicates: RankReplicates) => Replicated;
}

type RankFigureName = {
  [K in keyof Rows_2]: Rows_2[K] extends RankFigure ? K : never;
}[keyof Rows_2];

interface Ranking {
  readonly order: Uint32Array;
  readonly isPositive: Uint8Array;
  readonly endsGroup: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
}

interface RankReplicates {
  readonly auroc: Replicated;
  readonly averagePrecision: Replicated;
  readonly positives: Replicated;
  readonly negatives: Replicated;
  readonly truePositives: readonly Replicated[];
  readonly falsePositives: readonly Replicated[];
}

interface Replicated {
  readonly value: number;
  readonly draws: Float64Array;
  readonly patients: number;
}

type Rows = {
  readonly accuracy: {
    readonly about: "the share of all calls that are right";
    readonly better: "higher";
    readonly interval: "none";
    readonly json: "accuracy";
    readonly label: "accuracy";
    readonly name: "Accuracy";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly [];
  };
  readonly f1: {
    readonly about: "the harmonic mean of PPV and sensitivity";
    readonly better: "higher";
    readonly interval: "json";
    readonly json: "f1";
    readonly label: "F1";
    readonly name: "F1";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["html", "csv"];
  };
  readonly negativeLikelihoodRatio: {
    readonly about: "what a negative call multiplies the odds by, (1 \u2212 sensitivity) / specificity; none where that divides by 0";
    readonly better: "lower";
    readonly interval: "none";
    readonly json: "lr_negative";
    readonly label: "LR\u2212";
    readonly name: "LR\u2212";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, number];
    readonly shownIn: readonly ["html", "csv"];
  };
  readonly npv: {
    readonly about: "the share of negative calls that are right, TN / (TN + FN)";
    readonly better: "higher";
    readonly interval: "json";
    readonly json: "npv";
    readonly label: "NPV";
    readonly name: "NPV";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["targets", "html", "csv"];
  };
  readonly positiveLikelihoodRatio: {
    readonly about: "what a positive call multiplies the odds by, sensitivity / (1 \u2212 specificity); none where that divides by 0";
    readonly better: "higher";
    readonly interval: "none";
    readonly json: "lr_positive";
    readonly label: "LR+";
    readonly name: "LR+";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, number];
    readonly shownIn: readonly ["targets", "html", "csv"];
  };
  readonly ppv: {
    readonly about: "the share of positive calls that are right, TP / (TP + FP)";
    readonly better: "higher";
    readonly interval: "json";
    readonly json: "ppv";
    readonly label: "PPV";
    readonly name: "PPV";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["targets", "html", "csv"];
  };
  readonly sensitivity: {
    readonly about: "the share of images with the finding that are called positive, TP / (TP + FN)";
    readonly better: "higher";
    readonly interval: "shown";
    readonly json: "sensitivity";
    readonly label: "sensitivity";
    readonly name: "Sensitivity";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, 1];
    readonly short: "sens.";
    readonly shownIn: readonly ["text", "targets", "html", "csv"];
  };
  readonly specificity: {
    readonly about: "the share of images without the finding that are called negative, TN / (TN + FP)";
    readonly better: "higher";
    readonly interval: "shown";
    readonly json: "specificity";
    readonly label: "specificity";
    readonly name: "Specificity";
    readonly of: (c: Confusion) => number | null;
    readonly range: readonly [0, 1];
    readonly short: "spec.";
    readonly shownIn: readonly ["text", "targets", "html", "csv"];
  };
};

type Rows_2 = {
  readonly auroc: {
    readonly about: "the chance that an image with the finding gets a higher probability than one without it; 0.5 is guessing, 1 is perfect";
    readonly better: "higher";
    readonly json: "auroc";
    readonly kind: "rank";
    readonly label: "AUROC";
    readonly name: "AUROC";
    readonly of: ({ auroc }: RankReplicates) => Replicated;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["text", "html", "csv"];
  };
  readonly averagePrecision: {
    readonly about: "the mean precision over all recalls; guessing gives the prevalence";
    readonly better: "higher";
    readonly json: "average_precision";
    readonly kind: "rank";
    readonly label: "average precision";
    readonly name: "Average precision";
    readonly of: ({ averagePrecision }: RankReplicates) => Replicated;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["text", "html", "csv"];
  };
  readonly brier: {
    readonly about: "the mean squared distance between probability and truth; always answering the prevalence p gives p (1 \u2212 p)";
    readonly better: "lower";
    readonly json: "brier";
    readonly judgesCalibration: true;
    readonly kind: "probability";
    readonly label: "Brier";
    readonly name: "Brier score";
    readonly of: ({ probabilities, truths }: JudgedProbabilities) => number;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["text", "html", "csv"];
  };
  readonly delong: {
    readonly about: "another interval of the AUROC, for independent images; it is too narrow if patients have several";
    readonly better: "neither";
    readonly json: "auroc_delong_ci";
    readonly kind: "interval";
    readonly label: "DeLong\u2019s 95 %";
    readonly name: "DeLong\u2019s 95 %";
    readonly of: (ranking: Ranking, level: number) => Interval | null;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["html"];
  };
  readonly ece: {
    readonly about: "the expected calibration error, the mean distance between probability and share of positives over ten bins of a tenth each";
    readonly better: "lower";
    readonly json: "ece";
    readonly judgesCalibration: true;
    readonly kind: "probability";
    readonly label: "ECE";
    readonly name: "ECE";
    readonly of: ({ bins }: JudgedProbabilities) => number;
    readonly range: readonly [0, 1];
    readonly shownIn: readonly ["text", "html", "csv"];
  };
  readonly scaledBrier: {
    readonly about: "1 \u2212 Brier / (p (1 \u2212 p)), where p is the prevalence; 0 is no better than always answering p, 1 is perfect";
    readonly better: "higher";
    readonly json: "scaled_brier";
    readonly judgesCalibration: false;
    readonly kind: "probability";
    readonly label: "scaled";
    readonly name: "Scaled Brier score";
    readonly of: ({ probabilities, truths }: JudgedProbabilities) => number;
    readonly range: readonly [number, 1];
    readonly shownIn: readonly ["html", "csv"];
  };
};

type Shown = "text" | "targets" | "html" | "csv";

type ValueOf<Row extends FindingFigure> =
  | Row extends RankFigure ? BootstrapFigure : Row extends OtherInterval ? Interval
  | null : number;

export {};
