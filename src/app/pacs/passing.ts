/**
 * Which failures may pass, and whose they are.
 *
 * - `archive`: the archive or the way to it is at fault, whatever the image. Nothing may be held against the image: wait, tell
 *   what to do, and try again for as long as it takes.
 * - `passing`: another attempt may help, but it can also be the image's own doing. After some attempts, set it aside.
 * - `final`: another attempt would end the same way.
 *
 * Knows: codes.
 */

import { XrayError } from "../../errors.ts";
import { FinalError, ServerError } from "../../node/retry.ts";

export type FailureKind = "archive" | "passing" | "final";

/** Failures of the archive, the network, our credentials, our disk. */
const ARCHIVES = new Set([
  "pacs/association-rejected",
  "pacs/bad-certificate",
  "pacs/bad-credentials",
  "pacs/busy",
  "pacs/forbidden",
  "pacs/no-connection",
  "pacs/no-interface",
  "pacs/no-space",
  "pacs/plain-password",
  "pacs/redirected",
  "pacs/tls",
  "pacs/unauthorised",
]);

/** Judge a failure of `ImageSourcePort.fetch`, `ResultTarget.store`, or of a search. */
export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof XrayError)) return "passing";
  if (ARCHIVES.has(error.code) || error.code.startsWith("file/")) return "archive";
  return error instanceof FinalError ? "final" : "passing";
}

/** Whether another attempt may help. */
export const isPassing = (error: unknown): boolean => failureKind(error) !== "final";

const LONGEST_WAIT_MS = 3_600_000;

/** For how long an archive asks to be left alone, in milliseconds, an hour at most; 0 if it does not ask. */
export const askedWait = (error: unknown): number =>
  error instanceof ServerError ? Math.min(error.waitMs, LONGEST_WAIT_MS) : 0;
