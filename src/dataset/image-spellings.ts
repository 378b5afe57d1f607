/**
 * Looking up many names among many images with one file name, such as `view1.jpg` of ten thousand patients.
 *
 * Tables of spellings replace the comparison of two names at a time in `image-identity.ts`, with the same results.
 *
 * Knows: names. Not files, lists or tables.
 */

import { comparedName, endsOf, withoutEnding } from "./image-name.ts";
import { nihName } from "./nih-names.ts";

/** The index of an image, or `several` if there is more than one. */
type Found = number | "several";

/** Images by a key that they may share. */
class Places {
  readonly #places = new Map<string, Found>();

  add(key: string, at: number): void {
    const before = this.#places.get(key);
    this.#places.set(key, before === undefined || before === at ? at : "several");
  }

  of(key: string): Found | undefined {
    return this.#places.get(key);
  }
}

/** The combined result of two keys of one name. */
function either(a: Found | undefined, b: Found | undefined): Found | undefined {
  if (a === undefined || a === b) return b;
  return b === undefined ? a : "several";
}

/** Names with one or more forms each, which are compared by their folders. */
class Forms {
  readonly #whole = new Places();
  /** By their ends, as far as these are wanted. */
  readonly #ends = new Places();

  constructor(images: readonly (readonly string[])[], wanted: ReadonlySet<string>) {
    for (const [at, forms] of images.entries())
      for (const form of forms) {
        this.#whole.add(form, at);
        for (const end of endsOf(form)) if (wanted.has(end)) this.#ends.add(end, at);
      }
  }

  /** The image whose whole name, in any form, is the longest end of this one. */
  #within(forms: readonly string[]): Found | undefined {
    // Forms differ only in the extension, so they all have the same number of ends.
    const ends = forms.map(endsOf);
    let found: Found | undefined;
    for (let k = 0; k < ends[0]!.length; k++) {
      const here = ends.map((one) => this.#whole.of(one[k]!)).reduce(either, undefined);
      found = here ?? found;
    }
    return found;
  }

  find(forms: readonly string[]): Found | undefined {
    const among = (places: Places) => forms.map((form) => places.of(form)).reduce(either, undefined);
    return among(this.#whole) ?? this.#within(forms) ?? among(this.#ends);
  }
}

/** The forms of a name if its extension counts, and if it does not. */
const strictForms = (name: string): readonly string[] => [name];
const looseForms = (name: string): readonly string[] => {
  const stem = withoutEnding(name);
  return stem === name ? [name] : [name, stem];
};

/** Images with one file name, to be found by names that are known beforehand. */
export class Spellings {
  readonly #strict: Forms;
  readonly #loose: Forms;
  readonly #nih = new Places();

  /**
   * @param images  Names of the images, none of which is literally one of `names`.
   * @param names   All names that will be looked up.
   */
  constructor(images: readonly string[], names: readonly string[]) {
    const compared = images.map(comparedName);
    const asked = names.map(comparedName);
    this.#strict = new Forms(compared.map(strictForms), new Set(asked));
    this.#loose = new Forms(compared.map(looseForms), new Set(asked.flatMap(looseForms)));
    for (const [at, image] of images.entries()) {
      const nih = nihName(image);
      if (nih !== undefined) this.#nih.add(nih, at);
    }
  }

  /** The index of the image that a name means; undefined if it means none. */
  find(name: string): Found | undefined {
    const compared = comparedName(name);
    const nih = nihName(name);
    return (
      this.#strict.find(strictForms(compared)) ??
      this.#loose.find(looseForms(compared)) ??
      (nih === undefined ? undefined : this.#nih.of(nih))
    );
  }
}
