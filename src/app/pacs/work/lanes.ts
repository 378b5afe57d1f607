/**
 * The order in which images are worked on: how many are read and stored at once, and that an image by which the last process may
 * have died is read while no other is.
 *
 * Knows: numbers of images. Not what is done with them.
 */

import type { OpenImage } from "../state/open-work.ts";
import { DueList } from "./due-list.ts";

/** Images that are fetched and read at once: two batches of the network, so that one is prepared while the other runs. */
const READ_AT_ONCE = 16;
const STORE_AT_ONCE = 4;

/** Something to do with an image. */
export interface Turn {
  readonly image: number;
  readonly step: "read" | "store";
  /** Whether no other image is read meanwhile. */
  readonly isAlone: boolean;
}

export class Lanes {
  readonly #toRead = new DueList();
  readonly #toStore = new DueList();
  readonly #suspects = new DueList();
  #reading = 0;
  #storing = 0;
  #isAlone = false;

  /** How many images wait. */
  get waiting(): number {
    return this.#toRead.size + this.#toStore.size + this.#suspects.size;
  }

  /** When the next image that is not due yet will be; undefined if there is none. */
  get nextAt(): number | undefined {
    const times = [this.#toRead, this.#toStore, this.#suspects].flatMap(({ nextAt }) => nextAt ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Let an image wait for its next step, if it has one. @param latest  When it is due at the latest, in milliseconds. */
  add({ image, step, isSuspect, lastFailure }: OpenImage, latest = Number.POSITIVE_INFINITY): void {
    if (step === "none") return;
    const list = step === "store" ? this.#toStore : isSuspect ? this.#suspects : this.#toRead;
    list.add(image, lastFailure && Math.min(lastFailure.until, latest));
  }

  /** Whether some image is due. */
  isDue(now: number): boolean {
    return [this.#toRead, this.#toStore, this.#suspects].some((list) => list.isDue(now));
  }

  /** The turns that may begin now; each must be ended. */
  *begin(now: number): Generator<Turn> {
    if (this.#reading === 0 && this.#suspects.isDue(now)) {
      this.#isAlone = true;
      this.#reading += 1;
      yield { image: this.#suspects.take(now)!, step: "read", isAlone: true };
    }
    while (!this.#isAlone && !this.#suspects.isDue(now) && this.#reading < READ_AT_ONCE) {
      const image = this.#toRead.take(now);
      if (image === undefined) break;
      this.#reading += 1;
      yield { image, step: "read", isAlone: false };
    }
    while (this.#storing < STORE_AT_ONCE) {
      const image = this.#toStore.take(now);
      if (image === undefined) break;
      this.#storing += 1;
      yield { image, step: "store", isAlone: false };
    }
  }

  end({ step, isAlone }: Turn): void {
    if (step === "store") this.#storing -= 1;
    else this.#reading -= 1;
    if (isAlone) this.#isAlone = false;
  }
}
