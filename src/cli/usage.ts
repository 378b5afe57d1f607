/**
 * Options that do not go together: refused as wrong usage, as commander refuses a value that is out of its range.
 *
 * Knows: commander. Which options go together is known where they are used.
 */

import type { Command } from "commander";
import { asXrayError, type ErrorCode } from "../errors.ts";

/** Check a request before anything is done. Ends with exit code 2 where it throws one of these codes. */
export function checkUsage<T>(command: Command, codes: readonly ErrorCode[], request: () => T): T {
  try {
    return request();
  } catch (error) {
    const { code, message } = asXrayError(error);
    if (!codes.includes(code)) throw error;
    return command.error(`error: ${message}`);
  }
}
