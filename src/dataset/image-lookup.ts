/**
 * Many names looked up among many images at once, by the rule of `image-identity.ts`.
 *
 * 112,120 names that stand as they are in the table take one look each; only for others are spellings compared.
 *
 * Knows: names. Not files, lists or tables.
 */

import { comparedName, endsOf, withoutEnding } from "./image-name.ts";
import { nihName } from "./nih-names.ts";

/** What is found of a name that means no image, and of one that may mean several. */
export const NO_IMAGE = -1;
export const SEVERAL_IMAGES = -2;

/** Images by something that they may share. */
class Places {
  readonly #places = new Map<string, number>();

  add(key: string, at: number): void {
    const before = this.#places.get(key);
    this.#places.set(key, before === undefined || before === at ? at : SEVERAL_IMAGES);
  }

  of(key: string): number | undefined {
    return this.#places.get(key);
  }
}

/** What two keys of one name lead to. */
function either(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || a === b) return b;
  return b === undefined ? a : SEVERAL_IMAGES;
}

/** Names of images in one or more forms each, compared by their folders. */
class Spellings {
  readonly #whole = new Places();
  /** By those of their ends that are looked for. */
  readonly #ends = new Places();

  constructor(images: Iterable<readonly string[]>, wanted: ReadonlySet<string>) {
    let at = 0;
    for (const forms of images) {
      for (const form of forms) {
        this.#whole.add(form, at);
        for (const end of endsOf(form)) if (wanted.has(end)) this.#ends.add(end, at);
      }
      at += 1;
    }
  }

  /** The image whose whole name is the longest end of this one, in whichever form. */
  #within(forms: readonly string[]): number | undefined {
    // Forms differ in the ending alone, and so have as many ends.
    const ends = forms.map((form) => [...endsOf(form)]);
    let found: number | undefined;
    for (let k = 0; k < ends[0]!.length; k++) {
      const here = ends.map((one) => this.#whole.of(one[k]!)).reduce(either, undefined);
      found = here ?? found;
    }
    return found;
  }

  find(forms: readonly string[]): number | undefined {
    const among = (places: Places) => forms.map((form) => places.of(form)).reduce(either, undefined);
    return among(this.#whole) ?? this.#within(forms) ?? among(this.#ends);
  }
}

/** A name as it is compared where endings count, and where they do not. */
const strictForms = (name: string): readonly string[] => [name];
const looseForms = (name: string): readonly string[] => {
  const stem = withoutEnding(name);
  return stem === name ? [name] : [name, stem];
};

/** Fill in what one way of comparing finds of names that nothing was found of so far. */
function findMore(
  found: number[],
  names: readonly string[],
  open: readonly number[],
  find: (name: string) => number | undefined,
): number[] {
  return open.filter((i) => {
    const at = find(names[i]!);
    if (at !== undefined) found[i] = at;
    return at === undefined;
  });
}

/** By spelling, first with their endings, then without. */
function findSpelled(
  images: readonly string[],
  names: readonly string[],
  open: readonly number[],
  found: number[],
): number[] {
  const comparedImages = images.map(comparedName);
  const compared = new Array<string>(names.length);
  for (const i of open) compared[i] = comparedName(names[i]!);
  let left = [...open];
  for (const formsOf of [strictForms, looseForms]) {
    if (left.length === 0) break;
    const wanted = new Set(left.flatMap((i) => formsOf(compared[i]!)));
    const spellings = new Spellings(comparedImages.map(formsOf), wanted);
    left = findMore(found, compared, left, (name) => spellings.find(formsOf(name)));
  }
  return left;
}

/** NIH's images, whatever their folders. */
function findNih(
  images: readonly string[],
  names: readonly string[],
  open: readonly number[],
  found: number[],
): void {
  const places = new Places();
  for (const [at, image] of images.entries()) {
    const nih = nihName(image);
    if (nih !== undefined) places.add(nih, at);
  }
  findMore(found, names, open, (name) => {
    const nih = nihName(name);
    return nih === undefined ? undefined : places.of(nih);
  });
}

/** Places by names as they stand; of a name that stands there twice, nobody can tell which is meant. */
function exactPlaces(images: readonly string[]): ReadonlyMap<string, number> {
  const exact = new Map(images.map((image, at) => [image, at]));
  if (exact.size === images.length) return exact;
  const seen = new Set<string>();
  for (const image of images) {
    if (seen.has(image)) exact.set(image, SEVERAL_IMAGES);
    seen.add(image);
  }
  return exact;
}

/**
 * Which images names mean.
 *
 * @param images  The names of all images that there are.
 * @returns       Of each name, the place of its image, `NO_IMAGE`, or `SEVERAL_IMAGES`; `imagesMeant` says which those are.
 */
export function matchNames(images: readonly string[], names: Iterable<string>): number[] {
  const wanted = [...names];
  const exact = exactPlaces(images);
  const found = wanted.map((name) => exact.get(name) ?? NO_IMAGE);
  const open = [...wanted.keys()].filter((i) => found[i] === NO_IMAGE);
  if (open.length === 0) return found;
  const left = findSpelled(images, wanted, open, found);
  if (left.length > 0) findNih(images, wanted, left, found);
  return found;
}
