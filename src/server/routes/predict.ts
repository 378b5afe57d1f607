/**
 * Predictions for images that a client sends.
 *
 * Pipeline:   request → **images, options → results** → answer
 * Knows:      the service and forms. Not how predictions come about.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readingOf } from "../../engine/model.ts";
import { XrayError } from "../../errors.ts";
import { chooseMaps } from "../../models/map-choice.ts";
import { PREDICTION } from "../../results/prediction.ts";
import { jsonSchemaOf } from "../../schema/json-schema.ts";
import { list } from "../../schema/schema.ts";
import type { Inference, InferenceRequest, Outcome } from "../inference/inference.ts";
import type { Service } from "../service/service.ts";
import { Intake } from "../uploads/intake.ts";
import { addImageBodies, IMAGE_TYPES, readImages } from "../uploads/read-images.ts";
import { mapsFile, predictionJson } from "./predict-answer.ts";
import { PREDICT_QUERY, type PredictQuery, readPredictQuery } from "./predict-query.ts";
import { untilAnswered } from "./until-answered.ts";

const SCHEMA = {
  summary: "Predict findings in images",
  consumes: [...IMAGE_TYPES, "multipart/form-data"],
  produces: ["application/json", "application/octet-stream"],
  querystring: jsonSchemaOf(PREDICT_QUERY),
  response: { 200: jsonSchemaOf(list(PREDICTION)) },
};

/** Images of one array have as many maps each, so what is detected in each cannot choose them. */
function checkArray({ maps, findings }: PredictQuery): void {
  if (maps !== "npy" || findings === undefined) return;
  const word = findings.find((name) => name === "detected" || name === "all");
  if (word === undefined) return;
  const message = `an array has the same maps of each image, in a known order, so maps=npy cannot go with findings=${word}; name the findings, or leave them out`;
  throw new XrayError("server/bad-request", message, {});
}

/** The options of a request. Throws XrayError `server/bad-request`, `heatmaps/…`. */
function optionsOf(query: PredictQuery): Omit<InferenceRequest, "images"> {
  checkArray(query);
  const { threshold, maps = "none", method, layer, findings } = query;
  const chosen = chooseMaps({ method, layer });
  return { reading: readingOf(query), threshold, findings, maps: maps === "none" ? undefined : chosen };
}

function send(reply: FastifyReply, outcomes: readonly Outcome[], asArray: boolean): unknown {
  const [only] = outcomes;
  // An image on its own that fails is a request that fails.
  if (outcomes.length === 1 && only !== undefined && "error" in only) throw only.error;
  if (!asArray) return outcomes.map(predictionJson);
  const file = mapsFile(outcomes);
  if (file === undefined) throw (outcomes[0] as Outcome & { error: XrayError }).error;
  reply.type("application/octet-stream");
  return file;
}

async function predict(
  service: Service,
  inference: Inference,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const query = readPredictQuery(request.query as object);
  const options = optionsOf(query);
  // Refuse before the client has sent its images for nothing.
  inference.checkRoom(1);
  const { limits } = service.settings;
  const intake = new Intake(request.raw, limits, service.held);
  try {
    const images = await readImages(request, intake);
    request.uploadedImages = images.length;
    request.uploadedBytes = intake.bytes;
    const outcomes = await untilAnswered(reply.raw, limits.answerMs, (signal) =>
      inference.predict({ ...options, images, signal }),
    );
    const start = performance.now();
    const body = send(reply, outcomes, query.maps === "npy");
    service.metrics.wrote((performance.now() - start) / 1000);
    return body;
  } finally {
    intake.release();
  }
}

/** `POST api/predict`, unless the server computes nothing. */
export function predictRoutes(service: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    const { inference, settings } = service;
    if (inference === undefined) return;
    await addImageBodies(app, settings.limits);
    app.post("/api/predict", { schema: SCHEMA }, (request, reply) =>
      predict(service, inference, request, reply),
    );
  };
}
