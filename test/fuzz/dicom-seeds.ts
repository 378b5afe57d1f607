/** The DICOM files of `fixtures/dicom/` whose pictures are read: every transfer syntax, and odd structures. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeImage } from "../../src/node/decode.ts";

/** From the repository's folder, where npm starts its scripts: what is compiled lies elsewhere than this file. */
const FOLDER = "fixtures/dicom";

/** Whether a fixture's picture is read; others test refusals. */
async function isRead(bytes: Uint8Array): Promise<boolean> {
  try {
    await decodeImage(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A sound file with its name. */
export interface DicomSeed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function namedDicomSeeds(): Promise<readonly DicomSeed[]> {
  const names = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".dcm"),
  );
  const all = names.sort().map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(FOLDER, name))) }));
  const areRead = await Promise.all(all.map(({ bytes }) => isRead(bytes)));
  return all.filter((_, i) => areRead[i]);
}

export const dicomSeeds = async (): Promise<readonly Uint8Array[]> =>
  (await namedDicomSeeds()).map(({ bytes }) => bytes);
