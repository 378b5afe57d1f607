/**
 * Writes to the state folder for as long as it takes: a full disk loses nothing, it only makes everything wait.
 *
 * Knows: errors of files, and pauses.
 */

import { XrayError } from "../../../errors.ts";
import type { Clock } from "./clock.ts";
import type { Voice } from "./voice.ts";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Whether the disk, or a quota, is used up. */
export const isFull = ({ details }: XrayError): boolean =>
  details["system"] === "ENOSPC" || details["system"] === "EDQUOT";

/** What helps. */
const wayOn = (error: XrayError): string =>
  isFull(error) ? "make room for the state folder" : "let this program read and write its state folder again";

/** Whether the disk is at fault. */
export const isDiskError = (error: unknown): error is XrayError =>
  error instanceof XrayError && error.code === "file/not-accessible";

export class Disk {
  readonly #clock: Clock;
  readonly #voice: Voice;

  constructor(clock: Clock, voice: Voice) {
    this.#clock = clock;
    this.#voice = voice;
  }

  /**
   * Do something with the state folder until it succeeds.
   *
   * @param work  May be done again.
   * @throws      The disk's error if the signal is aborted meanwhile; other errors at once.
   */
  async persist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let pause = FIRST_PAUSE_MS, failed = false; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const done = await work();
        if (failed) this.#voice.relief("the state folder can be written to again");
        return done;
      } catch (error) {
        if (!isDiskError(error) || signal.aborted) throw error;
        failed = true;
        this.#voice.trouble(`${error.message}. Nothing is lost; ${wayOn(error)}, and the work goes on`);
        await this.#clock.pause(pause, signal);
      }
    }
  }
}
