/** The demo model's figures as Markdown, for docs/demo-model.md. */

import { withSection } from "../../scripts/docs-section.ts";
import { displayName } from "../../src/findings.ts";
import type { Figures, Localisation } from "./judge.ts";

const HEADER = [
  ...["finding", "drawn in", "AUROC (95 %)", "with boxes", "box", "pointing", "near", "centre", "random"],
  ...["IoBB ≥ 0.1", "centre's"],
];

const two = (value: number): string => value.toFixed(2);
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Without an interval if all draws of patients agree. */
const area = (auroc: number, ci: readonly [number, number] | null): string =>
  ci === null ? auroc.toFixed(3) : `${auroc.toFixed(3)} (${ci[0].toFixed(3)}–${ci[1].toFixed(3)})`;

function localisationCells(given: Localisation | undefined, count: number | undefined): string[] {
  if (given === undefined) return ["–", "–", "–", "–", "–", "–", "–", "–"];
  const { mean_box_area: box, smaller_than_cell: isSmall, model, random, centre } = given;
  return [
    `${count}`,
    `${(box * 100).toFixed(1)} %${isSmall ? " *" : ""}`,
    two(model.pointing),
    two(model.pointing_tolerance),
    two(centre.pointing),
    two(random.pointing),
    two(model.iobb["0.1"]!),
    two(centre.iobb["0.1"]!),
  ];
}

/** One row for each finding, and one for all. */
export function figuresTable({ findings, mean, localisation }: Figures): string {
  const rows = Object.entries(findings).map(([label, { n_positive: positives, auroc, auroc_ci: ci }]) => {
    const places = localisation.findings[label];
    return row([
      displayName(label),
      `${positives}`,
      area(auroc, ci),
      ...localisationCells(places, places?.n_images),
    ]);
  });
  const { overall } = localisation;
  return [
    row(HEADER),
    `| --- |${" ---: |".repeat(HEADER.length - 1)}`,
    ...rows,
    row([
      "**all**",
      "",
      `**${area(mean.auroc, mean.auroc_ci)}**`,
      ...localisationCells(overall, overall.n_pairs),
    ]),
  ].join("\n");
}

const BEGIN = "<!-- figures: npm run judge:demo -->";
const END = "<!-- end of figures -->";

/** The page with this table in place of its old one. */
export const withTable = (page: string, table: string): string => withSection(page, BEGIN, END, table);
