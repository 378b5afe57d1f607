/**
 * The descriptions of errors, grouped by area.
 *
 * Knows: codes.
 */

import type { ErrorCode } from "../codes.ts";

/** What an error code means, in plain words that are true wherever it occurs. */
export interface ErrorText {
  /** One sentence. */
  readonly cause: string;
  /** What to do about it, in one sentence. */
  readonly wayOn: string;
}

/** A section of docs/errors.md. */
export interface ErrorArea {
  readonly title: string;
  readonly errors: { readonly [code in ErrorCode]?: ErrorText };
}
