/**
 * Counts requests and writes a line about each to the log: what was asked for by the route's pattern, and how long it took.
 * No path, name, query value or address of a client is ever written.
 *
 * Knows: requests.
 */

import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Metrics } from "../service/metrics.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Bytes of images that the request carried. */
    uploadedBytes: number;
    /** Images that it carried. */
    uploadedImages: number;
  }
}

const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? "unknown";

/** Count requests and log them. */
export function addRecord(app: FastifyInstance, metrics: Metrics): void {
  app.decorateRequest("uploadedBytes", 0);
  app.decorateRequest("uploadedImages", 0);
  app.addHook("onRequest", async (_, reply) => {
    metrics.requestBegan();
    // Also if the client goes away before it has its answer.
    reply.raw.once("close", () => metrics.requestEnded());
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, uploadedBytes: bytes, uploadedImages: images } = request;
    const [route, status, ms] = [routeOf(request), reply.statusCode, reply.elapsedTime];
    metrics.answered({ method, route, status, seconds: ms / 1000 });
    const line = { method, route, status, ms: Math.round(ms * 10) / 10 };
    request.log.info(images === 0 ? line : { ...line, images, bytes }, "answered");
  });
}
