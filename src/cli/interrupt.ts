/**
 * Handles Ctrl-C during long work.
 *
 * Knows: signals. Not what is interrupted.
 */

import { asXrayError } from "../errors.ts";
import { sayError } from "./console.ts";

/** The exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Call a listener at the first Ctrl-C or SIGTERM. The second one ends the program at once, as signals do where nothing handles
 * them: to a shell, the exit code is then 130 or 143. An orderly exit would wait for a network that is running, or abort on
 * its thread.
 *
 * @returns  A function to stop listening.
 */
export function onFirstSignal(listener: () => void): () => void {
  const stop = () => {
    for (const signal of SIGNALS) process.removeListener(signal, first);
  };
  const first = () => {
    stop();
    listener();
  };
  for (const signal of SIGNALS) process.on(signal, first);
  return stop;
}

/**
 * On the first Ctrl-C, asks the work to end, which may finish a part of it first. A second Ctrl-C ends the program as
 * soon as the current step lets it be handled, and so does the first one at any other time.
 */
export class Interrupt {
  isSet = false;
  readonly #set = () => {
    this.isSet = true;
  };

  /** Listen for Ctrl-C while work is done. */
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
 * Turn work that fails with `evaluation/interrupted` into an exit code, and report it.
 *
 * @param work  Returns its own exit code if it is not interrupted. Other errors are passed on.
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
