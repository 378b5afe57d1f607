/**
 * The Open Inference Protocol (KServe V2) over HTTP.
 *
 * Pipeline:   request → **images, options → results** → answer
 * Knows:      the service and the protocol's paths. Not how predictions come about.
 *
 * Reference: https://github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md
 */

import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { quote, XrayError } from "../../errors.ts";
import { jsonSchemaOf } from "../../schema/json-schema.ts";
import type { Inference } from "../inference/inference.ts";
import { type InferRequest, readInferRequest } from "../open-inference/infer-request.ts";
import { INFER_RESPONSE, inferAnswer, type PredictedImage } from "../open-inference/infer-response.ts";
import {
  MODEL_METADATA,
  modelMetadata,
  modelVersion,
  SERVER_METADATA,
  serverMetadata,
} from "../open-inference/metadata.ts";
import { divideBody, INFER_REQUEST } from "../open-inference/request-json.ts";
import { answerError } from "../service/answer-error.ts";
import type { Service } from "../service/service.ts";
import { Intake } from "../uploads/intake.ts";
import { untilAnswered } from "./until-answered.ts";

const JSON_LENGTH = "Inference-Header-Content-Length";

interface ModelParams {
  readonly model: string;
  readonly version?: string;
}

/** @throws  XrayError `server/no-model` unless the path names the model that is served, and its version if any. */
async function checkModel({ model }: Service, params: unknown): Promise<string> {
  const { model: name, version } = params as ModelParams;
  const served = modelVersion(await model.sha256());
  if (name === model.name && (version === undefined || version === served)) return served;
  const asked = version === undefined ? quote(name) : `${quote(name)} in version ${quote(version)}`;
  const message = `there is no model ${asked}; this server has ${quote(model.name)} in version ${quote(served)}`;
  throw new XrayError("server/no-model", message, {});
}

async function bodyOf(request: FastifyRequest, intake: Intake): Promise<Uint8Array> {
  const { body } = request;
  if (!(body instanceof Readable)) return new Uint8Array();
  try {
    return await intake.during(() => intake.read(body));
  } catch (error) {
    // Let the rest of the body pass, so that the client is done sending and reads the answer.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

/** A request succeeds for all of its images or for none. */
async function predictAll(
  { settings }: Service,
  inference: Inference,
  { images, threshold, maps }: InferRequest,
  reply: FastifyReply,
): Promise<readonly PredictedImage[]> {
  const named = images.map((bytes, i) => ({ name: images.length === 1 ? "" : `image ${i}`, bytes }));
  const outcomes = await untilAnswered(reply.raw, settings.limits.answerMs, (signal) =>
    inference.predict({ images: named, threshold, maps, signal }),
  );
  return outcomes.map((outcome) => {
    if ("error" in outcome) throw outcome.error;
    return outcome;
  });
}

async function infer(
  service: Service,
  inference: Inference,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const version = await checkModel(service, request.params);
  // Refuse before the client has sent its images for nothing.
  inference.checkRoom(1);
  const intake = new Intake(request.raw, service.settings.limits, service.held);
  try {
    const body = await bodyOf(request, intake);
    const jsonLength = request.headers[JSON_LENGTH.toLowerCase()];
    const asked = readInferRequest(divideBody(body, jsonLength?.toString()));
    request.uploadedImages = asked.images.length;
    request.uploadedBytes = intake.bytes;
    const images = await predictAll(service, inference, asked, reply);
    const start = performance.now();
    const model = { name: service.model.name, version };
    const answer = inferAnswer(model, asked.id, asked.outputs, images);
    service.metrics.wrote((performance.now() - start) / 1000);
    if (answer.jsonLength === undefined) return reply.type("application/json").send(answer.body);
    reply.header(JSON_LENGTH, String(answer.jsonLength));
    return reply.type("application/octet-stream").send(answer.body);
  } finally {
    intake.release();
  }
}

/** Health as the protocol has it: 200 if it holds. While the server shuts down, every path answers 503. */
function addHealth(app: FastifyInstance, service: Service): void {
  app.get("/v2/health/live", { schema: { summary: "Whether the server lives" } }, async () => ({
    live: true,
  }));
  app.get("/v2/health/ready", { schema: { summary: "Whether the server takes requests" } }, async () => ({
    live: true,
    ready: true,
  }));
  for (const path of ["/v2/models/:model/ready", "/v2/models/:model/versions/:version/ready"]) {
    app.get(path, { schema: { summary: "Whether the model takes requests" } }, async ({ params }) => {
      await checkModel(service, params);
      return { name: service.model.name, ready: true };
    });
  }
}

function addMetadata(app: FastifyInstance, service: Service): void {
  const { model } = service;
  const server = { summary: "The server", response: { 200: jsonSchemaOf(SERVER_METADATA) } };
  app.get("/v2", { schema: server }, async () => serverMetadata);
  app.get("/v2/", { schema: { hide: true } }, async () => serverMetadata);
  const schema = {
    summary: "The model's input and outputs",
    response: { 200: jsonSchemaOf(MODEL_METADATA) },
  };
  for (const path of ["/v2/models/:model", "/v2/models/:model/versions/:version"]) {
    app.get(path, { schema }, async ({ params }) => {
      await checkModel(service, params);
      return modelMetadata(model.name, await model.sha256(), model.card.labels.length);
    });
  }
}

/** The routes under `v2`, unless the server computes nothing. */
export function openInferenceRoutes(service: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    const { inference } = service;
    if (inference === undefined) return;
    app.setErrorHandler((error, request, reply) =>
      answerError(error, request, reply, ({ error: { message } }) => ({ error: message })),
    );
    // Bodies are taken as they come, whatever type a client gives them.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_, body, done) => done(null, body));
    addHealth(app, service);
    addMetadata(app, service);
    const schema = {
      summary: "Predict findings in images, by the Open Inference Protocol",
      consumes: ["application/json", "application/octet-stream"],
      body: jsonSchemaOf(INFER_REQUEST),
      response: { 200: jsonSchemaOf(INFER_RESPONSE) },
    };
    for (const path of ["/v2/models/:model/infer", "/v2/models/:model/versions/:version/infer"])
      app.post(path, { schema }, (request, reply) => infer(service, inference, request, reply));
  };
}
