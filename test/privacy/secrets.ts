/**
 * DICOM files whose headers are full of what must not come out again: made-up persons, dates, numbers, UIDs, free text.
 *
 * Knows: which attributes tell of a person or a place. Pixels come from the examples.
 */

import { concat, latin1, u16, u32 } from "../hostile/builders/bytes.ts";
import { dicomFile, EXPLICIT, element, item, PIXEL_DATA, short, text } from "../hostile/builders/dicom.ts";

/** Attributes before group 0028 by tag, with their VRs and secret values, which occur nowhere else. */
const PLANTED: readonly (readonly [number, string, string])[] = [
  [0x00080012, "DA", "19470213"],
  [0x00080018, "UI", "1.2.826.0.1.7778881"],
  [0x00080020, "DA", "19470214"],
  [0x00080030, "TM", "174913.77"],
  [0x00080050, "SH", "ACC7391846"],
  [0x00080080, "LO", "Sankt Planted Hospital"],
  [0x00080081, "ST", "Plantedstreet 12, Plantedtown"],
  [0x00080090, "PN", "Refersecret^Rita"],
  [0x00081010, "SH", "STATSECRET9"],
  [0x00081030, "LO", "Thorax studysecret portable"],
  [0x0008103e, "LO", "AP seriessecret bed 7"],
  [0x00081040, "LO", "Wardsecret"],
  [0x00081048, "PN", "Physisecret^Phil"],
  [0x00081050, "PN", "Perfsecret^Paul"],
  [0x00081070, "PN", "Opersecret^Olga"],
  [0x00082111, "ST", "derived by derivsecret"],
  [0x00100010, "PN", "Namesecret^Nora^Quark"],
  [0x00100020, "LO", "PID8264193"],
  [0x00100030, "DA", "19311107"],
  [0x00100032, "TM", "031507.88"],
  [0x00101000, "LO", "OTHERID5512"],
  [0x00101001, "PN", "Alias^Aliasecret"],
  [0x00101005, "PN", "Birthsecret^Berta"],
  [0x00101040, "LO", "Addresssecret 5"],
  [0x00102154, "SH", "+49 555 771188"],
  [0x001021b0, "LT", "historysecret of smoking"],
  [0x00104000, "LT", "commentsecret, allergic"],
  [0x00181000, "LO", "SERIALSECRET31"],
  [0x00181030, "LO", "protocolsecret"],
  [0x00181400, "LO", "processsecret"],
  [0x0020000d, "UI", "1.2.826.0.1.7778882"],
  [0x0020000e, "UI", "1.2.826.0.1.7778883"],
  [0x00200010, "SH", "STUDYID4417"],
  [0x00200052, "UI", "1.2.826.0.1.7778884"],
  [0x00204000, "LT", "imagesecret, rotated"],
];

/** Attributes between the image's description and its pixels. */
const PLANTED_AFTER: readonly (readonly [number, string, string])[] = [
  [0x00281055, "LO", "windowsecret"],
  [0x00321032, "PN", "Reqsecret^Rolf"],
  [0x00321060, "LO", "requestsecret"],
  [0x00380300, "LO", "bedsecret 12"],
  [0x00400253, "SH", "STEPSECRET88"],
  [0x00400254, "LO", "performedsecret"],
];

/** In items of sequences: of a referenced study, and of the anatomic region, whose meaning is free text. */
const REFERENCED_UID = "1.2.826.0.1.7778885";
const REGION_MEANING = "Chest regionsecret";
const PRIVATE = "privatesecret value";

/** The SOP Instance UID of the n-th file. */
export const instanceUid = (n: number): string => `1.2.826.0.1.7778881.${n}`;

/** All that must not be found in anything that is written, in the parts by which it could be recognised. */
export const SECRETS: readonly string[] = [
  ...[...PLANTED, ...PLANTED_AFTER].flatMap(([, vr, value]) =>
    vr === "PN" ? value.split("^").slice(0, 1) : [value],
  ),
  ...["Aliasecret", REFERENCED_UID, REGION_MEANING, PRIVATE],
  // Without the words around them.
  ...[
    "Planted",
    "studysecret",
    "seriessecret",
    "derivsecret",
    "historysecret",
    "commentsecret",
    "imagesecret",
  ],
];

const planted = (rows: typeof PLANTED, n: number): Uint8Array[] =>
  rows.map(([tag, vr, value]) => text(tag, vr, tag === 0x00080018 ? instanceUid(n) : value));

const even = (value: string): Uint8Array => latin1(value.length % 2 === 0 ? value : `${value} `);

/** A grey picture of 8 bits as a DICOM file full of secrets. */
export function secretDicom(n: number, width: number, height: number, pixels: Uint8Array): Uint8Array {
  const before = planted(PLANTED, n);
  const at = PLANTED.findIndex(([tag]) => tag > 0x00080060);
  const coded = [text(0x00080060, "CS", "DX")];
  const inGroup8 = PLANTED.findIndex(([tag]) => tag > 0x0008ffff);
  const sequences = [
    element(0x00081110, "SQ", item(text(0x00081155, "UI", REFERENCED_UID))),
    element(
      0x00082218,
      "SQ",
      item(
        concat(
          text(0x00080100, "SH", "51185008"),
          text(0x00080102, "SH", "SCT"),
          text(0x00080104, "LO", REGION_MEANING),
        ),
      ),
    ),
  ];
  const inGroup18 = PLANTED.findIndex(([tag]) => tag >= 0x00181000);
  return dicomFile(
    EXPLICIT,
    ...before.slice(0, at),
    ...coded,
    ...before.slice(at, inGroup8),
    ...sequences,
    element(0x00090010, "LO", latin1("MAKER1")),
    element(0x00091001, "LO", even(PRIVATE)),
    ...before.slice(inGroup8, inGroup18),
    text(0x00180015, "CS", "CHEST"),
    ...before.slice(inGroup18),
    short(0x00280002, 1),
    text(0x00280004, "CS", "MONOCHROME2"),
    ...[short(0x00280010, height), short(0x00280011, width), short(0x00280100, 8), short(0x00280101, 8)],
    ...[short(0x00280102, 7), short(0x00280103, 0)],
    text(0x00281050, "DS", "128"),
    text(0x00281051, "DS", "256"),
    ...planted(PLANTED_AFTER, n),
    element(PIXEL_DATA, "OW", pixels.length % 2 === 0 ? pixels : concat(pixels, u16(0).subarray(1))),
  );
}

/** The same file, damaged where its secrets are: cut, with lengths that reach into them, and under other syntaxes. */
export function damagedDicoms(bytes: Uint8Array): readonly Uint8Array[] {
  const name = Buffer.from(bytes).indexOf("Namesecret");
  const id = Buffer.from(bytes).indexOf("PID8264193");
  const modality = Buffer.from(bytes).indexOf("CS\x02\x00DX");
  const changed = (at: number, value: Uint8Array): Uint8Array =>
    concat(bytes.subarray(0, at), value, bytes.subarray(at + value.length));
  return [
    // Cut within a name, after it, and within the pixels.
    ...[name + 5, name + 40, id + 3, bytes.length - 1000].map((end) => bytes.subarray(0, end)),
    // A name that is too long or too short, so that what follows is read as attributes.
    ...[2, 6, 60, 250].map((length) => changed(name - 2, u16(length))),
    ...[1, 2, 4, 8].map((length) => changed(id - 2, u16(length))),
    // The number of the patient, called a modality, a body part, a view, a photometric interpretation, an orientation.
    ...[0x00080060, 0x00180015, 0x00185101, 0x00280004, 0x00200020, 0x00280301, 0x00080068, 0x00280010].map(
      (tag) => changed(id - 8, concat(u16(tag >>> 16), u16(tag & 0xffff))),
    ),
    // The name, called the same.
    ...[0x00080060, 0x00180015, 0x00185101, 0x00280004, 0x00281056, 0x00280008].map((tag) =>
      changed(name - 8, concat(u16(tag >>> 16), u16(tag & 0xffff))),
    ),
    // Lengths of which no file has enough.
    changed(modality + 2, u16(0xfffe)),
    changed(name - 4, latin1("UN")),
    concat(bytes.subarray(0, bytes.length - 4), u32(0)),
  ];
}
