/**
 * The value representations of the attributes that are read here, for files that do not give them.
 *
 * Knows:      tags. `US/SS` is signed if the pixels are.
 * Reference:  DICOM PS3.6, table 6-1.
 */

/** Tags by value representation. Attributes that are not listed are read as text (`LO`). */
const TAGS_OF: Readonly<Record<string, readonly number[]>> = {
  CS: [
    ...[0x00080005, 0x00080008, 0x00080060, 0x00080064, 0x00080068, 0x00041430, 0x00041500],
    ...[0x00180015, 0x00185101, 0x00200020, 0x00200060, 0x00200062],
    ...[0x00280004, 0x00280301, 0x00280a02, 0x00281040, 0x00281056, 0x00282110, 0x00282114, 0x20500020],
  ],
  UI: [0x00020002, 0x00020003, 0x00020010, 0x00080016, 0x00080018, 0x0020000d, 0x0020000e],
  US: [
    ...[0x00041410, 0x00280002, 0x00280006, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102],
    ...[0x00280103, 0x60000010, 0x60000011, 0x60000100],
  ],
  SS: [0x00281041, 0x60000050],
  "US/SS": [
    ...[0x00280106, 0x00280107, 0x00280108, 0x00280109, 0x00280120, 0x00280121],
    ...[0x00281101, 0x00281102, 0x00281103, 0x00283002],
  ],
  OW: [0x00281201, 0x00281202, 0x00281203, 0x00283006, 0x60003000, 0x7fe00010],
  OV: [0x7fe00001, 0x7fe00002],
  IS: [0x00200011, 0x00200013, 0x00280008, 0x00280034],
  DS: [0x00181164, 0x00280030, 0x00281050, 0x00281051, 0x00281052, 0x00281053],
  PN: [0x00080090, 0x00081048, 0x00081050, 0x00081060, 0x00081070, 0x00100010, 0x00101001, 0x00101005],
  LT: [0x001021b0, 0x00104000, 0x00184000, 0x00204000],
  ST: [0x00080081, 0x00082111],
  SQ: [0x00041220, 0x00082218, 0x00082228, 0x00540220, 0x00283000, 0x00283010],
};

const VR_OF: ReadonlyMap<number, string> = new Map(
  Object.entries(TAGS_OF).flatMap(([vr, tags]) => tags.map((tag) => [tag, vr] as const)),
);

/**
 * The value representation to read an attribute by: the file's, unless it is unknown (`UN`) or missing.
 *
 * @param isSigned  Whether the file's pixels are signed.
 */
export function vrOf(tag: number, given: string | undefined, isSigned: boolean): string {
  if (given !== undefined && given !== "UN") return given;
  const known = VR_OF.get(tag) ?? "LO";
  if (known !== "US/SS") return known;
  return isSigned ? "SS" : "US";
}
