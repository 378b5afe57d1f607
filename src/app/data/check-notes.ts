/**
 * Summarises what input checks say about many images, in one line for each check.
 *
 * Knows: outcomes of checks. Not images.
 */

import { CHECK_NAMES, type Check, type CheckName, distinctWarnings } from "../../checks/check.ts";
import { counted } from "../../text.ts";

/** Counts the images that each check warns about. */
export class CheckNotes {
  readonly #warned = new Map<CheckName, { readonly first: string; isOne: boolean; images: number }>();

  /** Count the checks of one image. One that repeats the sentence of another does not count. */
  add(checks: readonly Check[]): void {
    for (const { check, reason } of distinctWarnings(checks)) {
      const known = this.#warned.get(check);
      if (known === undefined) this.#warned.set(check, { first: reason, isOne: true, images: 1 });
      else {
        known.images += 1;
        known.isOne &&= known.first === reason;
      }
    }
  }

  /** One line per check, `12 images: input check view: …`, with the reason given for the first of the images. */
  lines(): string[] {
    return CHECK_NAMES.flatMap((check) => {
      const found = this.#warned.get(check);
      if (found === undefined) return [];
      const { first, isOne, images } = found;
      const more = isOne ? "" : " (the reasons differ from image to image)";
      return [`${counted(images, "image")}: input check ${check}: ${first}${more}`];
    });
  }
}
