/**
 * Retries after failures of a network or a server, with growing pauses.
 *
 * Knows:      errors and pauses. Not what is being tried.
 * Reference:  RFC 9110, 10.2.3 (Retry-After).
 */

import { setTimeout as wait } from "node:timers/promises";
import { type ErrorCode, type ErrorDetails, XrayError } from "../errors.ts";

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
/** Longest pause that is granted to a server that asks for one. */
const LONGEST_WAIT_MS = 30_000;

/** A failure that retrying cannot fix. */
export class FinalError extends XrayError {}

/** A failure of a server, which may say when to retry. */
export class ServerError extends XrayError {
  /** Milliseconds; 0 if it does not say. */
  readonly waitMs: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails, waitMs: number) {
    super(code, message, details);
    this.waitMs = waitMs;
  }
}

/**
 * How long a server asks to wait.
 *
 * @param header  The value of `Retry-After`: seconds, or a date.
 * @param now     Milliseconds since 1970.
 * @returns       Milliseconds; 0 if the header is missing or unreadable.
 */
export function retryAfterMs(header: string | null, now: number = Date.now()): number {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

export interface RetryOptions {
  /** Number of attempts, four by default. */
  readonly attempts?: number;
  /** Pause before the second attempt, which doubles with each further one. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
  /** Whether another attempt is useless; by default after final errors, and after those about our own files. */
  readonly isFinal?: (error: unknown) => boolean;
}

const endsAttempts = (error: unknown): boolean =>
  error instanceof FinalError ||
  (error instanceof XrayError && /^(?:file\/|download\/bad-url$)/.test(error.code));

/**
 * Make several attempts.
 *
 * @param attempt  May throw only XrayErrors. Those that `isFinal` names end the attempts at once.
 * @throws         The error of the last attempt.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  { attempts = ATTEMPTS, pauseMs = FIRST_PAUSE_MS, signal, isFinal = endsAttempts }: RetryOptions,
): Promise<T> {
  for (let tried = 1, pause = pauseMs; ; tried++, pause *= 2) {
    try {
      return await attempt();
    } catch (error) {
      if (isFinal(error) || tried === attempts || signal?.aborted) throw error;
      const asked = error instanceof ServerError ? Math.min(error.waitMs, LONGEST_WAIT_MS) : 0;
      await wait(Math.max(pause, asked), undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw error;
      });
    }
  }
}
