/**
 * What a reader of an archive's images is asked for, and the identity that follows from it.
 *
 * Knows: options and hashes. `instance-reader.ts` does the work.
 */

import { createHash } from "node:crypto";
import type { NamedModel } from "../../engine/read-model.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import type { MapOptions } from "../../models/map-choice.ts";
import type { SrStyle } from "../../report/dicom/result-object.ts";
import type { Threshold } from "../../results/prediction.ts";
import { VERSION } from "../../version.ts";
import type { LoadFileOptions } from "../models/open-model.ts";

/** What is made of each image. */
export interface ReaderRequest extends LoadFileOptions {
  /** A file or a name; `defaultModel()` by default. */
  readonly model?: string;
  readonly threshold: Threshold;
  readonly style: SrStyle;
  /** Whether to make an overlay as well. */
  readonly gradcam: boolean;
  /** The findings that it shows: names, or `top`, `detected`, `all`. */
  readonly findings: readonly string[];
  readonly method?: MapOptions["method"];
  /** Whether to predict images that a check refuses, and lateral views. */
  readonly force: boolean;
  /** Values of Modality (0008,0060) that are read; any unless given. */
  readonly modalities?: readonly string[];
  /** How the stored values become grey levels. */
  readonly voi?: ReadingOptions["voi"];
  readonly device?: string;
  readonly threads?: number;
}

/** What objects depend on beside the image. Two readers with the same identity make the same objects. */
export interface ReaderIdentity {
  readonly model: string;
  readonly sha256: string;
  readonly version: string;
  /** The options, in a fixed form. */
  readonly options: string;
  /** A hash of all of it. */
  readonly key: string;
}

/** The options that a result depends on, as text whose form never varies. */
function optionsText(request: ReaderRequest): string {
  const { threshold, gradcam, findings, method, force, voi, labels, weights, bits } = request;
  const drawn = gradcam ? { findings, method: method ?? "card" } : null;
  return JSON.stringify({ threshold, drawn, force, voi, labels, weights, bits });
}

/** The identity of a reader. Hashes the model's file. */
export async function identityOf(model: NamedModel, request: ReaderRequest): Promise<ReaderIdentity> {
  const options = optionsText(request);
  const sha256 = await model.sha256();
  const { name } = model;
  const key = createHash("sha256")
    .update(JSON.stringify([sha256, VERSION, request.style, request.gradcam, options]))
    .digest("hex");
  return { model: name, sha256, version: VERSION, options, key };
}
