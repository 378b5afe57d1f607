/**
 * Gaps between groups: of two, a group's figures less the other's; of more, less the median of all, as audits have it. All
 * are taken on the same draws of patients. An interval without 0 is a gap that other patients would hardly close; of many
 * gaps, some look so by chance: one in twenty where groups are large, one in eight or nine of groups with ten positives.
 *
 * Knows:      numbers. Groups of too few patients to have an interval are not compared.
 * Reference:  Seyyed-Kalantari et al., CheXclusion: fairness gaps in deep chest X-ray classifiers, Pacific Symposium on
 *             Biocomputing 2021 (gaps of sensitivities, and the median).
 */

import { DIAGNOSTIC_FIGURES } from "./diagnostic-figures.ts";
import { replicatedAt } from "./point-figures.ts";
import {
  type BootstrapFigure,
  combine,
  FEWEST_PATIENTS,
  figureOf,
  meanOfPresent,
  type RankReplicates,
  type Replicated,
} from "./replicated.ts";

/** The gaps of one finding, each from −1 to 1; null if it cannot be computed. */
export interface FindingGap {
  readonly auroc: BootstrapFigure | null;
  /** At the operating point: below 0, the group's positives are missed more often. */
  readonly sensitivity: BootstrapFigure | null;
  readonly specificity: BootstrapFigure | null;
}

/** Of one group. */
export interface GroupGaps {
  /** In the order of the findings. */
  readonly findings: readonly FindingGap[];
  /** Over the findings whose AUROC has a gap; each null where there is none. */
  readonly mean: FindingGap & { readonly findings: number };
}

function median(values: readonly number[]): number {
  const rising = [...values].sort((a, b) => a - b);
  const middle = rising.length >> 1;
  return rising.length % 2 === 1 ? rising[middle]! : (rising[middle - 1]! + rising[middle]!) / 2;
}

/** One figure less the other, or of more than two less the median of all. One that is missing makes it another figure: NaN. */
function gap(mine: number, others: readonly number[]): number {
  if (others.length === 0 || [mine, ...others].some(Number.isNaN)) return Number.NaN;
  return mine - (others.length === 1 ? others[0]! : median([mine, ...others]));
}

const isCompared = ({ value, patients }: Replicated): boolean =>
  patients >= FEWEST_PATIENTS && !Number.isNaN(value);

/** How far one group's figure is from the others'; NaN where it is not compared. */
function gapOf(groups: readonly Replicated[], own: number): Replicated {
  const mine = groups[own]!;
  const others = isCompared(mine) ? groups.filter((group, g) => g !== own && isCompared(group)) : [];
  return combine([mine, ...others], ([first, ...rest]) => gap(first!, rest));
}

/**
 * Gaps of a group.
 *
 * @param groups  Of each group, the figures of each finding, of the same draws; the operating point is the first mark.
 * @param own     Which group is meant.
 */
export function groupGaps(
  groups: readonly (readonly RankReplicates[])[],
  own: number,
  level: number,
): GroupGaps {
  const gaps = groups[own]!.map((_, f) => {
    const figures = groups.map((group) => ({
      auroc: group[f]!.auroc,
      sensitivity: replicatedAt(group[f]!, 0, DIAGNOSTIC_FIGURES.sensitivity),
      specificity: replicatedAt(group[f]!, 0, DIAGNOSTIC_FIGURES.specificity),
    }));
    return {
      auroc: gapOf(
        figures.map(({ auroc }) => auroc),
        own,
      ),
      sensitivity: gapOf(
        figures.map(({ sensitivity }) => sensitivity),
        own,
      ),
      specificity: gapOf(
        figures.map(({ specificity }) => specificity),
        own,
      ),
    };
  });
  // A finding counts for all three means or for none.
  const judged = gaps.filter(({ auroc }) => !Number.isNaN(auroc.value));
  const mean = (of: (gap: (typeof gaps)[number]) => Replicated) =>
    figureOf(meanOfPresent(judged.map(of)), level);
  return {
    findings: gaps.map(({ auroc, sensitivity, specificity }) => ({
      auroc: figureOf(auroc, level),
      sensitivity: figureOf(sensitivity, level),
      specificity: figureOf(specificity, level),
    })),
    mean: {
      findings: judged.length,
      auroc: mean(({ auroc }) => auroc),
      sensitivity: mean(({ sensitivity }) => sensitivity),
      specificity: mean(({ specificity }) => specificity),
    },
  };
}
