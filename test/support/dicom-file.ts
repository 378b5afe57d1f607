/** Writes small DICOM files in explicit little endian, to be found, named and counted. */

/** Attributes by tag, such as `00080060`; a value representation and a value. */
export type Attributes = Readonly<Record<string, readonly [vr: string, value: string | Uint8Array | number]>>;

const LONG = new Set(["OB", "OW", "SQ", "UN", "UT"]);

function bytesOf(vr: string, value: string | Uint8Array | number): Uint8Array {
  if (typeof value === "number") return new Uint8Array(new Uint16Array([value]).buffer);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (bytes.length % 2 === 0) return bytes;
  return Uint8Array.from([...bytes, vr === "UI" || vr === "OB" ? 0 : 32]);
}

function element(tag: string, vr: string, value: string | Uint8Array | number): Uint8Array {
  const bytes = bytesOf(vr, value);
  const head = new Uint8Array(LONG.has(vr) ? 12 : 8);
  const view = new DataView(head.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  head.set(new TextEncoder().encode(vr), 4);
  if (LONG.has(vr)) view.setUint32(8, bytes.length, true);
  else view.setUint16(6, bytes.length, true);
  return Uint8Array.from([...head, ...bytes]);
}

const sorted = (attributes: Attributes): number[] =>
  Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([tag, [vr, value]]) => [...element(tag, vr, value)]);

export const DX = "1.2.840.10008.5.1.4.1.1.1.1";

/** The attributes of a picture of 8-bit grey. */
export function pictureAttributes(width = 16, height = 16): Attributes {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 251);
  return {
    "00080060": ["CS", "DX"],
    "00280002": ["US", 1],
    "00280004": ["CS", "MONOCHROME2"],
    "00280010": ["US", height],
    "00280011": ["US", width],
    "00280100": ["US", 8],
    "00280101": ["US", 8],
    "00280102": ["US", 7],
    "00280103": ["US", 0],
    "7fe00010": ["OB", pixels],
  };
}

/** How a file is written. */
interface FileOptions {
  readonly sopClass?: string;
  readonly uid?: string;
  readonly hasPreamble?: boolean;
  readonly attributes?: Attributes;
}

/** A DICOM file; by default a small picture. */
export function dicomFile({
  sopClass = DX,
  uid = "1.2.3.4.5",
  hasPreamble = true,
  attributes = pictureAttributes(),
}: FileOptions = {}): Uint8Array {
  const set = sorted({ "00080016": ["UI", sopClass], "00080018": ["UI", uid], ...attributes });
  if (!hasPreamble) return Uint8Array.from(set);
  const meta = sorted({
    "00020002": ["UI", sopClass],
    "00020003": ["UI", uid],
    "00020010": ["UI", "1.2.840.10008.1.2.1"],
  });
  return Uint8Array.from([...new Uint8Array(128), ...new TextEncoder().encode("DICM"), ...meta, ...set]);
}
