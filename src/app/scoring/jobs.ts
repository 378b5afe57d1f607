/**
 * What the processes and threads of a scoring run say to each other.
 *
 * Knows: types only.
 */

import type { CheckedImage } from "../../engine/ports.ts";
import type { SentError } from "../../errors.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import type { ScoreRow } from "../../report/scoring/score-row.ts";
import type { LoadFileOptions } from "../models/open-model.ts";
import type { PlanImage } from "./plan-image.ts";

/** An image to read, as a worker sees it. */
export interface ImageToRead extends PlanImage {
  /** What it is called in results. */
  readonly listed: string;
  /** What it is called in messages. */
  readonly name: string;
  /** The file, or the address. */
  readonly place: string;
}

/** How a worker predicts. */
export interface WorkerSetup {
  /** A file or a name. */
  readonly model: string;
  readonly load: LoadFileOptions;
  /** The hash that the model's file must have. */
  readonly sha256: string;
  readonly device: string;
  readonly threads: number;
  readonly reading: ReadingOptions;
  readonly force: boolean;
}

/** A message to a worker process. */
export type ToWorker =
  | { readonly kind: "start"; readonly setup: WorkerSetup }
  | { readonly kind: "piece"; readonly id: number; readonly images: readonly ImageToRead[] };

/** A message from a worker process. Without an id, a failure is that of its start. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "rows"; readonly id: number; readonly rows: readonly ScoreRow[] }
  | { readonly kind: "failed"; readonly id: number | null; readonly error: SentError };

/** A job for a worker's image thread: to begin to read an image, to decode and prepare it, or to forget it. */
export type ReaderJob =
  | { readonly kind: "fetch"; readonly id: number; readonly image: ImageToRead }
  | { readonly kind: "prepare"; readonly id: number }
  | { readonly kind: "drop"; readonly id: number };

/** An image that has been read: prepared, or with the fault of its file. */
export interface ReadImage {
  /** Null if its bytes could not be read. */
  readonly sha256: string | null;
  readonly outcome: { readonly image: CheckedImage } | { readonly error: SentError };
}

/** What an image thread starts with. */
export interface ReaderThreadData {
  readonly gate: SharedArrayBuffer;
  readonly reading: ReadingOptions;
}
