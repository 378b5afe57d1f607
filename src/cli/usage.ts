/**
 * Reports options that do not go together as wrong usage, just as commander reports a value out of range.
 *
 * Knows: commander. Which options go together is decided where they are used.
 */

import type { Command } from "commander";
import { asXrayError, type ErrorCode } from "../errors.ts";

/** Check a request before anything is done. Ends with exit code 2 if it throws one of these codes. */
export function checkUsage<T>(command: Command, codes: readonly ErrorCode[], request: () => T): T {
  try {
    return request();
  } catch (error) {
    const { code, message } = asXrayError(error);
    if (!codes.includes(code)) throw error;
    return command.error(`error: ${message}`);
  }
}
