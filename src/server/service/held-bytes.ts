/**
 * Bounds the bytes that all requests together hold in memory.
 *
 * Knows: numbers.
 */

import { XrayError } from "../../errors.ts";

export class HeldBytes {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws  XrayError `server/busy`. */
  take(bytes: number): void {
    if (this.#held + bytes > this.#most) {
      const message = "the server holds as many bytes of other requests as it may; try again soon";
      throw new XrayError("server/busy", message, { held: this.#held });
    }
    this.#held += bytes;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
