/**
 * A DICOM file's bytes to its attributes.
 *
 * Knows:      the preamble, the file meta information and what follows. Not pixels.
 * Reference:  DICOM PS3.10, 7; pydicom 2.3 `dcmread(force=True)`, which this agrees with on files that break the rules.
 */

import { counted } from "../../text.ts";
import { startsWith } from "../bytes.ts";
import { damaged } from "./damaged.ts";
import { findElements } from "./data-set.ts";
import { type DataSource, dataSource, hasVr } from "./element.ts";
import { DicomElements } from "./elements.ts";
import { inflateDataSet } from "./inflate.ts";
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  transferSyntaxOf,
} from "./transfer-syntax.ts";

/** A DICOM file. */
export interface DicomFile {
  /** The file's transfer syntax, or the guessed one. */
  readonly transferSyntaxUid: string;
  /** The file meta information, group 0002; empty if the file has none. */
  readonly meta: DicomElements;
  readonly elements: DicomElements;
  /** How many bytes the last attribute lacks because the file ends. 0 in a whole file. */
  readonly missing: number;
  /** What was odd about the file: whole clauses without a full stop. */
  readonly notes: readonly string[];
}

const PREAMBLE = 128;

const groupOf = (tag: number): number => Math.floor(tag / 0x10000);

/** A part that consists of one group of little-endian attributes, and begins at `start`. */
function readGroup(source: DataSource, start: number, group: number, isExplicit: boolean): DicomElements {
  const span = { start, end: source.bytes.length, isExplicit: isExplicit && hasVr(source, start) };
  const found = findElements(source, span, (tag) => groupOf(tag) === group);
  return new DicomElements(source, span, undefined, found);
}

/** The transfer syntax of a data set without one, from its first attribute; as pydicom guesses. */
function guessSyntax(source: DataSource, at: number): string {
  if (!hasVr(source, at)) return IMPLICIT_LITTLE_ENDIAN;
  // A group of 4 to 255 in big endian reads as 1024 or more in little endian.
  return source.view.getUint16(at, true) >= 1024 ? EXPLICIT_BIG_ENDIAN : EXPLICIT_LITTLE_ENDIAN;
}

const NO_SYNTAX = "the file does not name its transfer syntax";

/** The data set that begins at `start`, with the other attributes inflated if need be. */
function readDataSet(whole: Uint8Array, start: number, uid: string) {
  const { isDeflated, isExplicit, isLittleEndian } = transferSyntaxOf(uid);
  const source = dataSource(isDeflated ? inflateDataSet(whole.subarray(start)) : whole, isLittleEndian);
  const from = isDeflated ? 0 : start;
  const isReallyExplicit = from + 6 <= source.bytes.length ? hasVr(source, from) : isExplicit;
  const span = { start: from, end: source.bytes.length, isExplicit: isReallyExplicit };
  const found = findElements(source, span);
  const notes = isReallyExplicit === isExplicit ? [] : [otherForm(isReallyExplicit)];
  const rest = source.bytes.subarray(found.end);
  // Files may be padded with zeros.
  if (rest.some((byte) => byte !== 0))
    notes.push(
      `${counted(rest.length, "byte")} after its last attribute were left out, as they are no attributes`,
    );
  return {
    elements: new DicomElements(source, span, undefined, found),
    missing: found.missing,
    notes,
  };
}

function otherForm(isExplicit: boolean): string {
  const words = isExplicit ? "do" : "do not";
  return `its attributes ${words} give their value representations, against what its transfer syntax says; they were read as they are`;
}

/**
 * Read a DICOM file: with or without preamble and file meta information, in implicit or explicit little endian, explicit
 * big endian, or deflated; pixels may be compressed in any way.
 *
 * @param bytes  The whole file. Not copied unless it is deflated; values are views of it.
 * @throws       XrayError `dicom/damaged` if no attribute can be read, or for nesting and counts that no file has. A
 *               file that is cut short is read as far as it goes: see `missing`.
 */
export async function readDicom(bytes: Uint8Array): Promise<DicomFile> {
  const hasPreamble = startsWith(bytes, "DICM", PREAMBLE);
  const source = dataSource(bytes, true);
  const meta = readGroup(source, hasPreamble ? PREAMBLE + 4 : 0, 2, true);
  const command = readGroup(source, meta.found.end, 0, false);
  const start = command.found.end;
  if (start >= bytes.length) throw damaged("it ends before its first attribute");
  const named = meta.text("x00020010");
  const uid = named ?? guessSyntax(source, start);
  const { elements, missing, notes } = readDataSet(bytes, start, uid);
  if (elements.found.byTag.size === 0) throw damaged("it has no attributes");
  const guessed = `${NO_SYNTAX}; it was read as ${transferSyntaxOf(uid).name}`;
  return {
    transferSyntaxUid: uid,
    meta,
    elements,
    missing,
    notes: named === undefined ? [guessed, ...notes] : notes,
  };
}
