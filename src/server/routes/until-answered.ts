/**
 * Ends work that nobody waits for any more, or that has waited too long.
 *
 * Knows: answers and signals.
 */

import { setMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { XrayError } from "../../errors.ts";

const gone = (): XrayError =>
  new XrayError("server/closing", "the client went away before it had its answer; nothing is left to do", {});

const timedOut = (ms: number): XrayError => {
  const message = `the request waited ${ms / 1000} s for its turn; try again later, with fewer images at once`;
  return new XrayError("server/timeout", message, { ms });
};

/**
 * Do some work for an answer.
 *
 * @param work  Given a signal that is aborted when the client goes away or the time is up.
 */
export async function untilAnswered<T>(
  response: ServerResponse,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  // Each image of the request listens.
  setMaxListeners(0, controller.signal);
  const leave = () => controller.abort(gone());
  const timer = setTimeout(() => controller.abort(timedOut(ms)), ms);
  response.once("close", leave);
  try {
    if (response.destroyed) leave();
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    response.off("close", leave);
  }
}
