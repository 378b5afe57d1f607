/** What the study found, as it is kept in JSON; all tables come from it. */

import type { CostFigures } from "./cost.ts";
import type { DeletionFigures } from "./deletion.ts";
import type { SanityFigures } from "./sanity.ts";
import type { SizesFigures } from "./sizes.ts";

/** Means over findings of one row. */
export interface ComparedRow {
  readonly id: string;
  readonly title: string;
  readonly pointing: number;
  /** The finding at which it points least often, and how often. */
  readonly lowest: { readonly label: string; readonly pointing: number };
  /** Pointing by label. */
  readonly findings: Readonly<Record<string, number>>;
  /** Shares of pairs whose IoU is at least 0.3, and whose IoBB is at least 0.5. */
  readonly iou: number;
  readonly iobb: number;
}

/** A share of pairs with Wilson's 95 % interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What one kind of map hits, of one finding. */
export interface MapShares {
  readonly pointing: Share;
  readonly iou: Share;
  readonly iobb: Share;
}

/** One finding: Grad-CAM at norm5 beside its own map. */
export interface FindingRow {
  readonly label: string;
  readonly pairs: number;
  /** The chosen map; of a folder that is divided into halves, by each half's choice. */
  readonly chosen: readonly string[];
  /** At which share of the chosen map's maximum its regions begin; by the same halves. */
  readonly levels: readonly number[];
  readonly control: number;
  readonly plain: MapShares;
  readonly own: MapShares;
}

/** The whole study. */
export interface StudyRecord {
  readonly model: string;
  readonly chosenOn: string;
  readonly judgedOn: string;
  /** Where the chosen maps come from. */
  readonly choice: "the model's card" | "this study";
  readonly pairs: number;
  /** Pointing of the better control, in the mean over findings. */
  readonly control: number;
  /** Pointing of each candidate in the mean over findings, by its name. */
  readonly candidates: Readonly<Record<string, number>>;
  /** The candidate that was best for all findings; by the same halves. */
  readonly forAll: readonly string[];
  readonly compared: readonly ComparedRow[];
  readonly findings: readonly FindingRow[];
  readonly deletion: DeletionFigures;
  readonly sanity: SanityFigures;
  readonly sizes: SizesFigures;
  readonly cost: CostFigures;
}

/** As JSON with four decimals, which says more than the tables show and keeps the file small. */
export const recordJson = (record: StudyRecord): string =>
  `${JSON.stringify(record, (_, value) => (typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value), 1)}\n`;
