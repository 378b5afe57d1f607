/**
 * Statuses of C-STORE: what we answer, and what an archive's answer means.
 *
 * Knows:      numbers.
 * Reference:  DICOM PS3.4, table B.2-1; PS3.7, annex C.
 */

/** What may come of an object that was sent to us. */
export type StoreAnswer =
  | "stored"
  /** The disk or its quota is full. */
  | "no-space"
  /** The object is larger than what is taken. */
  | "too-large"
  /** The command and the data set name different classes or instances. */
  | "mismatch"
  /** The data set cannot be read, or has no UIDs. */
  | "not-understood"
  | "failed";

const OUT_OF_RESOURCES = 0xa700;
const PROCESSING_FAILURE = 0x0110;
const DUPLICATE = 0x0111;
const RESOURCE_LIMITATION = 0x0213;

/** The status of each answer. */
export const STORE_STATUS: Readonly<Record<StoreAnswer, number>> = {
  stored: 0x0000,
  "no-space": OUT_OF_RESOURCES,
  "too-large": OUT_OF_RESOURCES,
  mismatch: 0xa900,
  "not-understood": 0xc000,
  failed: PROCESSING_FAILURE,
};

/** Statuses outside of the range Bxxx that are warnings. */
const WARNINGS = new Set([0x0001, 0x0107, 0x0116]);

/** What an archive's answer means for the object; `full` means for all objects. */
export type StoreVerdict = "stored" | "full" | "passing" | "final";

/**
 * Judge an archive's answer. A warning means that the object is stored, and so does that it was there already. A failure that
 * the archive does not explain may pass.
 */
export function storeVerdict(status: number): StoreVerdict {
  if (status === 0 || status === DUPLICATE || WARNINGS.has(status) || status >> 12 === 0xb) return "stored";
  if (status >> 8 === OUT_OF_RESOURCES >> 8) return "full";
  return status === PROCESSING_FAILURE || status === RESOURCE_LIMITATION ? "passing" : "final";
}

const MEANINGS: readonly (readonly [matches: (status: number) => boolean, meaning: string])[] = [
  [(status) => status >> 8 === 0xa9, "the object does not match its class"],
  [(status) => status >> 12 === 0xc, "it cannot understand the object"],
  [(status) => status === PROCESSING_FAILURE, "processing failure"],
  [(status) => status === 0x0117, "invalid instance"],
  [(status) => status === 0x0122, "it does not take this class of objects"],
  [(status) => status === 0x0124, "not authorised"],
  [(status) => status === RESOURCE_LIMITATION, "resource limitation"],
];

/** A status in words, with its number: `A700: out of resources`. */
export function describeStatus(status: number): string {
  const meaning = MEANINGS.find(([matches]) => matches(status))?.[1];
  const number = status.toString(16).toUpperCase().padStart(4, "0");
  return meaning === undefined ? number : `${number}: ${meaning}`;
}
