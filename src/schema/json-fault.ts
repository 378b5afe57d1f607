/**
 * What is wrong with text that is not JSON, in words of our own: engines word it differently, and differently in each version.
 *
 * Knows: what V8, SpiderMonkey and JavaScriptCore say.
 */

import { quote } from "../errors.ts";

/** `line 3, column 7`, of a place in a text. */
function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** Engines may quote the text: only their own words count. */
const ENDS_TOO_SOON =
  /^Unexpected end of JSON input|Unexpected EOF$|^JSON\.parse: (?:unexpected end of data|unterminated string)|^Unterminated string/;

/** Where and how a text stops being JSON; undefined where the engine's error does not tell. */
function faultOf(text: string, message: string): string | undefined {
  if (text.trim() === "") return "it is empty";
  if (ENDS_TOO_SOON.test(message)) return "it ends too soon";
  const position = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  if (position !== undefined) return placeOf(text, Number(position));
  const place = / at line (\d+) column (\d+) of the JSON data$/.exec(message);
  if (place !== null) return `line ${place[1]}, column ${place[2]}`;
  const token = /^Unexpected token '?(.+?)'?,/u.exec(message)?.[1];
  return token === undefined ? undefined : `an unexpected ${quote(token)}`;
}

/**
 * Say where a text stops being JSON, as far as the engine's error tells.
 *
 * @param error  What `JSON.parse(text)` threw.
 * @returns      `it is not JSON (line 3, column 7)`, `it is not JSON (it ends too soon)`, `it is not JSON (it is empty)`.
 */
export function jsonFault(text: string, error: unknown): string {
  const fault = faultOf(text, error instanceof Error ? error.message : "");
  return `it is not JSON${fault === undefined ? "" : ` (${fault})`}`;
}
