/**
 * The wording of a refused value: the path of the field, what it must be, and what was found.
 *
 * Knows: words. Not how a value is checked.
 */

import { type ErrorCode, quote, XrayError } from "../errors.ts";

/** What is wrong with a value. */
export interface Problem {
  /** The field's path, such as `calibration.findings.Mass.slope` or `preparation[1]`; empty for the value itself. */
  readonly field: string;
  /** What it must be, or what is wrong with it, as the rest of a sentence. */
  readonly needs: string;
  /** What was found there. */
  readonly found: unknown;
}

/** A path as text, starting at the value: `preparation[1].step`. */
export function pathOf(path: readonly { readonly key: unknown }[] = []): string {
  const steps = path.map(({ key }) => {
    if (typeof key === "number") return `[${key}]`;
    return /^\w{1,80}$/.test(String(key)) ? `.${key}` : `[${quote(key)}]`;
  });
  return steps.join("").replace(/^\./, "");
}

/** What was found, in a word or two. */
function shown(found: unknown): string {
  if (found === undefined) return "missing";
  if (Array.isArray(found)) return found.length === 0 ? "an empty list" : "a list";
  return typeof found === "object" && found !== null ? "an object" : quote(found);
}

/** A problem as a clause: `lr must be a number above 0, but is -1`. */
export function sentence({ field, needs, found }: Problem): string {
  const but = needs.startsWith("must be") ? `, but is ${shown(found)}` : "";
  return `${field === "" ? "it" : field} ${needs}${but}`;
}

/** The code and the words of a refusal. */
export interface Refusal {
  /** The error's code, or a function from the field's path to it. */
  readonly code: ErrorCode | ((field: string) => ErrorCode);
  /** What is wrong, without a colon: `its model card is not valid`. */
  readonly what: string;
  /** The value's own name, if it is a field of something larger. */
  readonly field?: string;
  /** What to do then, if correcting the value is not it: `draw them again`. */
  readonly wayOn?: string;
}

/** The error of a refusal. */
export function refused({ code, what, wayOn }: Refusal, problem: string, field = ""): XrayError {
  const message = `${what}: ${problem}${wayOn === undefined ? "" : `; ${wayOn}`}`;
  return new XrayError(typeof code === "string" ? code : code(field), message, { field });
}
