/**
 * What is in a data folder, for people: aligned tables and bars.
 *
 * Knows: summaries. Not files or terminals.
 */

import type { Summary } from "../../dataset/summary.ts";
import { displayName } from "../../findings.ts";
import type { DataSummary, UnlabelledSummary } from "../../results/data-summary.ts";
import { count, counted } from "../../text.ts";
import { columns } from "../words/table.ts";
import { dicomLines } from "./dicom-summary.ts";

const WIDTH = 80;
const BAR = 20;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of at most 20 characters, in eighths of one. Something never looks like nothing. */
function bar(value: number, most: number): string {
  const eighths = value === 0 ? 0 : Math.max(1, Math.round((value / most) * BAR * 8));
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

const share = (n: number, of: number): string => (of === 0 ? "–" : `${((100 * n) / of).toFixed(1)}%`);

function findingLines({ all, splits }: DataSummary): string[] {
  const isUnknown = all.counts.some(({ unknown }) => unknown > 0);
  const head = ["", "images", "share", ...(isUnknown ? ["unknown"] : []), ...splits.map(({ name }) => name)];
  const rows = all.labels.map((label, i) => {
    const { positive, negative, unknown } = all.counts[i]!;
    const parts = splits.map(({ summary }) => count(summary.counts[i]!.positive));
    return [
      displayName(label),
      count(positive),
      share(positive, positive + negative),
      ...(isUnknown ? [count(unknown)] : []),
      ...parts,
    ];
  });
  const none = [
    "no finding",
    count(all.noFinding),
    share(all.noFinding, all.images),
    ...(isUnknown ? [""] : []),
    ...splits.map(({ summary }) => count(summary.noFinding)),
  ];
  const most = Math.max(...all.counts.map(({ positive }) => positive));
  const bars = ["", ...all.counts.map(({ positive }) => bar(positive, most)), ""];
  return [
    `Findings (share of the images with a known label${isUnknown ? "; unknown: labelled neither present nor absent" : ""}):`,
    ...columns([head, ...rows, none], bars),
  ];
}

/** The lower half of a table that is symmetric; columns bear the rows' numbers. */
function pairLines({ labels, cooccurrence }: Summary): string[] {
  const names = labels.map((label, i) => `${String(i + 1).padStart(2)} ${displayName(label)}`);
  const rows = names.map((name, i) => [name, ...cooccurrence[i]!.slice(0, i + 1).map(count)]);
  const full = [["", ...labels.map((_, i) => String(i + 1))], ...rows].map((row) => [
    ...row,
    ...new Array<string>(labels.length + 1 - row.length).fill(""),
  ]);
  return ["Images with both findings (diagonal: images with the finding):", ...columns(full)];
}

function personLines({ images, patients, views, sexes, ages, imagesPerPatient }: Summary): string[] {
  const shares = (parts: Iterable<readonly [string, number]>): string => {
    const known = [...parts].filter(([, n]) => n > 0);
    const rest = images - known.reduce((sum, [, n]) => sum + n, 0);
    return [...known, ...(rest > 0 ? [["unknown", rest] as const] : [])]
      .map(([name, n]) => `${name} ${count(n)} (${share(n, images)})`)
      .join(", ");
  };
  const most = Math.max(...ages.decades);
  const names = ages.decades.map((_, i) =>
    i === ages.decades.length - 1 ? "90–100" : `${i * 10}–${i * 10 + 9}`,
  );
  const [lowest, q1, median, q3, highest] = ages.quantiles ?? [];
  const unknown = images - ages.known;
  const ageLine = `${lowest} to ${highest} years, quartiles ${q1}, ${median} and ${q3}${unknown > 0 ? `; unknown ${count(unknown)}` : ""}`;
  const perPatient =
    imagesPerPatient === null
      ? ""
      : `; images per patient: median ${imagesPerPatient.median}, at most ${count(imagesPerPatient.most)}; ${count(imagesPerPatient.single)} with only one`;
  return [
    `Patients  : ${count(patients)}${perPatient}`,
    `Views     : ${shares(views)}`,
    `Sexes     : ${shares(Object.entries(sexes))}`,
    `Ages      : ${ages.quantiles === null ? "unknown" : ageLine}`,
    ...(ages.quantiles === null
      ? []
      : columns(
          ages.decades.map((n, i) => [names[i]!, count(n)]),
          ages.decades.map((n) => bar(n, most)),
        )),
  ];
}

function splitLines({ splits, description }: DataSummary): string[] {
  const rows = splits.map(({ name, summary: { images, patients, sexes, views } }) => [
    ...[name, count(images), count(patients), share(sexes.F, sexes.F + sexes.M)],
    share(views.get("PA") ?? 0, images),
  ]);
  return ["Split:", ...columns([["", "images", "patients", "women", "PA"], ...rows]), `  ${description}`];
}

/** A block of lines under a title, with notes. */
function block(lines: readonly string[], notes: readonly string[]): string {
  return [
    "── Data ".padEnd(WIDTH, "─"),
    ...lines,
    ...(notes.length > 0 ? ["", "Notes:", ...notes.map((note) => `  - ${note}`)] : []),
    "─".repeat(WIDTH),
    "",
  ].join("\n");
}

/** The block that `data summary` prints for a folder of DICOM files without a label file. */
export const unlabelledText = ({ folder, dicom, notes }: UnlabelledSummary): string =>
  block([`Folder    : ${folder}`, ...dicomLines(dicom)], notes);

/** The block that `data summary` prints. */
export function dataSummaryText(summary: DataSummary): string {
  const { folder, labelFile, missing, all, dicom, notes } = summary;
  const lines = [
    `Folder    : ${folder}`,
    `Labels    : ${labelFile.path}`,
    `SHA-256   : ${labelFile.sha256}`,
    `Images    : ${count(all.images)}${missing > 0 ? `, ${counted(missing, "file")} of them missing` : ""}`,
    ...personLines(all),
    "",
    ...findingLines(summary),
    "",
    ...pairLines(all),
    "",
    ...splitLines(summary),
    ...(dicom === undefined ? [] : ["", ...dicomLines(dicom)]),
  ];
  return block(lines, notes);
}
