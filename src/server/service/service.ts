/**
 * What routes may use.
 *
 * Knows: the parts of a running server. Not how they were opened.
 */

// Routes describe themselves with the fields that it adds to their schemas.
import type {} from "@fastify/swagger";
import type { NamedModel } from "../../engine/read-model.ts";
import type { Inference } from "../inference/inference.ts";
import type { Site } from "../site/site.ts";
import type { HeldBytes } from "./held-bytes.ts";
import type { Metrics } from "./metrics.ts";
import type { ServerSettings } from "./settings.ts";

export interface Service {
  readonly model: NamedModel;
  /** The page, with the model's file. */
  readonly site: Site;
  /** Undefined if the server computes nothing. */
  readonly inference: Inference | undefined;
  /** Bytes of all requests that are in memory. */
  readonly held: HeldBytes;
  readonly metrics: Metrics;
  readonly settings: ServerSettings;
  readonly startedAt: Date;
  /** Whether the server has begun to shut down. */
  isClosing: boolean;
}
