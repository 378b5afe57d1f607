/**
 * The server's log: one JSON object a line. It never holds a path, a name, a query value, a UID or an address of a client.
 *
 * Knows: what Fastify's logger can be told.
 */

import type { Writable } from "node:stream";
import type { XrayError } from "../../errors.ts";

/** An error without its words, which may quote what a client sent: its kind, its code and where it happened. */
function bareError(error: Error): { type: string; message: string; stack: string } {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const { code = "" } = error as { code?: unknown };
  return { type: error.name, message: String(code), stack: frames.join("\n") };
}

/** The cause of an unforeseen error, where its stack is. */
export const rootOf = (error: XrayError): Error =>
  error.code === "internal/unexpected" && error.cause instanceof Error ? error.cause : error;

/** Options of Fastify's logger. */
export const loggerOptions = (stream: Pick<Writable, "write">) => ({
  level: "info",
  stream: { write: (line: string) => void stream.write(line) },
  base: null,
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (level: string) => ({ level }) },
  serializers: {
    req: () => ({}),
    res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    err: bareError,
  },
});
