/**
 * Two models, or two files of predictions, on the same images: a table for people, an object for programs.
 *
 * Knows: figures. Not how they are computed.
 */

import type { ComparedFigure, FindingComparison } from "../../evaluation/comparison.ts";
import { displayName } from "../../findings.ts";
import type { ComparisonJson, ComparisonReport } from "../../results/comparison.ts";
import { counted } from "../../text.ts";
import { columns, share } from "../words/table.ts";
import { pairOf, signed, signedInterval } from "./figures.ts";
import { seenObject } from "./seen.ts";

/** A p value: three digits, or `< .001`. */
const pValue = (p: number | null): string => (p === null ? "–" : p < 0.001 ? "< .001" : share(p));

/** A finding's name, both AUROCs, their difference, and p values. */
export function aurocCells(label: string, figures: FindingComparison | null): string[] {
  if (figures === null) return [displayName(label), "–", "–", "–", "–", "–"];
  const { auroc, delong, holm } = figures;
  return [
    displayName(label),
    share(auroc.first),
    share(auroc.second),
    signedInterval(auroc.difference),
    pValue(delong?.p ?? null),
    pValue(holm),
  ];
}

function row(label: string, figures: FindingComparison | null): string[] {
  const difference = figures?.averagePrecision.difference.value;
  return [...aurocCells(label, figures), difference === undefined ? "–" : signed(difference)];
}

/** The table that `evaluate` prints of it. */
export function comparisonLines({
  second,
  images,
  patients,
  labels,
  comparison,
}: ComparisonReport): string[] {
  const { findings, mean } = comparison;
  return [
    "",
    `Compared with ${second.name} (sha256 ${second.sha256.slice(0, 12)}…) on ${counted(images, "image")} of ${counted(patients, "patient")} that both have:`,
    ...columns([
      ["", "AUROC", "second", "difference (95 %)", "DeLong p", "Holm p", "average precision"],
      ...labels.map((label, k) => row(label, findings[k]!)),
      ...(mean === null
        ? []
        : [
            [
              `mean of ${mean.findings}`,
              share(mean.auroc.first),
              share(mean.auroc.second),
              signedInterval(mean.auroc.difference),
              "",
              "",
              signed(mean.averagePrecision.difference.value),
            ],
          ]),
    ]),
    "  difference, average precision: first − second, with an interval over patients. DeLong's p treats images as independent;",
    "  apart from that, Holm's p keeps the chance of any false discovery among all findings at its level.",
  ];
}

const figureObject = ({ first, second, difference }: ComparedFigure) => ({
  first,
  second,
  difference: difference.value,
  difference_ci: pairOf(difference.interval),
});

/** The object of the JSON's field `comparison`. */
export function comparisonObject(report: ComparisonReport): ComparisonJson {
  const { second, seen, images, patients, labels, comparison } = report;
  const { findings, mean } = comparison;
  const entry = (figures: FindingComparison | null) =>
    figures && {
      auroc: {
        ...figureObject(figures.auroc),
        delong_p: figures.delong?.p ?? null,
        delong_z: figures.delong?.z ?? null,
        delong_ci: pairOf(figures.delong?.interval ?? null),
        holm_p: figures.holm,
      },
      average_precision: figureObject(figures.averagePrecision),
    };
  return {
    with: second,
    seen_by_model: seenObject(seen),
    n_images: images,
    n_patients: patients,
    findings: Object.fromEntries(labels.map((label, k) => [label, entry(findings[k]!)])),
    mean: mean && {
      n_findings: mean.findings,
      auroc: figureObject(mean.auroc),
      average_precision: figureObject(mean.averagePrecision),
    },
  };
}
