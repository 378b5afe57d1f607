/**
 * Headers of every answer.
 *
 * Knows: headers.
 */

import type { FastifyInstance } from "fastify";
import { SECURITY_HEADERS } from "../site/headers.ts";

const HEADERS: Readonly<Record<string, string>> = { ...SECURITY_HEADERS, "cache-control": "no-store" };

/** Set the headers that hold for every answer. A route may replace them. */
export function addHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    reply.header("X-Request-Id", request.id);
  });
}
