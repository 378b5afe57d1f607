/**
 * The only error that this package throws on purpose.
 *
 * Every failure that a user can run into (a damaged file, a model that does not fit, a wrong flag) is an `XrayError`: a
 * stable code for programs, details for tests and logs, and a message for people that names the offending thing, the
 * cause and the way on. Any other error that escapes is a bug.
 *
 * Knows: the codes (`errors/codes.ts`).
 */

import { CATEGORY_OF, type ErrorCategory, type ErrorCode } from "./errors/codes.ts";

export type { ErrorCategory, ErrorCode };

/** What a program needs to know about a failure. Values are small and serialisable. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

const MAX_MESSAGE = 1_500;
const MAX_QUOTED = 80;

/** Control characters, and characters that a terminal or a log could take for a line end or a change of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Put text on one line, escaping characters that a terminal could take for more than a character. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Text from a file for use in a message: in quotes, on one line, and shortened if it is long.
 *
 * @param value  Strings, numbers and the like are shown; for anything else, only its type.
 */
export function quote(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (typeof value !== "string") return value === null ? "null" : `(${typeof value})`;
  const text = value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;
  return `"${printable(text)}"`;
}

/**
 * A failure with a code and its category, details, and a message for people: one line of limited length, whatever a
 * file put into it.
 *
 * @example
 * try {
 *   await loadModel("missing.pth");
 * } catch (error) {
 *   if (!(error instanceof XrayError)) throw error;
 *   console.log(error.code, error.message);
 * }
 */
export class XrayError extends Error {
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    const line = printable(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message);
    super(line, cause === undefined ? undefined : { cause });
    this.name = "XrayError";
    this.code = code;
    this.category = CATEGORY_OF[code];
    this.details = details;
  }
}

/**
 * Add the file's name to an error from code that knows only bytes.
 *
 * @param file   The file's name as the user gave it.
 * @param error  Whatever was thrown.
 * @returns      An `XrayError` whose message begins with `file: `. An error that already names its file is returned
 *               unchanged; an unknown error becomes `internal/unexpected`.
 */
export function inFile(file: string, error: unknown): XrayError {
  if (error instanceof XrayError) {
    if (error.details["file"] !== undefined) return error;
    return new XrayError(error.code, `${file}: ${error.message}`, { file, ...error.details }, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new XrayError("internal/unexpected", `${file}: ${message}`, { file }, error);
}

/** Convert any failure to an `XrayError`. Unforeseen ones become `internal/unexpected`. */
export function asXrayError(error: unknown): XrayError {
  if (error instanceof XrayError) return error;
  return new XrayError(
    "internal/unexpected",
    error instanceof Error ? error.message : String(error),
    {},
    error,
  );
}

/** An error in the form in which it is sent between threads, which would drop its class and its code. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Convert any failure for sending to another thread. */
export function sentError(error: unknown): SentError {
  const { code, message, details } = asXrayError(error);
  return { code, message, details };
}

/** Restore an error sent by another thread. */
export const receivedError = ({ code, message, details }: SentError): XrayError =>
  new XrayError(code, message, details);
