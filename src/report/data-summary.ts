/**
 * A data folder's summary as text.
 *
 * Knows: counts. Not files.
 */

import type { DataSummary } from "../dataset/summary.ts";
import { displayName } from "../findings.ts";

const BAR = 24;

/** What is summarised. */
export interface SummaryFacts {
  readonly folder: string;
  readonly labelFile: { readonly name: string; readonly sha256: string };
  /** Images of the label file that are not in the folder. */
  readonly missing: number;
  readonly all: DataSummary;
  readonly train: DataSummary;
  readonly val: DataSummary;
  readonly split: string;
}

const number = (value: number): string => value.toLocaleString("en");
const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;

function counts(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, count]) => `${name} ${number(count)}`)
    .join(", ");
}

function findings({ all, train, val }: SummaryFacts): string[] {
  const most = Math.max(1, ...all.labels.map(({ present }) => present));
  const hasUnknown = all.labels.some(({ unknown }) => unknown > 0);
  const rows = all.labels.map(({ label, present, unknown }, i) => [
    displayName(label),
    number(present),
    percent(present, all.images - unknown),
    "█".repeat(Math.round((BAR * present) / most)).padEnd(BAR),
    number(train.labels[i]!.present),
    number(val.labels[i]!.present),
    ...(hasUnknown ? [number(unknown)] : []),
  ]);
  const head = ["finding", "images", "share", "".padEnd(BAR), "training", "validation"];
  return columns([hasUnknown ? [...head, "not known"] : head, ...rows], [0, 3]);
}

/** Rows under one another; the columns in `left` begin alike, the others end alike. */
function columns(rows: readonly (readonly string[])[], left: readonly number[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Labels in columns by their first letters, the least number of them that tells them apart. */
function shortNames(labels: readonly string[]): string[] {
  const cut = (length: number) => labels.map((label) => label.slice(0, length));
  const length = [4, 5, 6, 8, 12].find((n) => new Set(cut(n)).size === labels.length) ?? 16;
  return cut(length);
}

function together({ all }: SummaryFacts): string[] {
  const names = all.labels.map(({ label }) => label);
  const rows = all.together.map((row, i) => [
    displayName(names[i]!),
    ...row.map((count, j) => (i === j ? "·" : number(count))),
  ]);
  return columns([["found together", ...shortNames(names)], ...rows], [0]);
}

/** Write the summary. */
export function summaryText(facts: SummaryFacts): string {
  const { all, train, val, labelFile } = facts;
  const { ages } = all;
  const missing = facts.missing === 0 ? "" : ` (${number(facts.missing)} of them missing)`;
  return [
    `Folder     : ${facts.folder}`,
    `Label file : ${labelFile.name}, sha256 ${labelFile.sha256}`,
    `Images     : ${number(all.images)}${missing}`,
    `Patients   : ${number(all.patients)}, with up to ${number(all.mostOfOnePatient)} images`,
    `No finding : ${number(all.noFinding)} (${percent(all.noFinding, all.images)})`,
    `Views      : ${counts(all.views)}`,
    `Sexes      : ${counts(all.sexes)}`,
    `Ages       : ${ages === null ? "not known" : `${ages.min} to ${ages.max}, half of them ${ages.q1} to ${ages.q3}, median ${ages.median}`}`,
    `Split      : ${facts.split}`,
    `             training ${number(train.images)} images of ${number(train.patients)} patients, validation ${number(val.images)} of ${number(val.patients)}`,
    "",
    ...findings(facts),
    "",
    ...together(facts),
    "",
  ].join("\n");
}
