/**
 * What is in a label table: findings, how often they come together, views, sexes, ages, patients.
 *
 * Knows: tables. Not files.
 */

import type { LabelledImage, LabelTable } from "./label-table.ts";

/** One label's counts. */
export interface LabelCounts {
  readonly label: string;
  readonly present: number;
  readonly absent: number;
  readonly unknown: number;
}

/** The spread of a number. */
export interface Quartiles {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/** A table, or a part of it, in counts. */
export interface DataSummary {
  readonly images: number;
  readonly patients: number;
  /** Most images of one patient. */
  readonly mostOfOnePatient: number;
  readonly labels: readonly LabelCounts[];
  /** Images that have neither a label nor an unknown one. */
  readonly noFinding: number;
  /** [label][label]: images that have both; on the diagonal, those that have it. */
  readonly together: readonly (readonly number[])[];
  /** Counts by value, the most frequent first; `not known` where the table says nothing. */
  readonly views: Readonly<Record<string, number>>;
  readonly sexes: Readonly<Record<string, number>>;
  /** In years; null where no age is known. */
  readonly ages: Quartiles | null;
}

function countBy(values: readonly (string | undefined)[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value ?? "not known", (counts.get(value ?? "not known") ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

/** Quartiles by linear interpolation, as NumPy's `percentile` has them. */
function quartiles(values: Float64Array): Quartiles | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return low + (high - low) * (place - Math.floor(place));
  };
  return { min: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), max: at(1) };
}

function togetherOf(images: readonly LabelledImage[], count: number): number[][] {
  const together = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (const { labels } of images) {
    const present = [...labels.keys()].filter((label) => labels[label] === 1);
    for (const a of present) for (const b of present) together[a]![b]! += 1;
  }
  return together;
}

/**
 * Count.
 *
 * @param part  The images to count, as indices into the table; all unless given.
 */
export function summarise(table: LabelTable, part?: Uint32Array): DataSummary {
  const images = part === undefined ? table.images : Array.from(part, (i) => table.images[i]!);
  const perPatient = new Map<string, number>();
  for (const { patient } of images) perPatient.set(patient, (perPatient.get(patient) ?? 0) + 1);
  const count = (label: number, test: (value: number) => boolean) =>
    images.reduce((sum, { labels }) => sum + (test(labels[label]!) ? 1 : 0), 0);
  return {
    images: images.length,
    patients: perPatient.size,
    mostOfOnePatient: Math.max(0, ...new Set(perPatient.values())),
    labels: table.labels.map((label, i) => ({
      label,
      present: count(i, (value) => value === 1),
      absent: count(i, (value) => value === 0),
      unknown: count(i, Number.isNaN),
    })),
    noFinding: images.filter(({ labels }) => labels.every((value) => value === 0)).length,
    together: togetherOf(images, table.labels.length),
    views: countBy(images.map(({ view }) => view)),
    sexes: countBy(images.map(({ sex }) => sex)),
    ages: quartiles(Float64Array.from(images.flatMap(({ age }) => (age === undefined ? [] : [age])))),
  };
}
