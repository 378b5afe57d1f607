/**
 * The one error that this package throws on purpose.
 *
 * Every failure that a user can meet (a damaged file, a model that does not fit, a wrong flag) is an
 * `XrayError`: a stable code for programs, details for tests and logs, and a message for people that names
 * the offending thing, the cause and the way on. Anything else that escapes is a bug of ours.
 *
 * Knows: nothing.
 */

/** `room/what-went-wrong`, stable across versions. */
export type ErrorCode = `${string}/${string}`;

/** What a program needs to know about a failure. Values are small and serialisable. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

const MAX_MESSAGE = 1_500;
const MAX_QUOTED = 80;

/** Control characters, and those that a terminal or a log could take for a line's end or a change of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text on one line: what a terminal could take for more than a character is spelt out. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Text from a file, as part of a message: in quotes, on one line, cut where it is long.
 *
 * @param value  Only strings, numbers and the like are shown; of anything else, what it is.
 */
export function quote(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (typeof value !== "string") return value === null ? "null" : `(${typeof value})`;
  const text = value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;
  return `"${printable(text)}"`;
}

/**
 * A failure with a code, details and a message for people: one line of bounded length, whatever a file put into it.
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
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    const line = printable(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message);
    super(line, cause === undefined ? undefined : { cause });
    this.name = "XrayError";
    this.code = code;
    this.details = details;
  }
}

/**
 * Name the file in an error that was raised by code that knows only bytes.
 *
 * @param file   The file's name as the user gave it.
 * @param error  Whatever was thrown.
 * @returns      An `XrayError` whose message begins with `file: `. An error that names the file already
 *               comes back as it is; a foreign error becomes `internal/unexpected`.
 */
export function inFile(file: string, error: unknown): XrayError {
  if (error instanceof XrayError) {
    if (error.details["file"] !== undefined) return error;
    return new XrayError(error.code, `${file}: ${error.message}`, { file, ...error.details }, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new XrayError("internal/unexpected", `${file}: ${message}`, { file }, error);
}

/** Any failure as an `XrayError`; what we did not foresee becomes `internal/unexpected`. */
export function asXrayError(error: unknown): XrayError {
  if (error instanceof XrayError) return error;
  return new XrayError(
    "internal/unexpected",
    error instanceof Error ? error.message : String(error),
    {},
    error,
  );
}
