/**
 * Which images a model remembers, by the hashes of names in its card.
 *
 * The one rule of `dataset/image-identity.ts` holds as far as hashes allow: what is remembered cannot be read, so a name is
 * found with fewer folders than it has, with another ending and in the other Unicode form, and not with folders that it lacks.
 *
 * Knows:      names, and that phantoms are all called alike.
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

/** What stands before the names of phantoms: those of a seed are other images than those of another, and than X-rays. */
const prefixOf = (phantom: PhantomNote | undefined): string =>
  phantom === undefined ? "" : `phantoms/${phantom.seed ?? "?"}/`;

/**
 * The name that is remembered of an image that was learned from: NIH's own, where it has one, whatever its folder and
 * format; and of phantoms, which are all called alike, one that tells those of a seed from others and from X-rays.
 */
export const seenName = (image: string, phantom: PhantomNote | undefined): string =>
  prefixOf(phantom) + (nihName(image) ?? plainName(image));

/** Endings that a remembered name may have in place of an image's own. */
const ENDINGS = ["", ...PICTURE_ENDINGS, ".PNG", ".JPG", ".JPEG", ".DCM"];

/** Letters that the two Unicode forms may spell differently. */
const MAY_DECOMPOSE = /[\u0080-\uffff]/;

/** A name as it is, and decomposed where that is another text: cards of before have names as tables spelled them. */
function formsOf(name: string): readonly string[] {
  if (!MAY_DECOMPOSE.test(name)) return [name];
  const decomposed = name.normalize("NFD");
  return decomposed === name ? [name] : [name, decomposed];
}

/** The hash of the remembered name that is an image's as it stands; undefined where there is none. */
function exactHash(packed: PackedNames, image: string, prefix: string): number | undefined {
  const nih = nihName(image);
  if (nih !== undefined) return packed.find(prefix + nih, [""]);
  return packed.find(prefix + image, [""]) ?? packed.find(prefix + plainName(image), [""]);
}

/** The hash of the remembered name that may be an image's: the longest, with its ending or else with any. */
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
 * The images that are remembered.
 *
 * @param images  All names of the label file: where two of them may be one remembered image, nobody can tell which, unless
 *                it is called as one of them is.
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
