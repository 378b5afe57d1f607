/**
 * What the main thread asks of the image thread, and what it is answered.
 *
 * Knows: types only, so that asking loads none of the code that answers.
 */

import type { ErrorCode, ErrorDetails } from "../errors.ts";
import type { Augmentation } from "../image/augment.ts";
import type { Region } from "../image/crop.ts";
import type { Preparation } from "../image/preparation.ts";
import type { PreparedImage, ReadingOptions } from "../image/prepare.ts";
import type { ColormapName } from "../report/colormap.ts";

/** An image: a path, or the bytes of an image file. */
export type ImageSource = string | Uint8Array;

/** A view of an image that is drawn at random: by which kind of variation, and from which stream of numbers. */
export interface ViewRequest {
  readonly kind: Exclude<Augmentation, "none">;
  readonly seed: number;
  readonly keys: readonly (string | number)[];
}

/** An image to prepare, as it is or varied. */
export interface ImageRequest {
  readonly source: ImageSource;
  readonly view?: ViewRequest;
  readonly reading?: ReadingOptions;
}

/** What a picture of heatmaps is made of. */
export interface OverlayPlan {
  readonly source: ImageSource;
  readonly reading?: ReadingOptions;
  /** Of a 16-bit sample, the bits that are used; 16 unless given. */
  readonly bits?: number;
  /** One per finding; at least one. */
  readonly panels: readonly {
    readonly map: Float32Array;
    readonly title: string;
    /** A second line, in smaller letters. */
    readonly remark?: string;
    /** Known places of the finding, in shares of the image's width and height. */
    readonly boxes: readonly Region[];
  }[];
  /** Extents of each map. */
  readonly height: number;
  readonly width: number;
  /** The part of the image that the maps cover, in its pixels. */
  readonly region: Region;
  readonly colormap: ColormapName;
  /** Longer side of a panel in pixels, at most; else the X-ray's own, and 512 of more than four panels. */
  readonly maxSize?: number;
  /** Whether title and scale are written on panels; they are unless said otherwise. */
  readonly isLabelled?: boolean;
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
  | { readonly kind: "draw"; readonly id: number; readonly plan: OverlayPlan };

/** What a worker answers: a value or a failure. */
export interface Reply {
  readonly id: number;
  readonly value?: PreparedImage | Uint8Array;
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
}
