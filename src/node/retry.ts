/**
 * Trying again what a network or a server let fail, with pauses that grow.
 *
 * Knows:      errors and pauses. Not what is tried.
 * Reference:  RFC 9110, 10.2.3 (Retry-After).
 */

import { setTimeout as wait } from "node:timers/promises";
import { type ErrorCode, type ErrorDetails, XrayError } from "../errors.ts";

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
/** A server that asks for more time than this is asked again all the same. */
const LONGEST_WAIT_MS = 30_000;

/** A failure that no further attempt can change. */
export class FinalError extends XrayError {}

/** A failure of a server that may say when to ask again. */
export class ServerError extends XrayError {
  /** Milliseconds, 0 where it does not say. */
  readonly waitMs: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails, waitMs: number) {
    super(code, message, details);
    this.waitMs = waitMs;
  }
}

/**
 * How long a server wants to be left alone.
 *
 * @param header  The value of `Retry-After`: seconds, or a date.
 * @param now     Milliseconds since 1970.
 * @returns       Milliseconds; 0 where there is no such header, or none that can be read.
 */
export function retryAfterMs(header: string | null, now: number = Date.now()): number {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

export interface RetryOptions {
  /** Pause before the second attempt; each further one doubles it. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Try up to four times.
 *
 * @param attempt  Throws XrayErrors alone. Those that are final, and those of our own files, end it at once.
 * @throws         The error of the last attempt.
 */
export async function retrying(
  attempt: () => Promise<void>,
  { pauseMs = FIRST_PAUSE_MS, signal }: RetryOptions,
): Promise<void> {
  for (let tried = 1, pause = pauseMs; ; tried++, pause *= 2) {
    try {
      return await attempt();
    } catch (error) {
      const isFinal =
        error instanceof FinalError || (error instanceof XrayError && error.code.startsWith("file/"));
      if (isFinal || tried === ATTEMPTS || signal?.aborted) throw error;
      const asked = error instanceof ServerError ? Math.min(error.waitMs, LONGEST_WAIT_MS) : 0;
      await wait(Math.max(pause, asked), undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw error;
      });
    }
  }
}
