/**
 * Lets pages of allowed origins use the API.
 *
 * Knows: headers. Reference: Fetch Standard, "CORS protocol".
 */

import type { FastifyInstance } from "fastify";
import type { ServerSettings } from "../service/settings.ts";

/** Answer preflights, and name the allowed origin in answers to its pages. */
export function addCors(app: FastifyInstance, { corsOrigins }: ServerSettings): void {
  if (corsOrigins.length === 0) return;
  app.addHook("onRequest", async ({ method, headers }, reply) => {
    reply.header("Vary", "Origin");
    const { origin } = headers;
    if (origin === undefined || !corsOrigins.includes(origin)) return;
    reply.header("Access-Control-Allow-Origin", origin);
    reply.header(
      "Access-Control-Expose-Headers",
      "Inference-Header-Content-Length, Retry-After, X-Request-Id",
    );
    reply.header("Cross-Origin-Resource-Policy", "cross-origin");
    if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) return;
    reply.header("Access-Control-Allow-Methods", "GET, HEAD, POST");
    reply.header(
      "Access-Control-Allow-Headers",
      "Authorization, Content-Type, Inference-Header-Content-Length",
    );
    reply.header("Access-Control-Max-Age", "600");
    if (headers["access-control-request-private-network"] === "true")
      reply.header("Access-Control-Allow-Private-Network", "true");
    await reply.code(204).send();
  });
}
