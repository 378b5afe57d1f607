/**
 * What comes of an image of an archive.
 *
 * Knows: plain data.
 */

import type { ErrorCode } from "../../errors.ts";
import type { ResultObject } from "../../report/dicom/result-object.ts";

export type { ArchiveImage, ImageSourcePort, ResultTarget } from "../../node/archive/ports.ts";

/** What came of one image. */
export type ImageOutcome =
  | { readonly kind: "made"; readonly objects: readonly ResultObject[] }
  /** There is no result, and another attempt would give none either. The message names no patient and no UID. */
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly reason: string };
