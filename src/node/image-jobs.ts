/**
 * What the main thread asks of the image thread, and what it is answered.
 *
 * Knows: types only, so that asking loads none of the code that answers.
 */

import type { ImageRequest, ImageSource } from "../engine/ports.ts";
import type { ErrorCode, ErrorDetails } from "../errors.ts";
import type { Preparation } from "../image/preparation.ts";
import type { PreparedImage, ReadingOptions } from "../image/prepare.ts";
import type { OverlayPlan } from "../report/overlay/plan.ts";

/** A picture of heatmaps to draw, over which image. */
export interface Drawing {
  readonly source: ImageSource;
  /** As the image was read for its prediction. */
  readonly reading?: ReadingOptions;
  readonly plan: OverlayPlan;
}

/** What a worker starts with. */
export interface WorkerData {
  /** Shared by all threads that decode (`node/decoder-gate.ts`). */
  readonly gate: SharedArrayBuffer;
}

/** What a worker is asked for. The preparation is sent once, when it is known. */
export type Job =
  | { readonly kind: "preparation"; readonly preparation: Preparation }
  | ({ readonly kind: "prepare"; readonly id: number } & ImageRequest)
  | { readonly kind: "draw"; readonly id: number; readonly drawing: Drawing };

/** What a worker answers: a value or a failure. */
export interface Reply {
  readonly id: number;
  readonly value?: PreparedImage | Uint8Array;
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
}
