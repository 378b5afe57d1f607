/**
 * Where things lie in a sound DICOM file, so that a mutation can hit them: elements, lengths, fragments.
 *
 * Knows:      the encoding of data sets, on its own account: the product's reader is what is tested.
 * Reference:  DICOM PS3.5 7 (data sets) and A.4 (encapsulated pixel data), PS3.10 7 (file meta information).
 */

/** Where an element, an item or a fragment lies. */
export interface Place {
  /** Such as `7fe00010`. */
  readonly tag: string;
  readonly at: number;
  readonly lengthAt: number;
  /** 2 or 4 bytes. */
  readonly lengthWidth: number;
  readonly valueAt: number;
  /** 0xffffffff where it is undefined. */
  readonly length: number;
}

export interface DicomMap {
  readonly isBig: boolean;
  readonly isImplicit: boolean;
  readonly elements: readonly Place[];
  /** The pieces of pixel data: one if they are native, the offset table first if they are encapsulated. */
  readonly pixels: readonly Place[];
  readonly isEncapsulated: boolean;
}

const PREAMBLE = 132;
const UNDEFINED = 0xffffffff;
/** VRs whose length has 4 bytes, after 2 that are reserved. */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const IMPLICIT = "1.2.840.10008.1.2";
const BIG = "1.2.840.10008.1.2.2";
const DEFLATED = "1.2.840.10008.1.2.1.99";

interface Encoding {
  readonly isBig: boolean;
  readonly isImplicit: boolean;
}

function placeAt(bytes: Uint8Array, at: number, { isBig, isImplicit }: Encoding): Place {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hex = (from: number): string => view.getUint16(from, !isBig).toString(16).padStart(4, "0");
  const tag = hex(at) + hex(at + 2);
  if (isImplicit || tag.startsWith("fffe")) {
    const length = view.getUint32(at + 4, !isBig);
    return { tag, at, lengthAt: at + 4, lengthWidth: 4, valueAt: at + 8, length };
  }
  if (LONG.has(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!))) {
    const length = view.getUint32(at + 8, !isBig);
    return { tag, at, lengthAt: at + 8, lengthWidth: 4, valueAt: at + 12, length };
  }
  const length = view.getUint16(at + 6, !isBig);
  return { tag, at, lengthAt: at + 6, lengthWidth: 2, valueAt: at + 8, length };
}

const isSequence = (bytes: Uint8Array, { tag, at, length }: Place): boolean =>
  tag === "fffee000" || length === UNDEFINED || (bytes[at + 4] === 0x53 && bytes[at + 5] === 0x51);

/** Map a sound file with a preamble. */
export function mapDicom(bytes: Uint8Array): DicomMap {
  const elements: Place[] = [];
  const pixels: Place[] = [];
  let encoding: Encoding = { isBig: false, isImplicit: false };
  let syntax = "";
  let isEncapsulated = false;
  for (let at = PREAMBLE, inMeta = true; at + 8 <= bytes.length; ) {
    if (inMeta && bytes[at] !== 2) {
      inMeta = false;
      encoding = { isBig: syntax === BIG, isImplicit: syntax === IMPLICIT };
      if (syntax === DEFLATED) {
        const length = bytes.length - at;
        pixels.push({ tag: "7fe00010", at, lengthAt: at, lengthWidth: 4, valueAt: at, length });
        break;
      }
    }
    const place = placeAt(bytes, at, encoding);
    elements.push(place);
    const { tag, valueAt, length } = place;
    const value = bytes.subarray(valueAt, valueAt + length);
    if (tag === "00020010") syntax = new TextDecoder().decode(value).replace(/\0$/, "");
    if (tag === "7fe00010") isEncapsulated = length === UNDEFINED;
    const isPixels = (tag === "7fe00010" && !isEncapsulated) || (tag === "fffee000" && isEncapsulated);
    if (isPixels) pixels.push(place);
    at = !isPixels && (isSequence(bytes, place) || tag.startsWith("fffe")) ? valueAt : valueAt + length;
  }
  return { ...encoding, elements, pixels, isEncapsulated };
}
