/**
 * Summarises the notes on many images, in one line for each kind of note.
 *
 * Knows: sentences. Not images.
 */

import { counted } from "../../text.ts";

/** Notes that differ only in numbers are of the same kind. */
const kindOf = (note: string): string => note.replaceAll(/0x[0-9a-f]+|\d+(?:\.\d+)?/gi, "#");

/** Counts notes by kind. */
export class ImageNotes {
  readonly #kinds = new Map<string, { readonly first: string; isOne: boolean; images: number }>();

  /** Count the notes of one image. */
  add(notes: readonly string[]): void {
    for (const note of notes) {
      const kind = this.#kinds.get(kindOf(note));
      if (kind === undefined) this.#kinds.set(kindOf(note), { first: note, isOne: true, images: 1 });
      else {
        kind.images += 1;
        kind.isOne &&= kind.first === note;
      }
    }
  }

  /** One line per kind, `12 images: …`, with the numbers of the first image. */
  lines(): string[] {
    return [...this.#kinds.values()].map(
      ({ first, isOne, images }) =>
        `${counted(images, "image")}: ${first}${isOne ? "" : " (the numbers differ from image to image)"}`,
    );
  }
}
