/** What the archive must have in the end: each chest X-ray one result of each kind, and each other image a reason. */

import { expect } from "vitest";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import type { PacsStatus } from "../../../src/results/pacs-status.ts";
import type { Receiver } from "./dcmtk.ts";
import type { Orthanc } from "./orthanc.ts";
import type { MadeStudy } from "./studies.ts";

const KINDS: Readonly<Record<string, string>> = {
  "Medical-X report - research use only": "report",
  "Medical-X overlay - research use only": "overlay",
};

interface Found {
  readonly studyInstanceUid: string;
  readonly seriesDescription: string;
  readonly bytes: Uint8Array;
}

/** Kinds of results, by the image that each names as its source. */
export type Results = ReadonlyMap<string, readonly string[]>;

function bySource(found: readonly Found[], studies: readonly MadeStudy[]): Results {
  const results = new Map<string, string[]>();
  const files = new Map(studies.map(({ studyInstanceUid, files: all }) => [studyInstanceUid, all]));
  for (const { studyInstanceUid, seriesDescription, bytes } of found) {
    const kind = KINDS[seriesDescription];
    if (kind === undefined) continue;
    const sources = (files.get(studyInstanceUid) ?? []).filter(({ sopInstanceUid }) =>
      Buffer.from(bytes).includes(sopInstanceUid),
    );
    if (sources.length !== 1) throw new Error(`a result names ${sources.length} images of its study`);
    const { sopInstanceUid } = sources[0]!;
    results.set(sopInstanceUid, [...(results.get(sopInstanceUid) ?? []), kind].sort());
  }
  return results;
}

/** The results in an archive, by the image that each names as its source. */
export async function resultsBySource(orthanc: Orthanc, studies: readonly MadeStudy[]): Promise<Results> {
  const found: Found[] = [];
  for (const instance of await orthanc.instances()) {
    if (KINDS[instance.seriesDescription] === undefined) continue;
    found.push({ ...instance, bytes: await orthanc.file(instance.id) });
  }
  return bySource(found, studies);
}

/**
 * The results that `storescp` has received, by their source. What was sent again under the same UID counts once, as in an
 * archive; a file that was being written when it was killed does not count.
 */
export async function receivedResults(receiver: Receiver, studies: readonly MadeStudy[]): Promise<Results> {
  const found = new Map<string, Found>();
  for (const bytes of receiver.bytes()) {
    const file = await readDicom(bytes).catch(() => undefined);
    const uid = file?.elements.text("x00080018");
    if (file === undefined || uid === undefined) continue;
    const [studyInstanceUid = "", seriesDescription = ""] = [
      file.elements.text("x0020000d"),
      file.elements.text("x0008103e"),
    ];
    found.set(uid, { studyInstanceUid, seriesDescription, bytes });
  }
  return bySource([...found.values()], studies);
}

/**
 * Compare results and a state folder with what was made.
 *
 * @param ignored  What is noted of files of other modalities: nothing by a watcher, and a reason by a listener.
 */
export function expectOneResultEach(
  results: Results,
  studies: readonly MadeStudy[],
  status: PacsStatus,
  ignored: "unseen" | "passed-over" = "unseen",
): void {
  const states = new Map(
    status.listed.flatMap(({ images }) => images.map((image) => [image.sop_instance_uid, image] as const)),
  );
  const found: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  for (const { files } of studies)
    for (const { sopInstanceUid, kind, expected } of files) {
      const key = `${kind} ${sopInstanceUid}`;
      const state = states.get(sopInstanceUid);
      const hasReason = (state?.reason?.message ?? "") !== "";
      found[key] = [results.get(sopInstanceUid) ?? [], state?.state, hasReason];
      if (expected === "result") wanted[key] = [["overlay", "report"], "stored", false];
      if (expected === "refused") wanted[key] = [[], "passed-over", true];
      if (expected === "ignored")
        wanted[key] = ignored === "unseen" ? [[], undefined, false] : [[], "passed-over", true];
    }
  expect(found).toEqual(wanted);
  expect(status.studies).toEqual({ total: studies.length, done: studies.length });
}
