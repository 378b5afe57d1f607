/**
 * What a JPEG 2000 codestream says about its picture, and whether the stream is whole.
 *
 * Knows:      markers and lengths of tile parts. Not coefficients.
 * Reference:  ITU-T T.800, annex A (codestream) and annex I (boxes); ITU-T T.814 for high throughput, which has the same
 *             structure; ITU-T T.801, A.2.1, for what a stream of Part 2 says about itself.
 */

const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const EOC = 0xffd9;

/** Bits of Rsiz in a stream of Part 2 that transforms components by matrices or wavelets of its own. */
const MULTICOMPONENT = 0x8100;

/** The most tiles that ISO/IEC 15444-1 allows. */
const MOST_TILES = 65_535;

/** The picture of a codestream. */
export interface Codestream {
  /** The codestream alone, without the boxes of a JP2 file. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly components: readonly {
    readonly bits: number;
    readonly isSigned: boolean;
    /** Whether there is a sample for every pixel. */
    readonly isFull: boolean;
  }[];
  readonly tiles: number;
  /** Whether its components may be mixed by transforms of Part 2 (ITU-T T.801, annex J), of which Part 1 knows none. */
  readonly isMulticomponent: boolean;
  /** What is wrong with the structure; undefined for a whole stream. */
  readonly fault: string | undefined;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** The contents of the box `jp2c`; the same bytes if they are no JP2 file. */
function unboxed(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  if (bytes.length < 12 || view.getUint32(0) !== 12 || view.getUint32(4) !== 0x6a502020) return bytes;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x6a703263) {
      return bytes.subarray(at + 8, length === 0 ? bytes.length : at + length);
    }
    if (length < 8) return bytes;
    at += length;
  }
  return bytes;
}

/** What is wrong with the tile parts from `at` on. Each names its length, so that they can be followed to the end. */
function faultOfTiles(view: DataView, at: number): string | undefined {
  let parts = 0;
  for (let from = at; ; parts++) {
    if (from + 2 > view.byteLength) return "it ends before its end marker";
    const marker = view.getUint16(from);
    if (marker === EOC) return parts === 0 ? "it has no tiles" : undefined;
    if (marker !== SOT) return "its tile parts do not follow one another";
    if (from + 12 > view.byteLength) return "it ends within the header of a tile part";
    const length = view.getUint32(from + 6);
    // 0 is allowed for the last part: it reaches up to the end marker.
    if (length === 0) return endsWithEoc(view) ? undefined : "it ends before its end marker";
    if (length < 14) return "a tile part is shorter than its header";
    if (from + length > view.byteLength) {
      return `${from + length - view.byteLength} bytes of its last tile part are missing`;
    }
    from += length;
  }
}

/** Whether the stream ends with EOC, followed by no more than a byte of padding. */
function endsWithEoc(view: DataView): boolean {
  const end = view.byteLength;
  return (
    (end > 1 && view.getUint16(end - 2) === EOC) ||
    (end > 2 && view.getUint8(end - 1) === 0 && view.getUint16(end - 3) === EOC)
  );
}

/** Where the first tile part begins; undefined if the main header does not lead there. */
function firstTile(view: DataView): number | undefined {
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker === SOT) return at;
    const length = view.getUint16(at + 2);
    if (marker < 0xff00 || length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/**
 * Read the header of a codestream, and follow its tile parts.
 *
 * @returns  Undefined if it does not begin with SOC and SIZ.
 */
export function readCodestream(file: Uint8Array): Codestream | undefined {
  const bytes = unboxed(file);
  const view = viewOf(bytes);
  if (bytes.length < 42 || view.getUint16(0) !== SOC || view.getUint16(2) !== SIZ) return undefined;
  const count = view.getUint16(40);
  if (bytes.length < 42 + 3 * count) return undefined;
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(at)) as [
    number,
    number,
    number,
    number,
  ];
  const components = Array.from({ length: count }, (_, i) => {
    const depth = view.getUint8(42 + 3 * i);
    const isFull = view.getUint8(43 + 3 * i) === 1 && view.getUint8(44 + 3 * i) === 1;
    return { bits: (depth & 0x7f) + 1, isSigned: depth > 0x7f, isFull };
  });
  const [across, down] = [view.getUint32(24), view.getUint32(28)];
  const [tilesLeft, tilesTop] = [view.getUint32(32), view.getUint32(36)];
  const tiles = Math.ceil((right - tilesLeft) / across) * Math.ceil((bottom - tilesTop) / down);
  // T.800, B.3: the first tile holds the picture's upper left corner. A decoder may never end where it does not.
  const isCovered =
    tilesLeft <= left && tilesTop <= top && tilesLeft + across > left && tilesTop + down > top;
  const at = firstTile(view);
  const fault = !(isCovered && tiles >= 1 && tiles <= MOST_TILES)
    ? "its tiles have an impossible size or place"
    : at === undefined
      ? "its header does not lead to its tiles"
      : faultOfTiles(view, at);
  const isMulticomponent = (view.getUint16(6) & MULTICOMPONENT) === MULTICOMPONENT;
  return { bytes, width: right - left, height: bottom - top, components, tiles, isMulticomponent, fault };
}
