/**
 * Sends objects by C-STORE, and asks by C-ECHO whether an archive is there.
 *
 * Knows:      result objects and what answers mean. `calling.ts` knows associations.
 * Reference:  DICOM PS3.4, annexes A and B.
 */

import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from "../../formats/dicom/transfer-syntax.ts";
import type { ResultObject } from "../../report/dicom/result-object.ts";
import { type Asked, lasting, noSpace, passing } from "../archive/failures.ts";
import type { ResultTarget } from "../archive/ports.ts";
import { type Batch, BatchQueue } from "./batch-queue.ts";
import { Call, type Called, nameOf, type Proposal } from "./calling.ts";
import { toImplicit } from "./implicit.ts";
import { type DimseLibrary, dimseLibrary, type StoreRequest } from "./library.ts";
import { VERIFICATION } from "./negotiation.ts";
import { dataSetOf } from "./part10.ts";
import { describeStatus, storeVerdict } from "./store-status.ts";

/** What messages call an object. */
const askedFor = (called: Called, { kind }: ResultObject): Asked => ({
  archive: nameOf(called),
  what: kind === "overlay" ? "the overlay" : "the report",
});

/** Names of the classes of our objects, for messages. */
const CLASSES: Readonly<Record<string, string>> = {
  "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture Image Storage",
  "1.2.840.10008.5.1.4.1.1.88.11": "Basic Text SR Storage",
  "1.2.840.10008.5.1.4.1.1.88.33": "Comprehensive SR Storage",
  "1.2.840.10008.5.1.4.1.1.88.34": "Comprehensive 3D SR Storage",
};

/** Our objects are in explicit VR little endian. */
const explicit = ({ sopClassUid }: ResultObject): Proposal => [sopClassUid, EXPLICIT_LITTLE_ENDIAN];
const implicit = ({ sopClassUid }: ResultObject): Proposal => [sopClassUid, IMPLICIT_LITTLE_ENDIAN];

/** A request to store encoded bytes as they are; the library would encode its own elements. */
function storeRequest(
  library: DimseLibrary,
  { sopClassUid, sopInstanceUid }: ResultObject,
  bytes: Buffer,
  transferSyntaxUid: string,
): StoreRequest {
  class Encoded extends library.Dataset {
    override getDenaturalizedDataset(): Buffer {
      return bytes;
    }
  }
  const request = new library.requests.CStoreRequest();
  request.setAffectedSopClassUid(sopClassUid);
  request.setAffectedSopInstanceUid(sopInstanceUid);
  request.setDataset(new Encoded({}, transferSyntaxUid));
  return request;
}

/** Store an object in the encoding that was accepted. */
async function storeObject(
  library: DimseLibrary,
  call: Call,
  called: Called,
  object: ResultObject,
): Promise<void> {
  const bytes = dataSetOf(object.bytes);
  const isExplicit = call.isAccepted(explicit(object));
  if (!isExplicit && !call.isAccepted(implicit(object))) {
    const name = CLASSES[object.sopClassUid] ?? object.kind;
    const reason = `the archive does not take objects of this class (${name}); allow it there`;
    throw lasting("pacs/not-stored", askedFor(called, object), reason);
  }
  const request = isExplicit
    ? storeRequest(library, object, bytes, EXPLICIT_LITTLE_ENDIAN)
    : storeRequest(library, object, toImplicit(bytes), IMPLICIT_LITTLE_ENDIAN);
  const status = await call.ask(request);
  const verdict = storeVerdict(status);
  if (verdict === "stored") return;
  const asked = askedFor(called, object);
  if (verdict === "full") throw noSpace(asked, { status });
  const reason = `it was not stored (${describeStatus(status)}); look at the archive's log`;
  if (verdict === "passing") throw passing("pacs/store-failed", asked, reason, { status });
  throw lasting("pacs/not-stored", asked, reason, { status });
}

/** The classes of objects, each in both encodings. */
function proposalsFor(batches: readonly Batch[]): Proposal[] {
  const objects = batches.flatMap((batch) => batch.objects);
  const classes = new Map(objects.map((object) => [object.sopClassUid, object]));
  return [...classes.values()].flatMap((object) => [explicit(object), implicit(object)]);
}

/**
 * An archive to which results go by C-STORE. What waits at the same time shares an association.
 *
 * `store` throws XrayError `pacs/no-space`, `pacs/not-stored`, `pacs/store-failed`, and as `Call.open` does.
 */
export function storeTarget(called: Called): ResultTarget {
  const queue = new BatchQueue({
    open: async (batches, signal) => Call.open(await dimseLibrary(), called, proposalsFor(batches), signal),
    store: async (call, object) => storeObject(await dimseLibrary(), call, called, object),
  });
  return {
    store: async (objects, signal) => {
      if (objects.length > 0) await queue.add(objects, signal);
    },
  };
}

/**
 * Ask whether an archive is there and accepts us.
 *
 * @throws  XrayError, as `Call.open` does.
 */
export async function echo(called: Called, signal: AbortSignal): Promise<void> {
  const library = await dimseLibrary();
  const call = await Call.open(library, called, [[VERIFICATION, IMPLICIT_LITTLE_ENDIAN]], signal);
  const status = await call.ask(new library.requests.CEchoRequest());
  await call.release();
  if (status === 0) return;
  const asked = { archive: nameOf(called), what: "C-ECHO" };
  throw passing("pacs/bad-answer", asked, `it answered ${describeStatus(status)}; look at its log`, {
    status,
  });
}
