/**
 * An image in the list, from being dropped to being read.
 *
 * Knows: plain data. Items are replaced, never changed, so that an element can tell whether its own is another.
 */

import type { Check } from "../../src/checks/check.ts";
import type { PredictionJson } from "../../src/results/prediction.ts";
import type { ImageReading } from "../engine/reading.ts";

/** Where an image was read. */
export type Where = "browser" | "server";

/** What stands in `medical-x/prediction@1` for an image that was read. */
export type FinishedJson = Exclude<PredictionJson, { readonly error: unknown }>;

/** What is known about places of the image; only of images that were read in the browser. */
export type KnownPlaces = Pick<ImageReading, "terms" | "bias" | "termLogits" | "shape">;

/** What is kept of every image that was read. Pictures are not; see `recent.ts`. */
export interface KeptReading {
  readonly json: FinishedJson;
  /** labels × h × w: Grad-CAM at norm5. */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  /** The part of the image that the heatmaps cover, in its pixels; undefined if the server sent no heatmaps. */
  readonly region: ImageReading["region"] | undefined;
  readonly places: KnownPlaces | undefined;
  readonly where: Where;
  readonly seconds: number;
}

/** Why an image was not read. */
export interface ItemError {
  readonly code: string;
  readonly message: string;
  /** The check that refused it, if one did: it can be read anyway. */
  readonly refusal?: Pick<Check, "reason">;
}

/** `waiting` for its turn, `reading`, `done`, or `failed`. */
export type ItemState = "waiting" | "reading" | "done" | "failed";

/** An image that was dropped. */
export interface ImageItem {
  /** Counted in the order of dropping. */
  readonly id: number;
  readonly name: string;
  readonly file: Blob;
  readonly state: ItemState;
  /** Whether to read it although a check refuses it. */
  readonly force: boolean;
  /** Whether to read it in this browser although others are read on the server. */
  readonly isHere?: boolean;
  readonly reading?: KeptReading;
  readonly error?: ItemError;
  /** A small picture, as a URL of this page. */
  readonly thumbnail?: string;
}

/** A file that was dropped, and what it is called. */
export type DroppedFile = Pick<ImageItem, "name" | "file">;

/** Whether nothing more happens to an item by itself. */
export const isFinished = ({ state }: ImageItem): boolean => state === "done" || state === "failed";

/** The label's probability, if the item was read. */
export const probabilityOf = ({ reading }: ImageItem, label: string): number | undefined =>
  reading?.json.probabilities[label];
