/**
 * The images that a DICOMDIR lists, such as that of a CD from a hospital.
 *
 * Knows: the file system. What is in a DICOMDIR is known by `formats/dicom/dicomdir.ts`.
 */

import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { inFile, XrayError } from "../errors.ts";
import { referencedFiles } from "../formats/dicom/dicomdir.ts";
import { readDicom } from "../formats/dicom/read-dicom.ts";
import { readWhole } from "./files.ts";

/** A DICOMDIR has about 1 KB for each image. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Listings of folders, each made only once, since a DICOMDIR lists many files of one folder. */
class Names {
  readonly #listed = new Map<string, Promise<ReadonlySet<string>>>();

  #of(folder: string): Promise<ReadonlySet<string>> {
    const before = this.#listed.get(folder);
    if (before !== undefined) return before;
    const names = readdir(folder).then(
      (found) => new Set(found),
      () => new Set<string>(),
    );
    this.#listed.set(folder, names);
    return names;
  }

  /** A name as the folder spells it: as it is, or in lower case, as a CD's file system may show it. */
  async spelled(folder: string, name: string): Promise<string> {
    const names = await this.#of(folder);
    const lower = name.toLowerCase();
    return !names.has(name) && names.has(lower) ? lower : name;
  }
}

/**
 * List the images of a DICOMDIR.
 *
 * @param path  As given by the user; resulting paths begin with its folder.
 * @returns     The paths of its image records, in order, whether or not these files exist.
 * @throws      XrayError `dicom/damaged`, `images/none`, `file/…`.
 */
export async function imagesOfDirectory(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  let listed: readonly (readonly string[])[];
  try {
    listed = referencedFiles(await readDicom(await readWhole(path, MAX_BYTES)));
  } catch (error) {
    throw inFile(path, error);
  }
  if (listed.length === 0)
    throw new XrayError("images/none", `${path}: this DICOMDIR lists no images`, { file: path });
  const names = new Names();
  const images: string[] = [];
  for (const parts of listed) {
    // As the user gave it: `./DICOMDIR` and `DICOMDIR` list files in the same folder.
    let place = /[\\/]/.test(path) ? folder : "";
    for (const part of parts) {
      const spelled = await names.spelled(place === "" ? "." : place, part);
      place = place === "" ? spelled : `${place.replace(/\/+$/, "")}/${spelled}`;
    }
    images.push(place);
  }
  return images;
}
