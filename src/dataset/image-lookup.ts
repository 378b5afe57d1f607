/**
 * Looking up many names among many images at once, by the rule of `image-identity.ts`.
 *
 * A name that occurs unchanged among the images takes one look-up. Other names are compared only with images that have
 * the same file name: one by one if these are few, and by tables of spellings (`image-spellings.ts`) if they are many.
 *
 * Knows: names. Not files, lists or tables.
 */

import { imagesMeant, isSameImage } from "./image-identity.ts";
import { fileKey } from "./image-name.ts";
import { Spellings } from "./image-spellings.ts";

/** Results for a name that means no image, and for one that may mean several. */
export const NO_IMAGE = -1;
export const SEVERAL_IMAGES = -2;

/** Up to this many images with one file name are compared one by one. */
const FEW = 8;

/** The index of each name as it is, or `SEVERAL_IMAGES` for a name that occurs twice. */
function exactPlaces(images: readonly string[]): ReadonlyMap<string, number> {
  const exact = new Map<string, number>();
  for (const [at, image] of images.entries()) exact.set(image, at);
  if (exact.size === images.length) return exact;
  const seen = new Set<string>();
  for (const image of images) {
    if (seen.has(image)) exact.set(image, SEVERAL_IMAGES);
    seen.add(image);
  }
  return exact;
}

/** Indices of images by their file names, for the wanted file names only. */
function byFileName(images: readonly string[], wanted: ReadonlySet<string>): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [at, image] of images.entries()) {
    const key = fileKey(image);
    if (!wanted.has(key)) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [at]);
    else group.push(at);
  }
  return groups;
}

/** Look up a name among a few images. */
function amongFew(images: readonly string[], group: readonly number[], name: string): number {
  if (group.length === 1) return isSameImage(images[group[0]!]!, name) ? group[0]! : NO_IMAGE;
  const meant = imagesMeant(
    group.map((at) => images[at]!),
    name,
  );
  if (meant.length === 0) return NO_IMAGE;
  return meant.length === 1 ? group[meant[0]!]! : SEVERAL_IMAGES;
}

/** Look up many names among many images with one file name. */
function amongMany(
  images: readonly string[],
  group: readonly number[],
  names: readonly string[],
): readonly number[] {
  const spellings = new Spellings(
    group.map((at) => images[at]!),
    names,
  );
  return names.map((name) => {
    const found = spellings.find(name);
    if (found === undefined) return NO_IMAGE;
    return found === "several" ? SEVERAL_IMAGES : group[found]!;
  });
}

/**
 * Find which images names mean.
 *
 * @param images  The names of all images.
 * @returns       For each name the index of its image, `NO_IMAGE`, or `SEVERAL_IMAGES`, which `imagesMeant` then lists.
 */
export function matchNames(images: readonly string[], names: Iterable<string>): number[] {
  const asked = [...names];
  const exact = exactPlaces(images);
  const found = asked.map((name) => exact.get(name) ?? NO_IMAGE);
  const open = [...found.keys()].filter((i) => found[i] === NO_IMAGE);
  if (open.length === 0) return found;
  const keys = open.map((i) => fileKey(asked[i]!));
  const groups = byFileName(images, new Set(keys));
  const crowded = new Map<string, number[]>();
  for (const [k, i] of open.entries()) {
    const key = keys[k]!;
    const group = groups.get(key) ?? [];
    if (group.length <= FEW) found[i] = amongFew(images, group, asked[i]!);
    else
      crowded
        .set(key, crowded.get(key) ?? [])
        .get(key)!
        .push(i);
  }
  for (const [key, those] of crowded) {
    const places = amongMany(
      images,
      groups.get(key)!,
      those.map((i) => asked[i]!),
    );
    for (const [k, i] of those.entries()) found[i] = places[k]!;
  }
  return found;
}
