/**
 * The HTTP server: its hooks and routes, and what it says when something is wrong.
 *
 * Knows: Fastify and the service. Not how the service was opened.
 */

import type { Writable } from "node:stream";
import fastifySwagger from "@fastify/swagger";
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type HTTPMethods,
  LogController,
} from "fastify";
import { XrayError } from "../errors.ts";
import { openApiOf } from "./docs/open-api.ts";
import { addCors } from "./hooks/cors.ts";
import { addHeaders } from "./hooks/headers.ts";
import { addOriginChecks } from "./hooks/origin.ts";
import { addRecord } from "./hooks/record.ts";
import { addToken } from "./hooks/token.ts";
import { closing } from "./inference/inference.ts";
import { docsRoutes } from "./routes/docs.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { modelRoutes } from "./routes/model.ts";
import { openInferenceRoutes } from "./routes/open-inference.ts";
import { predictRoutes } from "./routes/predict.ts";
import { siteRoutes } from "./routes/site.ts";
import { answerError } from "./service/answer-error.ts";
import { answerUnreadable } from "./service/client-error.ts";
import { loggerOptions } from "./service/log.ts";
import type { Service } from "./service/service.ts";

/** All routes, in the order of the API's description. */
const ROUTES = [
  predictRoutes,
  modelRoutes,
  siteRoutes,
  openInferenceRoutes,
  healthRoutes,
  metricsRoutes,
  docsRoutes,
];

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST"];

/** Nothing is at this path, or only for other methods. */
function answerMissing(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): never {
  const [url = "/"] = request.url.split("?");
  const allowed = METHODS.filter((method) => app.hasRoute({ method, url }));
  if (allowed.length === 0) {
    const message = "there is nothing at this path; GET /api/openapi.json lists what there is";
    throw new XrayError("server/not-found", message, {});
  }
  reply.header("Allow", allowed.join(", "));
  const message = `this path takes ${allowed.join(" or ")}, not ${request.method}`;
  throw new XrayError("server/bad-method", message, {});
}

/** Refuse new work while the server shuts down, and let connections end with the answers that are under way. */
function addClosing(app: FastifyInstance, service: Service): void {
  app.addHook("onRequest", async (request) => {
    if (service.isClosing && request.routeOptions.config.isOpen !== true) throw closing();
  });
  app.addHook("onSend", async (_, reply) => {
    if (service.isClosing) reply.header("Connection", "close");
  });
}

/**
 * Create a server that does not listen yet.
 *
 * @param log  Where its log goes.
 */
export async function createServer(service: Service, log: Pick<Writable, "write">): Promise<FastifyInstance> {
  const { settings, metrics } = service;
  const { limits } = settings;
  const app = fastify({
    logger: loggerOptions(log),
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    requestTimeout: limits.bodyMs,
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    http: {
      headersTimeout: limits.headerMs,
      connectionsCheckingInterval: Math.max(100, Math.min(5_000, limits.headerMs / 4)),
    },
  });
  app.server.maxConnections = limits.connections;
  // Each route checks what it is sent by its own schema; those of Fastify describe it.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => answerMissing(app, request, reply));
  addRecord(app, metrics);
  addHeaders(app);
  addClosing(app, service);
  addCors(app, settings);
  addOriginChecks(app, settings);
  addToken(app, settings.token);
  const prefix = settings.basePath.slice(0, -1);
  await app.register(fastifySwagger, {
    openapi: openApiOf(settings.basePath, settings.token !== undefined),
    stripBasePath: true,
  });
  for (const routes of ROUTES) await app.register(routes(service), { prefix });
  return app;
}
