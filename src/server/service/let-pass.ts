/**
 * Lets the rest of a refused request's body pass. A connection that is closed while bytes are on their way is reset, and its
 * client may never see why it was refused.
 *
 * Knows: requests. Reference: RFC 9112, 9.6.
 */

import type { IncomingMessage } from "node:http";

/** How long the rest of a body may take, in milliseconds. */
const LINGER_MS = 1000;

/** Resolves when the body has come to its end, the client is gone, or it has taken too long. */
export function letPass(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  request.unpipe();
  request.resume();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, LINGER_MS);
    request.once("end", done).once("close", done);
  });
}
