/**
 * Recognises images that a model was trained on, from the hashes of names in its card.
 *
 * The rule of `dataset/image-identity.ts` applies as far as hashes allow. Since remembered names cannot be read, a name
 * is found with fewer folders than it has, with another extension, and in the other Unicode form, but not with folders
 * that it lacks.
 *
 * Knows:      names, and that all phantoms have the same names.
 * Reference:  `learnedFrom` of a model's card, in docs/formats.md.
 */

import type { PackedNames } from "../../dataset/image-hashes.ts";
import {
  comparedName,
  endingOf,
  endsOf,
  PICTURE_ENDINGS,
  plainName,
  withoutEnding,
} from "../../dataset/image-name.ts";
import { nihName } from "../../dataset/nih-names.ts";
import type { PhantomNote } from "../../dataset/phantom/note.ts";

/** Prefix of the names of phantoms. Those of one seed differ from those of another, and from X-rays. */
const prefixOf = (phantom: PhantomNote | undefined): string =>
  phantom === undefined ? "" : `phantoms/${phantom.seed ?? "?"}/`;

/**
 * The name that is remembered for an image of the training: NIH's own if it has one, whatever its folder and format.
 * All phantoms have the same names, so theirs are told apart by seed, and from X-rays.
 */
export const seenName = (image: string, phantom: PhantomNote | undefined): string =>
  prefixOf(phantom) + (nihName(image) ?? plainName(image));

/** Extensions that a remembered name may have instead of an image's own. */
const ENDINGS = ["", ...PICTURE_ENDINGS, ".PNG", ".JPG", ".JPEG", ".DCM"];

/** Characters that the two Unicode forms may spell differently. */
const MAY_DECOMPOSE = /[\u0080-\uffff]/;

/** A name as it is and, if different, decomposed. Old cards have names as tables spelled them. */
function formsOf(name: string): readonly string[] {
  if (!MAY_DECOMPOSE.test(name)) return [name];
  const decomposed = name.normalize("NFD");
  return decomposed === name ? [name] : [name, decomposed];
}

/** The hash of the remembered name that matches an image exactly; undefined if there is none. */
function exactHash(packed: PackedNames, image: string, prefix: string): number | undefined {
  const nih = nihName(image);
  if (nih !== undefined) return packed.find(prefix + nih, [""]);
  return packed.find(prefix + image, [""]) ?? packed.find(prefix + plainName(image), [""]);
}

/** The hash of the best partial match: the longest remembered name, with the image's own extension if possible. */
function nearestHash(packed: PackedNames, image: string, prefix: string): number | undefined {
  if (nihName(image) !== undefined) return undefined;
  const name = comparedName(image);
  const own = endingOf(name);
  const ends = [...endsOf(name), name].reverse();
  for (const endings of [[own, own.toUpperCase()], ENDINGS])
    for (const end of ends)
      for (const form of formsOf(withoutEnding(end))) {
        const hash = packed.find(prefix + form, endings);
        if (hash !== undefined) return hash;
      }
  return undefined;
}

/**
 * Find the images that are remembered.
 *
 * @param images  All names of the label file. If two of them may be the same remembered image, only one whose name
 *                matches exactly counts.
 */
export function rememberedImages(
  packed: PackedNames | undefined,
  images: Iterable<string>,
  phantom: PhantomNote | undefined,
): ReadonlySet<string> {
  const remembered = new Set<string>();
  if (packed === undefined || packed.size === 0) return remembered;
  const prefix = prefixOf(phantom);
  const taken = new Set<number>();
  const claims = new Map<number, string[]>();
  const others: string[] = [];
  for (const image of images) {
    const hash = exactHash(packed, image, prefix);
    if (hash === undefined) others.push(image);
    else {
      taken.add(hash);
      remembered.add(image);
    }
  }
  for (const image of others) {
    const hash = nearestHash(packed, image, prefix);
    if (hash !== undefined && !taken.has(hash)) claims.set(hash, [...(claims.get(hash) ?? []), image]);
  }
  for (const [image, ...more] of claims.values()) if (more.length === 0) remembered.add(image!);
  return remembered;
}
