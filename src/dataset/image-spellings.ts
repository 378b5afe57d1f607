/**
 * Many names among many images of one file name: `view1.jpg` of ten thousand patients.
 *
 * Compares by tables of spellings what `image-identity.ts` compares two at a time, with the same answers.
 *
 * Knows: names. Not files, lists or tables.
 */

import { comparedName, endsOf, withoutEnding } from "./image-name.ts";
import { nihName } from "./nih-names.ts";

/** The place of an image, or more than one. */
type Found = number | "several";

/** Images by something that they may share. */
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

/** What two keys of one name lead to. */
function either(a: Found | undefined, b: Found | undefined): Found | undefined {
  if (a === undefined || a === b) return b;
  return b === undefined ? a : "several";
}

/** Names in one or more forms each, compared by their folders. */
class Forms {
  readonly #whole = new Places();
  /** By those of their ends that are looked for. */
  readonly #ends = new Places();

  constructor(images: readonly (readonly string[])[], wanted: ReadonlySet<string>) {
    for (const [at, forms] of images.entries())
      for (const form of forms) {
        this.#whole.add(form, at);
        for (const end of endsOf(form)) if (wanted.has(end)) this.#ends.add(end, at);
      }
  }

  /** The image whose whole name is the longest end of this one, in whichever form. */
  #within(forms: readonly string[]): Found | undefined {
    // Forms differ in the ending alone, and so have as many ends.
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

/** A name as it is compared where endings count, and where they do not. */
const strictForms = (name: string): readonly string[] => [name];
const looseForms = (name: string): readonly string[] => {
  const stem = withoutEnding(name);
  return stem === name ? [name] : [name, stem];
};

/** Images of one file name, for names that are known beforehand. */
export class Spellings {
  readonly #strict: Forms;
  readonly #loose: Forms;
  readonly #nih = new Places();

  /**
   * @param images  None of them as one of the names stands.
   * @param names   All that will be asked for.
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

  /** The place of the image that a name means. */
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
