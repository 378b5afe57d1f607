/**
 * Answers on a connection whose bytes are no request that can be read.
 *
 * Knows: sockets, and what Node says about them.
 */

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { XrayError } from "../../errors.ts";
import { errorBody, statusOf } from "./errors.ts";

function readError(code: string | undefined): XrayError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new XrayError("server/too-slow", "the request did not arrive in time; send it again", {});
  if (code === "HPE_HEADER_OVERFLOW")
    return new XrayError("server/bad-request", "the request's header is too long; shorten it", {});
  return new XrayError("server/bad-request", "what was sent is no HTTP request; use an HTTP client", {});
}

/** Say what is wrong, and end the connection. */
export function answerUnreadable({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === "ECONNRESET" || socket.destroyed) return;
  const error = readError(code);
  const status = statusOf(error);
  const body = JSON.stringify(errorBody(error, ""));
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  socket.destroySoon();
}
