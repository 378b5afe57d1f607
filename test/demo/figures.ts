/** The demo model's figures as Markdown, for docs/demo-model.md. */

import { displayName } from "../../src/findings.ts";
import type { Figures, FindingFigures, Localisation } from "./judge.ts";

/** Boxes that cover less of the image than one of a 7 × 7 map's cells. */
const SMALL = 1 / 49;

const two = (value: number): string => value.toFixed(2);

function localisationCells(given: Localisation | null): string[] {
  if (given === null) return ["–", "–", "–", "–", "–", "–", "–", "–"];
  const { images, area, pointing, pointing15, centre, random, iobb, centreIobb } = given;
  return [
    `${images}`,
    `${(area * 100).toFixed(1)} %${area < SMALL ? " *" : ""}`,
    ...[pointing, pointing15, centre, random, iobb, centreIobb].map(two),
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function findingRow({ finding, positives, auroc, localisation }: FindingFigures): string {
  return row([displayName(finding), `${positives}`, auroc.toFixed(3), ...localisationCells(localisation)]);
}

/** One row for each finding, and one for all. */
export function figuresTable({ findings, overall }: Figures): string {
  return [
    row([
      "finding",
      "drawn in",
      "AUROC",
      "with boxes",
      "area of boxes",
      "pointing",
      "within 15 px",
      "centre",
      "random",
      "IoBB ≥ 0.1",
      "centre box",
    ]),
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...findings.map(findingRow),
    row(["**all**", "", `**${overall.auroc.toFixed(3)}**`, ...localisationCells(overall.localisation)]),
  ].join("\n");
}

const BEGIN = "<!-- figures: npm run judge:demo -->";
const END = "<!-- end of figures -->";

/** The page with this table in place of its old one. */
export function withTable(page: string, table: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the page has no ${BEGIN} … ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${table}\n\n${page.slice(to)}`;
}
