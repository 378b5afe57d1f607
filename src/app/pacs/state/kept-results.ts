/**
 * The results that the archive has not accepted yet, as files.
 *
 * Knows: a folder. Not the journal, which says which of them count.
 */

import type { ResultObject } from "../../../report/dicom/result-object.ts";
import type { DurableFolder } from "./durable-folder.ts";
import type { KeptObject } from "./events.ts";

const nameOf = (image: number, { kind }: { readonly kind: string }): string => `${image}.${kind}.dcm`;

/** The number of the image whose result a file is. */
const imageOf = (name: string): number => Number.parseInt(name, 10);

export class KeptResults {
  readonly #folder: DurableFolder;

  constructor(folder: DurableFolder) {
    this.#folder = folder;
  }

  /** Write the results of an image. Throws XrayError `file/…`. */
  async write(image: number, objects: readonly ResultObject[]): Promise<void> {
    for (const object of objects) await this.#folder.write(nameOf(image, object), object.bytes);
  }

  /** Read them. Throws XrayError `file/…`. */
  async read(image: number, study: string, objects: readonly KeptObject[]): Promise<ResultObject[]> {
    const read: ResultObject[] = [];
    for (const object of objects)
      read.push({
        kind: object.kind,
        studyInstanceUid: study,
        seriesInstanceUid: object.series,
        sopClassUid: object.class,
        sopInstanceUid: object.uid,
        bytes: await this.#folder.read(nameOf(image, object)),
      });
    return read;
  }

  /** Throws XrayError `file/…`. */
  async remove(image: number, objects: readonly KeptObject[]): Promise<void> {
    for (const object of objects) await this.#folder.remove(nameOf(image, object));
  }

  /** Remove files that a killed process has left. Throws XrayError `file/…`. */
  async removeOthers(isKept: (image: number) => boolean): Promise<void> {
    for (const name of this.#folder.names()) if (!isKept(imageOf(name))) await this.#folder.remove(name);
  }
}
