/**
 * Whether the server lives, and whether it takes work.
 *
 * Knows: the service.
 */

import type { FastifyInstance } from "fastify";
import { closing } from "../inference/inference.ts";
import type { Service } from "../service/service.ts";

/** `GET healthz` and `GET readyz`, both without a token. */
export function healthRoutes(service: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get(
      "/healthz",
      { config: { isOpen: true }, schema: { summary: "Whether the server lives" } },
      async () => ({
        status: "ok",
      }),
    );
    app.get(
      "/readyz",
      { config: { isOpen: true }, schema: { summary: "Whether the server takes work" } },
      async () => {
        if (service.isClosing) throw closing();
        return { status: "ready" };
      },
    );
  };
}
