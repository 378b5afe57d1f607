/**
 * The figures of a diagnostic test, which follow from a confusion matrix: the one table that types, schema, JSON, CSV, text
 * and HTML come from.
 *
 * To add one, write its row here, formula and all; docs/evaluation.md says the rest ("Adding a figure"). Rows stand in the
 * order of JSON fields and columns.
 *
 * Knows:      numbers.
 * Reference:  Altman and Bland, Diagnostic tests 1 to 3, BMJ 1994, and Deeks and Altman, Diagnostic tests 4: likelihood
 *             ratios, BMJ 2004; van Rijsbergen, Information Retrieval, 1979 (F1).
 */

import type { Confusion } from "./confusion.ts";
import { type FigureRow, type FigureTable, ofEach } from "./figure.ts";

/** A figure of a confusion matrix. */
export interface DiagnosticFigure extends FigureRow {
  /** Whether draws of patients give it an interval: one that the page and CSV show beside it, or one of JSON alone. */
  readonly interval: "shown" | "json" | "none";
  /** Null where it would divide by 0. Counts may be weights: 0 and over. */
  readonly of: (confusion: Confusion) => number | null;
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export const DIAGNOSTIC_FIGURES = {
  /** TP / (TP + FN), 0 to 1; null where there is no positive. */
  sensitivity: {
    json: "sensitivity",
    label: "sensitivity",
    short: "sens.",
    name: "Sensitivity",
    about: "the share of images with the finding that are called positive, TP / (TP + FN)",
    better: "higher",
    range: [0, 1],
    shownIn: ["text", "targets", "html", "csv"],
    interval: "shown",
    of: (c) => ratio(c.truePositives, c.truePositives + c.falseNegatives),
  },
  /** TN / (TN + FP), 0 to 1; null where there is no negative. */
  specificity: {
    json: "specificity",
    label: "specificity",
    short: "spec.",
    name: "Specificity",
    about: "the share of images without the finding that are called negative, TN / (TN + FP)",
    better: "higher",
    range: [0, 1],
    shownIn: ["text", "targets", "html", "csv"],
    interval: "shown",
    of: (c) => ratio(c.trueNegatives, c.trueNegatives + c.falsePositives),
  },
  /** Positive predictive value, precision: TP / (TP + FP), 0 to 1; null where nothing is called positive. */
  ppv: {
    json: "ppv",
    label: "PPV",
    name: "PPV",
    about: "the share of positive calls that are right, TP / (TP + FP)",
    better: "higher",
    range: [0, 1],
    shownIn: ["targets", "html", "csv"],
    interval: "json",
    of: (c) => ratio(c.truePositives, c.truePositives + c.falsePositives),
  },
  /** Negative predictive value: TN / (TN + FN), 0 to 1; null where nothing is called negative. */
  npv: {
    json: "npv",
    label: "NPV",
    name: "NPV",
    about: "the share of negative calls that are right, TN / (TN + FN)",
    better: "higher",
    range: [0, 1],
    shownIn: ["targets", "html", "csv"],
    interval: "json",
    of: (c) => ratio(c.trueNegatives, c.trueNegatives + c.falseNegatives),
  },
  /** 2 TP / (2 TP + FP + FN), 0 to 1; null where nothing is positive and nothing is called so. */
  f1: {
    json: "f1",
    label: "F1",
    name: "F1",
    about: "the harmonic mean of PPV and sensitivity",
    better: "higher",
    range: [0, 1],
    shownIn: ["html", "csv"],
    interval: "json",
    of: (c) => ratio(2 * c.truePositives, 2 * c.truePositives + c.falsePositives + c.falseNegatives),
  },
  /** (TP + TN) / all, 0 to 1; null where nothing is known. */
  accuracy: {
    json: "accuracy",
    label: "accuracy",
    name: "Accuracy",
    about: "the share of all calls that are right",
    better: "higher",
    range: [0, 1],
    shownIn: [],
    interval: "none",
    of: (c) =>
      ratio(
        c.truePositives + c.trueNegatives,
        c.truePositives + c.falseNegatives + (c.trueNegatives + c.falsePositives),
      ),
  },
  /**
   * LR+ = sensitivity / (1 − specificity), 0 and over: what a positive call multiplies the odds by. Null where there is
   * no positive, no negative, or no false positive.
   */
  positiveLikelihoodRatio: {
    json: "lr_positive",
    label: "LR+",
    name: "LR+",
    about:
      "what a positive call multiplies the odds by, sensitivity / (1 − specificity); none where that divides by 0",
    better: "higher",
    range: [0, Number.POSITIVE_INFINITY],
    shownIn: ["targets", "html", "csv"],
    interval: "none",
    // Both fractions at once, in whole numbers: without a negative there is no false positive.
    of: (c) =>
      ratio(
        c.truePositives * (c.trueNegatives + c.falsePositives),
        c.falsePositives * (c.truePositives + c.falseNegatives),
      ),
  },
  /**
   * LR− = (1 − sensitivity) / specificity, 0 and over: what a negative call multiplies the odds by. Null where there is
   * no positive, no negative, or no true negative.
   */
  negativeLikelihoodRatio: {
    json: "lr_negative",
    label: "LR−",
    name: "LR−",
    about:
      "what a negative call multiplies the odds by, (1 − sensitivity) / specificity; none where that divides by 0",
    better: "lower",
    range: [0, Number.POSITIVE_INFINITY],
    shownIn: ["html", "csv"],
    interval: "none",
    of: (c) =>
      ratio(
        c.falseNegatives * (c.trueNegatives + c.falsePositives),
        c.trueNegatives * (c.truePositives + c.falseNegatives),
      ),
  },
} as const satisfies FigureTable<DiagnosticFigure>;

type Rows = typeof DIAGNOSTIC_FIGURES;

/** Figures of a diagnostic test. What would divide by zero is null, never NaN or infinite. */
export type DiagnosticFigures = { readonly [K in keyof Rows]: number | null };

/** The figures that have intervals. */
export type PointFigure = {
  [K in keyof Rows]: Rows[K] extends { readonly interval: "none" } ? never : K;
}[keyof Rows];

export const POINT_FIGURES = Object.entries<DiagnosticFigure>(DIAGNOSTIC_FIGURES).flatMap(([name, row]) =>
  row.interval === "none" ? [] : [name as PointFigure],
);

/**
 * The figures of a confusion matrix.
 *
 * @param confusion  Counts, or weights: 0 and over, not checked.
 * @see              scikit-learn's recall_score, precision_score, f1_score and class_likelihood_ratios.
 *
 * @example
 * const counts = { truePositives: 40, falsePositives: 10, trueNegatives: 90, falseNegatives: 10 };
 * diagnosticFigures(counts); // { sensitivity: 0.8, specificity: 0.9, ppv: 0.8, npv: 0.9, f1: 0.8 }
 */
export const diagnosticFigures = (confusion: Confusion): DiagnosticFigures =>
  ofEach(DIAGNOSTIC_FIGURES, ({ of }) => of(confusion));
