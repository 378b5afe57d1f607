/**
 * Answers with an error.
 *
 * Knows: statuses and headers. Not what went wrong.
 */

import type { FastifyReply, FastifyRequest } from "fastify";
import { type ErrorBody, errorBody, requestError, retryAfter, statusOf } from "./errors.ts";
import { letPass } from "./let-pass.ts";
import { rootOf } from "./log.ts";

/**
 * Answer a request that failed.
 *
 * @param bodyOf  Makes the body, for paths whose clients expect another form.
 */
export async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  bodyOf: (body: ErrorBody) => object = (body) => body,
): Promise<FastifyReply> {
  const known = requestError(error);
  const status = statusOf(known);
  if (status >= 500 && status !== 503) request.log.error({ err: rootOf(known), code: known.code }, "failed");
  const seconds = retryAfter(known);
  if (seconds !== undefined) reply.header("Retry-After", String(seconds));
  // The rest of a body that came too slowly is not waited for.
  if (known.code === "server/too-slow") reply.header("Connection", "close");
  else await letPass(request.raw);
  reply.type("application/json; charset=utf-8");
  return reply.code(status).send(bodyOf(errorBody(known, request.id)));
}
