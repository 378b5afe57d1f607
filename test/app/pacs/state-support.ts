/** A state folder for tests, with images that are made up. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { ArchiveImage } from "../../../src/app/pacs/ports.ts";
import type { OpenImage } from "../../../src/app/pacs/state/open-work.ts";
import { PacsState } from "../../../src/app/pacs/state/pacs-state.ts";
import type { StateOptions } from "../../../src/app/pacs/state/state-parts.ts";
import type { ResultObject } from "../../../src/report/dicom/result-object.ts";

/** Where the images of tests come from. */
export const ARCHIVE = { kind: "orthanc", address: "http://127.0.0.1:8042" } as const;

const folders: string[] = [];
const states = new Set<PacsState>();

afterEach(async () => {
  for (const state of states) await state.close();
  states.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-state-"));
  folders.push(folder);
  return join(folder, "state");
}

export async function openState(folder: string, options: Partial<StateOptions> = {}): Promise<PacsState> {
  const state = await PacsState.open(folder, { identity: "model A", archive: ARCHIVE, ...options });
  states.add(state);
  return state;
}

/** End it as a process that is killed does: what was not saved is lost, and attempts stay open. */
export async function close(state: PacsState): Promise<void> {
  states.delete(state);
  await state.close();
}

export const imageOf = (study: string, sop: string): ArchiveImage => ({
  studyInstanceUid: study,
  seriesInstanceUid: `${sop}.1`,
  sopInstanceUid: sop,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.1.1",
  modality: "DX",
  at: `at-${sop}`,
});

/** A report and an overlay of an image. */
export const resultsOf = ({ study, uid }: OpenImage, of = "A"): ResultObject[] =>
  (["report", "overlay"] as const).map((kind, i) => ({
    kind,
    studyInstanceUid: `study-${study}`,
    seriesInstanceUid: `${uid}.${of}.${i}`,
    sopClassUid: `class-${i}`,
    sopInstanceUid: `${uid}.${of}.${i}.0`,
    bytes: Buffer.from(`${kind} ${of} of ${uid}`),
  }));

/** The only image that is open. */
export function onlyImage(state: PacsState): OpenImage {
  const [image, ...others] = [...state.openImages()].filter((one) => one.step !== "none");
  if (image === undefined || others.length > 0) throw new Error(`${others.length + 1} images are open`);
  return image;
}
