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
  // … and the figures, which docs/schemas/evaluation.json lists.
};

type Rows_2 = {
  // … and the figures, which docs/schemas/evaluation.json lists.
};

type Shown = "text" | "targets" | "html" | "csv";

type ValueOf<Row extends FindingFigure> =
  | Row extends RankFigure ? BootstrapFigure : Row extends OtherInterval ? Interval
  | null : number;

export {};
