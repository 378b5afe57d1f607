/**
 * The kind of a file, judged by its first bytes.
 *
 * Knows: signatures. Not contents.
 */

import { startsWith } from "./bytes.ts";
import { beginsAsDataSet, hasDicomPrefix } from "./dicom-signature.ts";
import { isOnnx } from "./onnx-signature.ts";

export type FileKind =
  | "png"
  | "jpeg"
  | "tiff"
  | "webp"
  | "bmp"
  | "gif"
  | "dicom"
  | "zip"
  | "pickle"
  | "onnx"
  | "git-lfs"
  | "html"
  | "empty"
  | "unknown";

/** Each kind's signature, from the format's own specification. */
const SIGNATURES: readonly (readonly [FileKind, (bytes: Uint8Array) => boolean])[] = [
  ["empty", (b) => b.length === 0],
  // Before the others: the preamble of a DICOM file may be the beginning of another kind, such as TIFF.
  ["dicom", hasDicomPrefix],
  ["png", (b) => startsWith(b, "\x89PNG\r\n\x1a\n")],
  ["jpeg", (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff],
  [
    "tiff",
    (b) =>
      startsWith(b, "II*\0") || startsWith(b, "MM\0*") || startsWith(b, "II+\0") || startsWith(b, "MM\0+"),
  ],
  ["webp", (b) => startsWith(b, "RIFF") && startsWith(b, "WEBP", 8)],
  ["gif", (b) => startsWith(b, "GIF8")],
  ["git-lfs", (b) => startsWith(b, "version https://git-lfs.github.com/spec/")],
  ["zip", (b) => startsWith(b, "PK\x03\x04") || startsWith(b, "PK\x05\x06")],
  ["pickle", (b) => b[0] === 0x80 && b[1]! <= 5],
  ["onnx", isOnnx],
  [
    "html",
    (b) => /^\s*<(?:!doctype html|html|\?xml|head|body)/i.test(String.fromCharCode(...b.subarray(0, 64))),
  ],
  ["bmp", (b) => startsWith(b, "BM")],
  ["dicom", beginsAsDataSet],
];

/** The kind of a file, or `unknown` if no signature fits. */
export function identify(bytes: Uint8Array): FileKind {
  return SIGNATURES.find(([, fits]) => fits(bytes))?.[0] ?? "unknown";
}

/** What a file of an unexpected kind is, and the way on; undefined for kinds about which there is nothing to say. */
export function explainKind(kind: FileKind): string | undefined {
  const words: Partial<Record<FileKind, string>> = {
    empty: "the file is empty",
    "git-lfs": "a git-lfs pointer, not the file itself; run `git lfs pull` where it came from",
    html: "a web page, not the file itself; the download was answered with a page",
    dicom: "a DICOM file, which holds images or reports and no model",
    zip: "a zip archive; unpack it first",
    pickle: "a pickle, such as a checkpoint, and no image",
    onnx: "an ONNX file, which holds a network and no image",
    bmp: "a BMP image, which is not read; convert it to PNG",
    gif: "a GIF image, which is not read; convert it to PNG",
  };
  return words[kind];
}
