/**
 * Saves the picture that preparation starts from: an X-ray at its own size, in 8-bit grey.
 *
 * Pipeline:   file → samples → 8 bits → **grey → PNG**
 * Knows:      files. How samples become 8 bits is known by `image/`.
 */

import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { MAX_IMAGE_BYTES } from "../../engine/limits.ts";
import { inFile, XrayError } from "../../errors.ts";
import { luma } from "../../image/colour.ts";
import { withBits } from "../../image/preparation.ts";
import { eightBits, type ReadingOptions } from "../../image/prepare.ts";
import { decodeImage } from "../../node/decode.ts";
import { checkNoFolder, readWhole, writeAtomically } from "../../node/files.ts";
import { encodeGreyPng } from "../../node/raster.ts";

/** How to read the file. */
export interface PictureOptions extends ReadingOptions {
  /** Number of bits in use in a 16-bit sample, 8 to 16; 16 by default. */
  readonly bits?: number;
}

/** What was saved. */
export interface SavedPicture {
  readonly width: number;
  readonly height: number;
  /** Every step from the file's samples to the picture, in words. */
  readonly steps: readonly string[];
  /** Notes on how the file was read. */
  readonly notes: readonly string[];
}

async function refuseOwnInput(file: string, target: string): Promise<void> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  if ((await real(file)) !== (await real(target))) return;
  throw new XrayError(
    "data/own-input",
    `${target}: the picture would replace the file that it is made from; name another file`,
    { file: target },
  );
}

/**
 * Save an image as an 8-bit grey PNG of its own size.
 *
 * Colours become grey as PIL's `convert("L")` does it, and 16 bits become 8 as for a network.
 *
 * @param file    PNG, JPEG, TIFF, WebP or DICOM.
 * @param target  A `.png` file. An existing one is replaced.
 * @throws        XrayError `data/own-input`, `raster/…`, `dicom/…`, `file/…`.
 */
export async function savePicture(
  file: string,
  target: string,
  { bits, ...reading }: PictureOptions = {},
): Promise<SavedPicture> {
  await refuseOwnInput(file, target);
  await checkNoFolder(target);
  try {
    const image = await decodeImage(await readWhole(file, MAX_IMAGE_BYTES), reading);
    const { eight, raster } = eightBits(image, withBits([], bits));
    const { width, height, channels, data } = raster;
    const grey = channels === 3 ? luma(data) : data;
    await writeAtomically(target, [await encodeGreyPng(width, height, grey)]);
    return {
      width,
      height,
      steps: [...image.steps, ...eight.steps, ...(channels === 3 ? ["grey"] : [])],
      notes: [...image.notes, ...eight.notes],
    };
  } catch (error) {
    throw inFile(file, error);
  }
}
