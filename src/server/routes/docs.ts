/**
 * The description of the API, for programs and for people.
 *
 * Knows: the document that @fastify/swagger makes of the routes' schemas.
 */

import type { FastifyInstance, FastifyRequest } from "fastify";
import { apiPage, type ShownDocument } from "../docs/api-page.ts";
import { shellExamples } from "../docs/shell-examples.ts";
import { STYLE } from "../docs/style.ts";
import type { Service } from "../service/service.ts";

/** The server's address as the client knows it. Nothing that a proxy says about it is believed. */
const addressOf = ({ host }: FastifyRequest, basePath: string): string => `http://${host}${basePath}`;

/** `GET api/openapi.json`, and `GET api/docs` with its style sheet. */
export function docsRoutes({ settings, model }: Service) {
  const { basePath, token } = settings;
  return async (app: FastifyInstance): Promise<void> => {
    app.get("/api/openapi.json", { schema: { summary: "This API as OpenAPI 3.1" } }, async () =>
      app.swagger(),
    );
    app.get("/api/docs", { schema: { hide: true } }, async (request, reply) => {
      reply.type("text/html; charset=utf-8");
      const document = app.swagger() as unknown as ShownDocument;
      return apiPage(document, shellExamples(model.name), addressOf(request, basePath), token !== undefined);
    });
    app.get("/api/docs.css", { schema: { hide: true } }, async (_, reply) => {
      reply.header("Cache-Control", "no-cache").type("text/css; charset=utf-8");
      return STYLE;
    });
  };
}
