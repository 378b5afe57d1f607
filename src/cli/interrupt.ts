/**
 * Ctrl-C during long work.
 *
 * Knows: signals. Not what is interrupted.
 */

import { asXrayError } from "../errors.ts";
import { sayError } from "./console.ts";

/** The exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

/**
 * Heard once: the work under way is asked to end, and may finish a part of it first. A second Ctrl-C ends the program
 * as soon as the step under way lets it be heard; the first does so at once at any other time.
 */
export class Interrupt {
  isSet = false;
  readonly #set = () => {
    this.isSet = true;
  };

  /** Listen while work is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    process.once("SIGINT", this.#set);
    try {
      return await work();
    } finally {
      process.removeListener("SIGINT", this.#set);
    }
  }
}

/**
 * Turn work that ends itself with `evaluation/interrupted` into an exit code, and say so.
 *
 * @param work  Gives its own exit code where it is not interrupted. Other errors pass.
 */
export async function endOnInterrupt(
  work: () => Promise<number>,
  { verbose = false }: { readonly verbose?: boolean },
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (asXrayError(error).code !== "evaluation/interrupted") throw error;
    sayError(error, verbose);
    return INTERRUPTED;
  }
}
