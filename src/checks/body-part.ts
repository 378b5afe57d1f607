/**
 * Check: is the chest the part of the body that the header names?
 *
 * Reads:      Body Part Examined (0018,0015) and Anatomic Region Sequence (0008,2218).
 * Reliable:   not very. Body Part Examined is wrong in 15 % of images (doi 10.1117/12.467017), because devices fill it
 *             in from the protocol that was chosen; it may be empty. In the chest X-rays of Kaggle's SIIM-FISABIO-RSNA
 *             challenge it also says SKULL and ABDOMEN, and `PORT CHEST`, `2- TORAX` and `Pecho` for the chest. So this
 *             check only warns.
 * Reference:  DICOM PS3.16 Annex L and CID 4: 51185008 and 816094009 (SCT), T-D3000 (SRT) chest; 39607008 lung; the
 *             others are regions that go beyond the chest.
 */

import { quote } from "../errors.ts";
import type { CodedEntry, DicomFacts } from "../formats/dicom/facts.ts";
import type { Check, CheckOutcome } from "./check.ts";

/** The chest itself and the lung. */
const CHEST_CODES = ["51185008", "816094009", "T-D3000", "39607008", "T-28000"];

/** Chest and abdomen, with the pelvis; neck and chest, with the abdomen, with the pelvis. */
const WIDER_CODES = [
  ...["416550000", "416775004", "417437006", "416152001", "416319003"],
  ...["R-FAB55", "R-FAB56", "R-FAB52", "R-FAB53", "R-FAB54"],
];

/** `CHEST`, `PORT CHEST`, `THORAX`, `TÓRAX`, `Pecho`, `LUNGS`. `TRAX` is left of a Torax whose accented letter is lost. */
const CHEST_WORDS = /CHEST|CHST|THORAX|TO?RAX|PECHO|LUNG/;
/** What makes it more than the chest, as in `CHESTABDPELVIS`, `CHEST_TO_PELVIS` or `NECKCHEST`. */
const WIDER_WORDS = /ABD|PELV|NECK|HEAD|SPINE/;
/** Terms that a reason may repeat: the commonest of annex L, and values that were found in chest X-rays. */
const TERMS = new Set([
  ...["CHEST", "LUNG", "LUNGS", "THORAX", "TORAX", "2- TORAX", "PECHO", "PORT CHEST", "CHEST PA", "CHEST AP"],
  ...["CHESTABDOMEN", "CHEST_ABDOMEN", "CHESTABDPELVIS", "CHEST_TO_PELVIS", "NECKCHEST", "NECKCHESTABDOMEN"],
  ...[
    "ABDOMEN",
    "ABDOMENPELVIS",
    "ANKLE",
    "ARM",
    "BREAST",
    "CLAVICLE",
    "CSPINE",
    "ELBOW",
    "EXTREMITY",
    "FEMUR",
  ],
  ...[
    "FINGER",
    "FOOT",
    "FOREARM",
    "HAND",
    "HEAD",
    "HEART",
    "HIP",
    "HUMERUS",
    "JAW",
    "KNEE",
    "LEG",
    "LSPINE",
    "NECK",
  ],
  ...[
    "PELVIS",
    "RIB",
    "RIBS",
    "SCAPULA",
    "SHOULDER",
    "SKULL",
    "SPINE",
    "STERNUM",
    "THIGH",
    "TOE",
    "TSPINE",
    "WRIST",
  ],
  ...["WHOLEBODY"],
]);

/** Words that stand for no part of the body. */
const NO_PART = /^(?:UNKNOWN|OTHER|NONE|NA|DEFAULT|SERVICE)?$/;

type Part = "chest" | "wider" | "other";

const check = (outcome: CheckOutcome, reason: string): Check => ({ check: "body-part", outcome, reason });

/** What Body Part Examined means, or undefined if it names nothing. */
function partOf(value: string | undefined): Part | undefined {
  const letters = (value ?? "")
    .normalize("NFD")
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, "");
  if (NO_PART.test(letters)) return undefined;
  if (!CHEST_WORDS.test(letters)) return "other";
  return WIDER_WORDS.test(letters) ? "wider" : "chest";
}

/** What the codes of regions mean together, or undefined if there is none. */
function regionOf(codes: readonly CodedEntry[]): Part | undefined {
  const isChest = codes.some(({ value }) => CHEST_CODES.includes(value));
  const isWider = codes.some(({ value }) => WIDER_CODES.includes(value));
  if (isWider) return "wider";
  if (isChest) return codes.every(({ value }) => CHEST_CODES.includes(value)) ? "chest" : "wider";
  return codes.length === 0 ? undefined : "other";
}

const MEANS: Readonly<Record<Part, string>> = {
  chest: "the chest",
  wider: "more than the chest",
  other: "a part of the body other than the chest",
};

/** A part in quotes if it is a known term, or what it means: other texts could name the patient. */
function saidBy(value: string, part: Part): string {
  const term = value.trim().toUpperCase();
  return TERMS.has(term) ? `is ${quote(term)}` : `names ${MEANS[part]}`;
}

/** @param facts  The header; undefined for a picture that is no DICOM file. */
export function bodyPart(facts: DicomFacts | undefined): Check {
  if (facts === undefined) return check("unknown", "The body part is unknown: the file is not DICOM.");
  const part = partOf(facts.bodyPart);
  const region = regionOf(facts.anatomicRegions);
  const named = `Body Part Examined ${part === undefined ? "" : saidBy(facts.bodyPart!, part)}`;
  const coded = `The Anatomic Region Sequence names ${MEANS[region ?? "other"]}`;
  if (part === undefined && region === undefined)
    return check("unknown", "The header does not say which part of the body was examined.");
  if (part !== undefined && region !== undefined && part !== region)
    return check("warn", `${named}, but the Anatomic Region Sequence names ${MEANS[region]}.`);
  if ((part ?? region) === "chest") return check("pass", part === undefined ? `${coded}.` : `${named}.`);
  if (part === undefined) return check("warn", `${coded}, but the model is for chest X-rays.`);
  if (part === "wider") return check("warn", `${named}, but the model is for images of the chest alone.`);
  return check("warn", `${named}, but the model is for chest X-rays.`);
}
