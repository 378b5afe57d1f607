/**
 * The model that the server runs.
 *
 * Knows: the service.
 */

import type { FastifyInstance } from "fastify";
import { noticesOf } from "../../models/notice.ts";
import { SERVED_MODEL, type ServedModel } from "../../results/served-model.ts";
import { jsonSchemaOf } from "../../schema/json-schema.ts";
import { VERSION } from "../../version.ts";
import type { Service } from "../service/service.ts";

async function describe({ model }: Service): Promise<ServedModel> {
  const { name, card, notes } = model;
  const { labels, labelSource, preparation, activation, operatingPoints, roc, calibration, maps } = card;
  const { source, licence, citation } = card;
  const known = { operatingPoints, roc, calibration, maps, source, licence, citation };
  return {
    schema: "medical-x/model@1",
    version: VERSION,
    name,
    sha256: await model.sha256(),
    labels,
    labelSource,
    preparation,
    activation,
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as object),
    notes,
    notices: noticesOf(card),
  };
}

/** `GET api/model`. */
export function modelRoutes(service: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    const schema = { summary: "The model", response: { 200: jsonSchemaOf(SERVED_MODEL) } };
    app.get("/api/model", { schema }, () => describe(service));
  };
}
