/**
 * What a refusal must be: an XrayError with a stable code and one line that a terminal can print.
 */

import assert from "node:assert/strict";
import { XrayError } from "../../src/errors.ts";

/** Line breaks, and control characters by which a file could write to the user's terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CODE = /^[a-z0-9-]+\/[a-z0-9-]+$/;
/** A line for people: a file cannot fill the screen with a name of a megabyte. */
const MAX_MESSAGE = 2000;

/** What is wrong with something thrown, or undefined where it is a proper refusal. */
export function refusalProblem(thrown: unknown): string | undefined {
  if (!(thrown instanceof XrayError)) {
    return `not an XrayError but ${thrown instanceof Error ? `${thrown.name}: ${thrown.message.slice(0, 200)}` : String(thrown)}`;
  }
  if (thrown.code === "internal/unexpected") return `internal/unexpected: ${thrown.message.slice(0, 200)}`;
  if (!CODE.test(thrown.code)) return `the code ${thrown.code} is no code`;
  if (thrown.message === "") return "the message is empty";
  if (thrown.message.length > MAX_MESSAGE) return `the message has ${thrown.message.length} characters`;
  const control = CONTROL.exec(thrown.message);
  if (control !== null) {
    return `the message holds control character ${JSON.stringify(control[0])}: ${JSON.stringify(thrown.message.slice(0, 300))}`;
  }
  return undefined;
}

function checkRefusal(thrown: unknown, code: string | RegExp): void {
  const problem = refusalProblem(thrown);
  if (problem !== undefined) assert.fail(problem);
  const actual = (thrown as XrayError).code;
  if (typeof code === "string") assert.equal(actual, code);
  else assert.match(actual, code);
}

/** Run something that must throw a proper refusal with this code. */
export function refuses(run: () => unknown, code: string | RegExp): void {
  let result: unknown;
  try {
    result = run();
  } catch (thrown) {
    checkRefusal(thrown, code);
    return;
  }
  assert.fail(`it was read (${typeof result}), but should be refused with ${code}`);
}

/** Run something that may succeed, but must not fail in any other way than with a proper refusal. */
export function readsOrRefuses(run: () => unknown): void {
  try {
    run();
  } catch (thrown) {
    checkRefusal(thrown, /./);
  }
}

/** `refuses` for something asynchronous. */
export async function refusesLater(run: () => Promise<unknown>, code: string | RegExp): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    checkRefusal(thrown, code);
    return;
  }
  assert.fail(`it was read, but should be refused with ${code}`);
}

/** `readsOrRefuses` for something asynchronous; true where it was read. */
export async function readsOrRefusesLater(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (thrown) {
    checkRefusal(thrown, /./);
    return false;
  }
}
