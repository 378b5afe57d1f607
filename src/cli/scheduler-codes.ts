/**
 * Exit codes for schedulers, which must know whether to try again: 1 a fault that may pass; 2 wrong usage; 3 a wrong plan,
 * model or scheduler, where trying again is useless; 130 interrupted.
 *
 * Knows: categories of errors.
 */

import { asXrayError } from "../errors.ts";
import { sayError } from "./console.ts";
import { INTERRUPTED } from "./interrupt.ts";

const FAILED = 1;
const USAGE_ERROR = 2;
const DO_NOT_RETRY = 3;

/** The exit code for a failure. */
function codeFor(error: unknown): number {
  const { code, category } = asXrayError(error);
  if (code === "scoring/interrupted") return INTERRUPTED;
  if (category === "usage") return USAGE_ERROR;
  // Others may complete it.
  if (code === "scoring/incomplete") return FAILED;
  return category === "input" || category === "missing" ? DO_NOT_RETRY : FAILED;
}

/** Report a failure, and turn it into an exit code. */
export async function endingForSchedulers(work: () => Promise<number>, verbose: boolean): Promise<number> {
  try {
    return await work();
  } catch (error) {
    sayError(error, verbose);
    return codeFor(error);
  }
}
