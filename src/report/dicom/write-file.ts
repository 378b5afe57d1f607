/**
 * Data sets to the bytes of DICOM files, in explicit VR little endian with lengths that are all defined.
 *
 * A report has more than a thousand attributes in sequences of five levels, and is written on the main thread, which in
 * `predict` runs the network: docs/decisions.md says what dcmjs took for it.
 *
 * Knows:      the encoding. Not what attributes mean.
 * Reference:  DICOM PS3.10, 7.1 (File Meta Information); PS3.5, 7.1.2, 7.5 and A.2.
 */

import { VERSION } from "../../version.ts";
import { type Attribute, attribute, type DataSet, type Value, type Vr } from "./attributes.ts";
import { ByteWriter } from "./byte-writer.ts";
import { uidOf } from "./uids.ts";

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/** Text is written as UTF-8. */
const UTF_8 = "ISO_IR 192";

const PREAMBLE = 128;
const SPACE = 0x20;
const [ITEM_GROUP, ITEM_ELEMENT] = [0xfffe, 0xe000];

/** Value representations whose length takes four bytes. */
const LONG: ReadonlySet<Vr> = new Set<Vr>(["OB", "SQ", "UT"]);

/** Write something after its length in four bytes. */
function withLength(to: ByteWriter, write: () => void): void {
  const at = to.length;
  to.uint32(0);
  write();
  to.setUint32(at, to.length - at - 4);
}

function writeItem(to: ByteWriter, item: DataSet): void {
  to.uint16(ITEM_GROUP);
  to.uint16(ITEM_ELEMENT);
  withLength(to, () => writeSet(to, item));
}

/** Texts, separated by backslashes and padded to an even number of bytes. */
function writeTexts(to: ByteWriter, vr: Vr, values: readonly Value[]): void {
  const start = to.length;
  to.text(values.length === 1 ? (values[0] as string) : values.join("\\"));
  if ((to.length - start) % 2 === 1) to.uint8(vr === "UI" ? 0 : SPACE);
}

function writeBytes(to: ByteWriter, bytes: Uint8Array): void {
  to.bytes(bytes);
  if (bytes.length % 2 === 1) to.uint8(0);
}

function writeValue(to: ByteWriter, { vr, Value: values }: Attribute): void {
  if (vr === "SQ") for (const item of values) writeItem(to, item as DataSet);
  else if (vr === "OB") for (const bytes of values) writeBytes(to, bytes as Uint8Array);
  else if (vr === "US") for (const number of values) to.uint16(number as number);
  else if (vr === "UL") for (const number of values) to.uint32(number as number);
  else if (values.length > 0) writeTexts(to, vr, values);
}

function writeAttribute(to: ByteWriter, tag: string, made: Attribute): void {
  to.uint16(Number.parseInt(tag.slice(0, 4), 16));
  to.uint16(Number.parseInt(tag.slice(4), 16));
  to.text(made.vr);
  const at = to.length;
  to.uint16(0);
  if (LONG.has(made.vr)) {
    withLength(to, () => writeValue(to, made));
    return;
  }
  writeValue(to, made);
  to.setUint16(at, to.length - at - 2);
}

/** Attributes in the order of their tags. */
function writeSet(to: ByteWriter, set: DataSet): void {
  for (const tag of Object.keys(set).sort()) writeAttribute(to, tag, set[tag]!);
}

/**
 * A DICOM file.
 *
 * @param set  A whole data set but for its character set, under tags of eight capital digits. Its values are valid:
 *             nothing is checked again.
 */
export async function dicomFile(set: DataSet): Promise<Uint8Array> {
  const implementation = await uidOf("implementation");
  const to = new ByteWriter();
  to.bytes(new Uint8Array(PREAMBLE));
  to.text("DICM");
  writeAttribute(to, "00020000", attribute("UL", 0));
  const start = to.length;
  writeSet(to, {
    "00020001": attribute("OB", Uint8Array.of(0, 1)),
    "00020002": set["00080016"]!,
    "00020003": set["00080018"]!,
    "00020010": attribute("UI", EXPLICIT_LITTLE_ENDIAN),
    "00020012": attribute("UI", implementation),
    "00020013": attribute("SH", `MEDICAL-X ${VERSION}`.slice(0, 16)),
  });
  to.setUint32(start - 4, to.length - start);
  writeSet(to, { ...set, "00080005": attribute("CS", UTF_8) });
  return to.finish();
}
