/**
 * Metrics for Prometheus.
 *
 * Knows: the service. Reference: Prometheus, "Exposition formats".
 */

import type { FastifyInstance } from "fastify";
import type { Service } from "../service/service.ts";

/** `GET metrics`. */
export function metricsRoutes({ metrics }: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get("/metrics", { schema: { summary: "Metrics for Prometheus" } }, async (_, reply) => {
      reply.type(metrics.contentType);
      return metrics.text();
    });
  };
}
