/**
 * Asks for the server's token.
 *
 * Knows: headers. Reference: RFC 6750.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { XrayError } from "../../errors.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the route is answered without a token and while the server shuts down. */
    readonly isOpen?: boolean;
  }
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Refuse requests without the token, but for routes that are open. */
export function addToken(app: FastifyInstance, token: string | undefined): void {
  if (token === undefined) return;
  // Digests have one length, so that the comparison takes the same time for every guess.
  const expected = digest(token);
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.isOpen === true) return;
    const [, given] = /^Bearer +([^\s]+) *$/i.exec(request.headers.authorization ?? "") ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    reply.header("WWW-Authenticate", 'Bearer realm="medical-x"');
    const message =
      given === undefined
        ? "the server needs a token; send it as Authorization: Bearer …"
        : "this is not the server's token; send the one in its token file";
    throw new XrayError("server/unauthorised", message, {});
  });
}
