/** What the archive must have in the end: each chest X-ray one result of each kind, and each other image a reason. */

import { expect } from "vitest";
import type { PacsStatus } from "../../../src/results/pacs-status.ts";
import type { Orthanc } from "./orthanc.ts";
import type { MadeStudy } from "./studies.ts";

const KINDS: Readonly<Record<string, string>> = {
  "Medical-X report - research use only": "report",
  "Medical-X overlay - research use only": "overlay",
};

/** The results in an archive, by the image that each names as its source. */
export async function resultsBySource(
  orthanc: Orthanc,
  studies: readonly MadeStudy[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const results = new Map<string, string[]>();
  const files = new Map(studies.map(({ studyInstanceUid, files: all }) => [studyInstanceUid, all]));
  for (const instance of await orthanc.instances()) {
    const kind = KINDS[instance.seriesDescription];
    if (kind === undefined) continue;
    const bytes = Buffer.from(await orthanc.file(instance.id));
    const sources = (files.get(instance.studyInstanceUid) ?? []).filter(({ sopInstanceUid }) =>
      bytes.includes(sopInstanceUid),
    );
    if (sources.length !== 1) throw new Error(`a result names ${sources.length} images of its study`);
    const { sopInstanceUid } = sources[0]!;
    results.set(sopInstanceUid, [...(results.get(sopInstanceUid) ?? []), kind].sort());
  }
  return results;
}

/** Compare an archive and a state folder with what was made. */
export async function expectOneResultEach(
  orthanc: Orthanc,
  studies: readonly MadeStudy[],
  status: PacsStatus,
): Promise<void> {
  const results = await resultsBySource(orthanc, studies);
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
      if (expected === "ignored") wanted[key] = [[], undefined, false];
    }
  expect(found).toEqual(wanted);
  expect(status.studies).toEqual({ total: studies.length, done: studies.length });
}
