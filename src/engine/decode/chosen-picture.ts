/**
 * Chooses which picture to read from a file that may hold several: a page, a frame, the first of many.
 *
 * Knows: how each format says how many it holds. Not how they are decoded.
 */

import { quote, XrayError } from "../../errors.ts";
import type { FileKind } from "../../formats/identify.ts";
import { jpegPictures } from "../../formats/pictures/jpeg.ts";
import { inspectPng } from "../../formats/pictures/png.ts";
import { webpFrames } from "../../formats/pictures/webp.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import { type ChosenPage, choosePage, type Glancer } from "./tiff-page.ts";

/** The kinds of pictures that can be read. */
export type PictureKind = "png" | "jpeg" | "tiff" | "webp";

export const PICTURE_KINDS: ReadonlySet<FileKind> = new Set<PictureKind>(["png", "jpeg", "tiff", "webp"]);

/**
 * Choose the picture to read.
 *
 * @param glance  Shrinks a page of a TIFF so that pages can be compared.
 * @throws        XrayError `raster/no-such-page`, or `raster/damaged` for a TIFF without pages.
 */
export async function choosePicture(
  kind: PictureKind,
  bytes: Uint8Array,
  { page }: ReadingOptions,
  glance: Glancer,
): Promise<ChosenPage> {
  if (kind === "tiff") return choosePage(bytes, page, glance);
  if (page !== undefined && page !== 1) {
    const message = `page ${page} was asked for, but a ${kind} file has no pages; leave the page out to read its first picture`;
    throw new XrayError("raster/no-such-page", message, { wanted: page, kind });
  }
  if (kind === "png") {
    const { bytes: arranged, frames, broken } = inspectPng(bytes);
    const notes = [
      ...(frames > 1 ? [`the file is an animation of ${frames} frames; the first was read`] : []),
      ...broken.map(
        (type) => `the checksum of the ${quote(type)} chunk is wrong; that chunk holds no samples`,
      ),
    ];
    return { bytes: arranged, steps: [], notes };
  }
  const count = kind === "jpeg" ? jpegPictures(bytes) : webpFrames(bytes);
  const what =
    kind === "jpeg" ? `the file holds ${count} pictures` : `the file is an animation of ${count} frames`;
  return { bytes, steps: [], notes: count > 1 ? [`${what}; the first was read`] : [] };
}
