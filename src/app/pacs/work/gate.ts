/**
 * A gate in front of one side of an archive. It is shut while the archive is away, so that no image is charged with what is
 * none of its fault; then one attempt at a time is let through, after pauses that grow.
 *
 * Knows: failures and pauses. Not what is tried.
 */

import { asXrayError } from "../../../errors.ts";
import { askedWait, failureKind } from "../passing.ts";
import type { Clock } from "./clock.ts";
import type { Voice } from "./voice.ts";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** An archive that fails with this many different images in a row is taken to be away. */
const IN_A_ROW = 3;

/** The archive is away: the attempt says nothing about what was tried. */
export class AwayError extends Error {
  override readonly cause: Error;

  constructor(cause: Error) {
    super(cause.message);
    this.cause = cause;
  }
}

export interface GateParts {
  readonly clock: Clock;
  readonly voice: Voice;
  /** Called whenever the archive is found to be away. */
  readonly onAway?: (error: Error) => void;
  /** Called when it works again. */
  readonly onBack?: () => void;
  /** Whether it is tried again until it works; true by default. If not, whoever hears of it by `onAway` tells people. */
  readonly isPatient?: () => boolean;
}

export class Gate {
  readonly #parts: GateParts;
  /** When the next attempt is let through; undefined while the gate is open. */
  #shutUntil: number | undefined;
  #pause = FIRST_PAUSE_MS;
  #isProbing = false;
  /** Who waits, in the order of coming: one that fails again and again must not be let through before others. */
  readonly #waiting = new Set<symbol>();
  readonly #failedInARow = new Set<unknown>();

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** Wait until the gate is open, or this attempt is the one that is let through. */
  async #enter(signal: AbortSignal): Promise<void> {
    const place = Symbol();
    this.#waiting.add(place);
    try {
      while (this.#shutUntil !== undefined) {
        signal.throwIfAborted();
        const left = this.#shutUntil - this.#parts.clock.now();
        const [first] = this.#waiting;
        if (left <= 0 && !this.#isProbing && first === place) {
          this.#isProbing = true;
          return;
        }
        await this.#parts.clock.pause(Math.max(left, 100), signal);
      }
      signal.throwIfAborted();
    } finally {
      this.#waiting.delete(place);
    }
  }

  #open(): void {
    this.#failedInARow.clear();
    if (this.#shutUntil === undefined) return;
    this.#shutUntil = undefined;
    this.#pause = FIRST_PAUSE_MS;
    this.#parts.voice.relief("the archive works again");
    this.#parts.onBack?.();
  }

  #shut(error: Error): AwayError {
    const pause = Math.min(Math.max(this.#pause, askedWait(error)), LONGEST_PAUSE_MS);
    this.#shutUntil = this.#parts.clock.now() + pause;
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    if (this.#parts.isPatient?.() ?? true)
      this.#parts.voice.trouble(`${error.message}. Nothing is lost; it is tried again until it works`);
    this.#parts.onAway?.(error);
    return new AwayError(error);
  }

  /**
   * Try something as soon as the gate lets it through.
   *
   * @param subject  What it is about, by which failures are told apart; undefined if only the archive can be at fault.
   * @throws         AwayError if the archive is away, otherwise what the attempt throws.
   */
  async run<T>(subject: unknown, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      const done = await attempt();
      this.#open();
      return done;
    } catch (error) {
      if (signal.aborted) throw error;
      const kind = failureKind(error);
      if (kind === "final") {
        this.#open();
        throw error;
      }
      this.#failedInARow.add(subject);
      const isAway = kind === "archive" || subject === undefined || this.#shutUntil !== undefined;
      if (isAway || this.#failedInARow.size >= IN_A_ROW) throw this.#shut(asXrayError(error));
      throw error;
    } finally {
      this.#isProbing = false;
    }
  }
}
