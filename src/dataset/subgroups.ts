/**
 * Parts of a data set by who was imaged and how: by sex, age and projection.
 *
 * Knows:      the fields of a label file. Not metrics.
 * Reference:  Seyyed-Kalantari et al., Underdiagnosis bias of artificial intelligence algorithms applied to chest
 *             radiographs, Nature Medicine 2021 (the age bands).
 */

import { counted } from "../text.ts";
import type { LabelledImage } from "./label-table.ts";

/** Images that have something in common. */
export interface Subgroup {
  /** `F`, `M`; `0-19`, … `80+`; `AP`, `PA`, or whatever else the file has. */
  readonly name: string;
  /** Indices of the images, ascending. */
  readonly images: Uint32Array;
}

/** The traits by which images are divided. */
export const TRAITS = ["sex", "age", "view"] as const;

export type Trait = (typeof TRAITS)[number];

/** The groups that have images, in order, for each trait. An image whose trait is unknown is in none of its groups. */
export type Subgroups = Readonly<Record<Trait, readonly Subgroup[]>>;

/** Bands of twenty years each, except the last, which has no upper end. */
const AGE_BANDS = ["0-19", "20-39", "40-59", "60-79", "80+"] as const;
const BAND_YEARS = 20;

function ageBand({ age }: LabelledImage): string | undefined {
  return age === undefined
    ? undefined
    : AGE_BANDS[Math.min(Math.floor(age / BAND_YEARS), AGE_BANDS.length - 1)];
}

/** The largest number of groups for a trait. In a column of remarks, every value would otherwise be one. */
const MOST_GROUPS = 10;

/** The largest groups, and all others joined into one whose name says how many they are. */
function largest(groups: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, readonly number[]> {
  if (groups.size <= MOST_GROUPS) return groups;
  const bySize = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const rest = bySize.slice(MOST_GROUPS - 1);
  const others = rest.flatMap(([, images]) => images).sort((a, b) => a - b);
  return new Map([
    ...bySize.slice(0, MOST_GROUPS - 1),
    [`others (${counted(rest.length, "value")})`, others] as const,
  ]);
}

/** The groups of a trait, in alphabetical order, which is also the order of the age bands. */
function groupsBy(
  images: readonly LabelledImage[],
  traitOf: (image: LabelledImage) => string | undefined,
): Subgroup[] {
  const groups = new Map<string, number[]>();
  for (const [i, image] of images.entries()) {
    const trait = traitOf(image);
    if (trait === undefined || trait === "") continue;
    const group = groups.get(trait);
    if (group === undefined) groups.set(trait, [i]);
    else group.push(i);
  }
  const kept = largest(groups);
  const names = [...kept.keys()].sort();
  return names.map((name) => ({ name, images: Uint32Array.from(kept.get(name)!) }));
}

/** Divide images by sex, age band and view. */
export function subgroupsOf(images: readonly LabelledImage[]): Subgroups {
  return {
    sex: groupsBy(images, ({ sex }) => sex),
    age: groupsBy(images, ageBand),
    view: groupsBy(images, ({ view }) => view),
  };
}
