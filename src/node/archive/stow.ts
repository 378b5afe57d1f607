/**
 * Results into the archive by STOW-RS.
 *
 * What an archive does not name as stored is looked up: many refuse an object that they already have, each in its own way,
 * some say nothing about what they stored, and some nothing about what they did not. Our objects' UIDs follow from what is in
 * them, so that an object of the same UID is the same.
 *
 * Knows:      DICOM JSON and multipart bodies, by ArchiveHttp.
 * Reference:  DICOM PS3.18, 10.5 and Annex I.2; failure reasons: PS3.4, B.2.3, PS3.7, Annex C.
 */

import type { ResultObject } from "../../report/dicom/result-object.ts";
import { list, object, passedOver, some, whole } from "../../schema/schema.ts";
import { counted } from "../../text.ts";
import { type Asked, lasting, noSpace, passing } from "./failures.ts";
import type { ArchiveAnswer, ArchiveHttp } from "./http.ts";
import { jsonOf } from "./json.ts";
import { multipartBody } from "./multipart.ts";
import { hasInstance } from "./qido.ts";
import { trimUid, uid } from "./uids.ts";

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Servers limit the size of a request. A larger object is sent alone. */
const MOST_AT_ONCE = 32 * 1024 * 1024;

const FAILED = "00081198";
const STORED = "00081199";
const SOP_UID = "00081155";
const REASON = "00081197";

const ITEMS = object({
  Value: list(
    object({
      [SOP_UID]: passedOver(object({ Value: some(uid()) })),
      [REASON]: passedOver(object({ Value: some(whole(0)) })),
    } as const),
  ),
});
const ANSWER = object({ [FAILED]: passedOver(ITEMS), [STORED]: passedOver(ITEMS) } as const);
/** Some archives answer a list of one. */
const ANSWERS = list(ANSWER);

/** Reasons that another attempt cannot change, in words. */
const LASTING_REASONS: readonly (readonly [low: number, high: number, words: string])[] = [
  [0x0122, 0x0122, "it takes no objects of this kind (SOP class not supported); allow the SOP class there"],
  [0x0124, 0x0124, "this program's user may not store there; give it the right to"],
  [0xa900, 0xa9ff, "it finds that the object does not match its kind"],
  [0xc000, 0xcfff, "it cannot understand the object"],
];

/** What an archive said about the objects of a request. */
interface Verdict {
  readonly stored: ReadonlySet<string>;
  /** The reason by UID; undefined where none is given. */
  readonly failed: ReadonlyMap<string, number | undefined>;
}

const NOTHING_SAID: Verdict = { stored: new Set(), failed: new Map() };

function verdictOf(answer: ArchiveAnswer): Verdict {
  if (answer.bytes.length === 0 || !/json/i.test(answer.header("content-type"))) return NOTHING_SAID;
  const isList = Buffer.from(answer.bytes.subarray(0, 64)).toString("latin1").trimStart().startsWith("[");
  const said = isList ? jsonOf(answer, ANSWERS)[0] : jsonOf(answer, ANSWER);
  const itemsOf = (tag: typeof FAILED | typeof STORED) => said?.[tag]?.Value ?? [];
  const uidOf = (item: ReturnType<typeof itemsOf>[number]) => trimUid(item[SOP_UID]?.Value[0] ?? "");
  return {
    stored: new Set(itemsOf(STORED).map(uidOf)),
    failed: new Map(itemsOf(FAILED).map((item) => [uidOf(item), item[REASON]?.Value[0]])),
  };
}

const KIND: Readonly<Record<ResultObject["kind"], string>> = {
  report: "the report",
  tid1500: "the report",
  text: "the report",
  overlay: "the overlay",
};

/** The error of an object that the archive did not take. */
function notStored(asked: Asked, { kind }: ResultObject, status: number, reason: number | undefined) {
  const ours = { ...asked, what: KIND[kind] };
  const words = LASTING_REASONS.find(
    ([low, high]) => reason !== undefined && reason >= low && reason <= high,
  );
  const details = { status, ...(reason === undefined ? {} : { reason }) };
  const shown = reason === undefined ? "" : `, reason ${reason.toString(16).toUpperCase().padStart(4, "0")}H`;
  if (reason !== undefined && reason >= 0xa700 && reason <= 0xa7ff) return noSpace(ours, details);
  if (words !== undefined)
    return lasting("pacs/not-stored", ours, `the archive did not store it: ${words[2]}${shown}`, details);
  return passing(
    "pacs/store-failed",
    ours,
    `the archive did not store it (${status}${shown}); look at its log and its disk`,
    details,
  );
}

/** Objects that fit into one request. */
function* groups(objects: readonly ResultObject[]): Generator<readonly ResultObject[]> {
  let group: ResultObject[] = [];
  let size = 0;
  for (const item of objects) {
    if (group.length > 0 && size + item.bytes.length > MOST_AT_ONCE) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(item);
    size += item.bytes.length;
  }
  if (group.length > 0) yield group;
}

async function storeGroup(
  http: ArchiveHttp,
  objects: readonly ResultObject[],
  signal: AbortSignal,
): Promise<void> {
  const { contentType, pieces } = multipartBody(
    objects.map(({ bytes }) => bytes),
    "application/dicom",
  );
  const answer = await http.ask({
    method: "POST",
    path: `studies/${objects[0]!.studyInstanceUid}`,
    what: `storing ${counted(objects.length, "object")}`,
    headers: { "content-type": contentType, accept: "application/dicom+json" },
    body: pieces,
    limit: MAX_ANSWER_BYTES,
    accepted: [409],
    isInterface: true,
    signal,
  });
  const { stored, failed } = verdictOf(answer);
  for (const item of objects) {
    const { sopInstanceUid } = item;
    // What an archive does not name it may have dropped: Orthanc answers so if its disk is full.
    if (stored.has(sopInstanceUid) && !failed.has(sopInstanceUid)) continue;
    if (await hasInstance(http, item, signal)) continue;
    throw notStored(answer.asked, item, answer.status, failed.get(sopInstanceUid));
  }
}

/**
 * Store objects of one study. Those that are there already count as stored.
 *
 * @throws  XrayError as `ArchiveHttp.ask`; `pacs/bad-answer`; `pacs/not-stored`, which is final; `pacs/store-failed`;
 *          `pacs/no-space`.
 */
export async function storeObjects(
  http: ArchiveHttp,
  objects: readonly ResultObject[],
  signal: AbortSignal,
): Promise<void> {
  for (const group of groups(objects)) await storeGroup(http, group, signal);
}
