/**
 * How the errors of an area are described.
 *
 * Knows: codes.
 */

import type { ErrorCode } from "../codes.ts";

/** What an error of a code means, in plain words that are true wherever it is met. */
export interface ErrorText {
  /** A sentence. */
  readonly cause: string;
  /** What to do then: a sentence. */
  readonly wayOn: string;
}

/** A section of docs/errors.md. */
export interface ErrorArea {
  readonly title: string;
  readonly errors: { readonly [code in ErrorCode]?: ErrorText };
}
