/**
 * Counts what the headers of a folder's DICOM files say.
 *
 * Pipeline:   folder → headers, a few at a time → **counts**
 * Knows:      files. Pixels are not decoded.
 */

import { XrayError } from "../../errors.ts";
import { type DicomFacts, factsOf } from "../../formats/dicom/facts.ts";
import { transferSyntaxOf } from "../../formats/dicom/transfer-syntax.ts";
import { fewAtOnce } from "../../node/at-once.ts";
import { readDicomHeader } from "../../node/dicom-header.ts";
import { imagesOfFolder } from "../../node/image-folder.ts";
import { COUNTED, type CountedAttribute, type DicomSummary } from "../../results/dicom-summary.ts";

/** Number of files to read at the same time. */
const AT_ONCE = 32;

/** Different values of one attribute to tell apart. The rest count together, so that memory is bounded. */
const MOST_VALUES = 10_000;

const NOT_GIVEN = "not given";
const OTHERS = "others";

/** What a coded value may consist of. Anything else could be text about a person. */
const CODE = /^[A-Z0-9_. -]{1,16}$/;

const codeOf = (value: string | undefined): string => {
  if (value === undefined) return NOT_GIVEN;
  return CODE.test(value) ? value : OTHERS;
};

/** Counts values. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(value: string): void {
    const isNew = !this.#counts.has(value);
    const key = isNew && this.#counts.size >= MOST_VALUES ? OTHERS : value;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The most frequent first; equal ones in the order of the alphabet. */
  sorted(): ReadonlyMap<string, number> {
    return new Map([...this.#counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
  }
}

/** The value of each counted attribute. */
function valuesOf(facts: DicomFacts, bitsStored: number | undefined): Record<CountedAttribute, string> {
  const { columns, rows } = facts;
  return {
    modalities: codeOf(facts.modality),
    bodyParts: codeOf(facts.bodyPart),
    views: codeOf(facts.viewPosition),
    presentationIntents: codeOf(facts.presentationIntent),
    photometricInterpretations: codeOf(facts.photometricInterpretation),
    transferSyntaxes: transferSyntaxOf(facts.transferSyntaxUid).name,
    bitsStored: bitsStored === undefined ? NOT_GIVEN : String(bitsStored),
    sizes: columns === undefined || rows === undefined ? NOT_GIVEN : `${columns}x${rows}`,
  };
}

/** What is known about the DICOM files of a folder. */
export interface FolderSummary {
  readonly dicom: DicomSummary;
  /** Subfolders that cannot be read. */
  readonly notes: readonly string[];
}

/**
 * Count the DICOM files of a folder and its subfolders.
 *
 * @param onProgress  Called with the number of files that were read, and their total.
 * @returns           Undefined if there are none.
 */
export async function summariseDicom(
  folder: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<FolderSummary | undefined> {
  const { dicom: files, objects, failures } = await imagesOfFolder(folder);
  if (files.length === 0 && objects.size === 0) return undefined;
  const tallies = Object.fromEntries(COUNTED.map((name) => [name, new Tally()])) as Record<
    CountedAttribute,
    Tally
  >;
  let [done, unreadable, multiFrame] = [0, 0, 0];
  await fewAtOnce(files, AT_ONCE, async (file) => {
    try {
      const header = await readDicomHeader(file);
      if (header === undefined) unreadable += 1;
      else {
        const facts = factsOf(header);
        const values = valuesOf(facts, header.elements.integer("x00280101"));
        for (const name of COUNTED) tallies[name].add(values[name]);
        if (facts.frames > 1) multiFrame += 1;
      }
    } catch (error) {
      if (!(error instanceof XrayError)) throw error;
      unreadable += 1;
    }
    done += 1;
    onProgress(done, files.length);
  });
  const counts = Object.fromEntries(COUNTED.map((name) => [name, tallies[name].sorted()]));
  return {
    dicom: {
      images: files.length - unreadable,
      multiFrame,
      unreadable,
      objects: new Map([...objects].sort()),
      counts: counts as DicomSummary["counts"],
    },
    notes: failures.map(({ message }) => message),
  };
}
