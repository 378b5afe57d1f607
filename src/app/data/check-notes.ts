/**
 * Summarises what input checks say about many images, in one line for each check.
 *
 * Knows: outcomes of checks. Not images.
 */

import { CHECK_NAMES, type Check, type CheckName, warnings } from "../../checks/check.ts";
import { agreeing, counted } from "../../text.ts";

/** Counts the images that each check warns about. */
export class CheckNotes {
  readonly #warned = new Map<CheckName, { readonly first: string; images: number }>();

  /** Count the checks of one image. */
  add(checks: readonly Check[]): void {
    for (const { check, reason } of warnings(checks)) {
      const known = this.#warned.get(check);
      if (known === undefined) this.#warned.set(check, { first: reason, images: 1 });
      else known.images += 1;
    }
  }

  /** One line per check, `12 images: check "view" warns, …`, with the reason given for the first of the images. */
  lines(): string[] {
    return CHECK_NAMES.flatMap((check) => {
      const found = this.#warned.get(check);
      if (found === undefined) return [];
      const { first, images } = found;
      const which = images === 1 ? "" : "of the first one, ";
      return [
        `input check ${check} warned about ${counted(images, "image")}, which ${agreeing(images, "was", "were")} evaluated all the same; ${which}it says: ${first}`,
      ];
    });
  }
}
