/**
 * The figures of heatmaps that were compared with boxes.
 *
 * Pipeline:   map and boxes of each pair of image and finding → **figures, intervals over patients** → report
 * Knows:      images and findings. The arithmetic is in `evaluation/`.
 */

import type { LabelledImage } from "../../dataset/label-table.ts";
import { type LocatedPair, localisationFigures } from "../../evaluation/known-places.ts";
import { type BootstrapOptions, PatientDraws } from "../../evaluation/patient-draws.ts";
import { regionFigures } from "../../evaluation/region-figures.ts";
import type { LocalisationReport } from "../../results/localisation.ts";

/** One finding's map of one image, compared with its boxes. */
export interface ComparedMap {
  /** The table's name for it. */
  readonly image: string;
  readonly pair: LocatedPair;
  /** Its regions, as `evaluation/region-tally.ts` counts them. */
  readonly counts: Uint32Array;
}

/** Maps that were compared with boxes. */
export interface ComparedMaps extends Pick<LocalisationReport, "boxFile" | "method" | "layer"> {
  /** Findings that have boxes in evaluated images; at least one, with at least one pair each. */
  readonly findings: readonly {
    readonly label: string;
    /** Of the regions. */
    readonly level: number;
    readonly pairs: readonly ComparedMap[];
  }[];
  /** How many different images they are of. */
  readonly images: number;
}

/**
 * All figures of compared maps.
 *
 * @param images   All evaluated images, whose patients are drawn: the same draws as for other figures.
 * @param options  How patients are drawn.
 */
export function localisationReport(
  { findings, images: compared, ...names }: ComparedMaps,
  images: readonly LabelledImage[],
  options: BootstrapOptions,
): LocalisationReport {
  const index = new Map(images.map(({ image }, i) => [image, i]));
  const patients = images.map(({ patient }) => patient);
  const regions = regionFigures(
    findings.map(({ pairs }) => pairs.map(({ image, counts }) => ({ image: index.get(image)!, counts }))),
    new PatientDraws(patients, options),
  );
  const figuresOf = (pairs: readonly ComparedMap[]) => localisationFigures(pairs.map(({ pair }) => pair))!;
  return {
    ...names,
    findings: findings.map(({ label, level, pairs }, f) => ({
      label,
      level,
      figures: figuresOf(pairs),
      regions: regions.findings[f]!,
    })),
    overall: {
      images: compared,
      figures: figuresOf(findings.flatMap(({ pairs }) => pairs)),
      regions: regions.overall,
    },
  };
}
