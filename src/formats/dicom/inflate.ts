/**
 * Inflating the data set of a deflated file, into no more memory than a real one takes.
 *
 * Knows:      deflate streams, by fflate.
 * Reference:  DICOM PS3.5, A.5.
 */

import { Inflate } from "fflate";
import { byteSize } from "../../text.ts";
import { concatBytes } from "../bytes.ts";
import { damaged } from "./damaged.ts";

/** 64 megapixels of 16 bits, and attributes. */
const MAX_INFLATED = 160 * 1024 * 1024;

/** Bytes inflated at a time. Deflate expands them about a thousandfold at most. */
const STEP = 16 * 1024;

/**
 * Inflate a raw deflate stream. Bytes after its end are ignored.
 *
 * @throws  XrayError `dicom/damaged` if it cannot be inflated, or unpacks to more than `MAX_INFLATED`.
 */
export function inflateDataSet(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let isComplete = false;
  const stream = new Inflate((piece, isLast) => {
    size += piece.length;
    isComplete ||= isLast;
    if (size <= MAX_INFLATED) pieces.push(piece);
  });
  try {
    for (let at = 0; at < packed.length && !isComplete && size <= MAX_INFLATED; at += STEP) {
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw damaged(`its data set cannot be inflated (${reason})`);
  }
  if (size > MAX_INFLATED) throw damaged(`its data set unpacks to more than ${byteSize(MAX_INFLATED)}`);
  return concatBytes(pieces);
}
