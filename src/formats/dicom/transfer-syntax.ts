/**
 * Transfer syntaxes: how a file's attributes and its pixels are encoded.
 *
 * Knows:      UIDs. Not how frames are decoded.
 * Reference:  DICOM PS3.5, 10 and Annex A; PS3.6, table A-1.
 */

/** How frames are compressed. `none` is for native pixels. */
export type FrameCodec = "none" | "rle" | "jpeg" | "jpeg-ls" | "jpeg-2000" | "htj2k" | "other";

/** A transfer syntax. */
export interface TransferSyntax {
  /** For receipts and messages. */
  readonly name: string;
  /** Whether attributes give their value representations. */
  readonly isExplicit: boolean;
  /** Byte order of the attributes. */
  readonly isLittleEndian: boolean;
  /** Byte order of native pixels, which differs from that of the attributes in one syntax only. */
  readonly hasLittleEndianPixels: boolean;
  readonly isDeflated: boolean;
  /** Whether the pixels are compressed and stored in fragments. */
  readonly isEncapsulated: boolean;
  readonly codec: FrameCodec;
  readonly isLossy: boolean;
}

const NATIVE = {
  isExplicit: true,
  isLittleEndian: true,
  hasLittleEndianPixels: true,
  isDeflated: false,
  isEncapsulated: false,
  codec: "none",
  isLossy: false,
} as const;

const compressed = (name: string, codec: FrameCodec, isLossy = false): TransferSyntax => ({
  ...NATIVE,
  name,
  codec,
  isLossy,
  isEncapsulated: true,
});

export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
export const EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2";

const LOSSY = true;

const SYNTAXES: ReadonlyMap<string, TransferSyntax> = new Map([
  [IMPLICIT_LITTLE_ENDIAN, { ...NATIVE, name: "implicit little endian", isExplicit: false }],
  [EXPLICIT_LITTLE_ENDIAN, { ...NATIVE, name: "explicit little endian" }],
  ["1.2.840.10008.1.2.1.99", { ...NATIVE, name: "deflated explicit little endian", isDeflated: true }],
  [
    EXPLICIT_BIG_ENDIAN,
    { ...NATIVE, name: "explicit big endian", isLittleEndian: false, hasLittleEndianPixels: false },
  ],
  [
    "1.2.840.113619.5.2",
    {
      ...NATIVE,
      name: "implicit little endian with big endian pixels",
      isExplicit: false,
      hasLittleEndianPixels: false,
    },
  ],
  ["1.2.840.10008.1.2.5", compressed("RLE", "rle")],
  ["1.2.840.10008.1.2.4.50", compressed("JPEG baseline", "jpeg", LOSSY)],
  ["1.2.840.10008.1.2.4.51", compressed("JPEG extended", "jpeg", LOSSY)],
  ["1.2.840.10008.1.2.4.57", compressed("JPEG lossless", "jpeg")],
  ["1.2.840.10008.1.2.4.70", compressed("JPEG lossless", "jpeg")],
  ["1.2.840.10008.1.2.4.80", compressed("JPEG-LS lossless", "jpeg-ls")],
  ["1.2.840.10008.1.2.4.81", compressed("JPEG-LS near-lossless", "jpeg-ls", LOSSY)],
  ["1.2.840.10008.1.2.4.90", compressed("JPEG 2000 lossless", "jpeg-2000")],
  ["1.2.840.10008.1.2.4.91", compressed("JPEG 2000", "jpeg-2000", LOSSY)],
  ["1.2.840.10008.1.2.4.92", compressed("JPEG 2000 multi-component lossless", "jpeg-2000")],
  ["1.2.840.10008.1.2.4.93", compressed("JPEG 2000 multi-component", "jpeg-2000", LOSSY)],
  ["1.2.840.10008.1.2.4.201", compressed("HTJ2K lossless", "htj2k")],
  ["1.2.840.10008.1.2.4.202", compressed("HTJ2K lossless RPCL", "htj2k")],
  ["1.2.840.10008.1.2.4.203", compressed("HTJ2K", "htj2k", LOSSY)],
]);

/** Syntaxes that are recognised, so that messages can name them, but whose frames nothing here decodes. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ["1.2.840.10008.1.2.4.94", "JPIP referenced"],
  ["1.2.840.10008.1.2.4.95", "JPIP referenced deflated"],
  ["1.2.840.10008.1.2.4.100", "MPEG-2"],
  ["1.2.840.10008.1.2.4.101", "MPEG-2"],
  ["1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264"],
  ["1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264"],
  ["1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264"],
  ["1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264"],
  ["1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264"],
  ["1.2.840.10008.1.2.4.107", "HEVC/H.265"],
  ["1.2.840.10008.1.2.4.108", "HEVC/H.265"],
  ["1.2.840.10008.1.2.4.110", "JPEG XL lossless"],
  ["1.2.840.10008.1.2.4.111", "JPEG XL JPEG recompression"],
  ["1.2.840.10008.1.2.4.112", "JPEG XL"],
]);

/** A transfer syntax by its UID. One that is not in the tables is taken for an encapsulated one, as by pydicom. */
export const transferSyntaxOf = (uid: string): TransferSyntax =>
  SYNTAXES.get(uid) ?? compressed(OTHERS.get(uid) ?? "unknown", "other");
