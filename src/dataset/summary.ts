/**
 * A summary of a set of images: counts of findings, pairs of findings, patients and views.
 *
 * Knows:      label tables. Not files, or how a summary is printed.
 * Reference:  quartiles by linear interpolation, as NumPy's `quantile` (Hyndman and Fan, 1996, type 7).
 */

import type { LabelledImage } from "./label-table.ts";

/** How often a label has each value. */
export interface LabelCounts {
  readonly positive: number;
  readonly negative: number;
  readonly unknown: number;
}

/** Ages in years, as far as they are known. */
export interface AgeSummary {
  /** Number of images whose patient's age is known. */
  readonly known: number;
  /** Lowest age, quartiles and highest age; null if no age is known. */
  readonly quantiles: readonly [number, number, number, number, number] | null;
  /** Number of images by decade of age: 0 to 9, …, 80 to 89, 90 to 100. */
  readonly decades: readonly number[];
}

/** Images per patient. */
export interface PerPatient {
  readonly median: number;
  readonly most: number;
  /** Number of patients with a single image. */
  readonly single: number;
}

/** A set of images in numbers. */
export interface Summary {
  readonly images: number;
  readonly patients: number;
  /** Null if there are no images. */
  readonly imagesPerPatient: PerPatient | null;
  readonly labels: readonly string[];
  /** In the order of `labels`. */
  readonly counts: readonly LabelCounts[];
  /** Number of images whose labels are all known to be 0. */
  readonly noFinding: number;
  /** Number of images on which both labels are 1. Symmetric, with each label's own count on the diagonal. */
  readonly cooccurrence: readonly (readonly number[])[];
  /** Number of images by view, most frequent first. Images without a view are left out. */
  readonly views: ReadonlyMap<string, number>;
  readonly sexes: { readonly M: number; readonly F: number };
  readonly ages: AgeSummary;
}

const DECADES = 10;

/** @param sorted  Ascending. An empty list gives NaN. */
function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + (at - low) * ((sorted[low + 1] ?? below) - below);
}

function summariseAges(images: readonly LabelledImage[]): AgeSummary {
  const ages = Float64Array.from(images.flatMap(({ age }) => (age === undefined ? [] : [age]))).sort();
  const decades = new Array<number>(DECADES).fill(0);
  for (const age of ages) decades[Math.min(DECADES - 1, Math.floor(age / 10))]! += 1;
  const [lowest, q1, median, q3, highest] = [0, 0.25, 0.5, 0.75, 1].map((q) => quantile(ages, q));
  return {
    known: ages.length,
    quantiles: ages.length === 0 ? null : [lowest!, q1!, median!, q3!, highest!],
    decades,
  };
}

function tally(values: Iterable<string | undefined>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)));
}

function perPatient(patients: ReadonlyMap<string, number>): PerPatient | null {
  const sorted = Float64Array.from(patients.values()).sort();
  if (sorted.length === 0) return null;
  return {
    median: quantile(sorted, 0.5),
    most: sorted.at(-1)!,
    single: sorted.lastIndexOf(1) + 1,
  };
}

interface LabelTally {
  readonly counts: readonly LabelCounts[];
  readonly cooccurrence: readonly (readonly number[])[];
  readonly noFinding: number;
}

function tallyLabels(labels: readonly string[], images: readonly LabelledImage[]): LabelTally {
  const counts = labels.map(() => ({ positive: 0, negative: 0, unknown: 0 }));
  const cooccurrence = labels.map(() => new Array<number>(labels.length).fill(0));
  let noFinding = 0;
  for (const { labels: values } of images) {
    const present: number[] = [];
    for (let i = 0; i < labels.length; i++) {
      const value = values[i]!;
      if (value === 1) present.push(i);
      counts[i]![value === 1 ? "positive" : value === 0 ? "negative" : "unknown"] += 1;
    }
    for (const a of present) for (const b of present) cooccurrence[a]![b]! += 1;
    if (present.length === 0 && values.every((value) => value === 0)) noFinding += 1;
  }
  return { counts, cooccurrence, noFinding };
}

/**
 * Summarise a set of images.
 *
 * @param labels  The table's labels.
 * @param images  All images of a table, or those of a split.
 */
export function summarise(labels: readonly string[], images: readonly LabelledImage[]): Summary {
  const patients = tally(images.map(({ patient }) => patient));
  const sexes = tally(images.map(({ sex }) => sex));
  return {
    images: images.length,
    patients: patients.size,
    imagesPerPatient: perPatient(patients),
    labels,
    ...tallyLabels(labels, images),
    views: tally(images.map(({ view }) => view)),
    sexes: { M: sexes.get("M") ?? 0, F: sexes.get("F") ?? 0 },
    ages: summariseAges(images),
  };
}
