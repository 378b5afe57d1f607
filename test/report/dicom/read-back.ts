/** Objects made and read back with the reader of `formats/dicom`. */

import type { DicomElements } from "../../../src/formats/dicom/elements.ts";
import { type DicomFile, readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { makeResultObjects } from "../../../src/report/dicom/make-objects.ts";
import type { ObjectsRequest, ResultObject } from "../../../src/report/dicom/result-object.ts";
import { dicomFile } from "../../support/dicom-file.ts";
import { resultOfLabels } from "../../support/results.ts";

export const MADE_AT = new Date(Date.UTC(2026, 10, 27, 10, 15, 30));

/** A request about a small picture. */
export async function requestFor(
  changes: Partial<ObjectsRequest> = {},
  file: Uint8Array = dicomFile(),
): Promise<ObjectsRequest> {
  return {
    source: await readDicom(file),
    result: resultOfLabels(),
    style: "report",
    options: "{}",
    madeAt: MADE_AT,
    ...changes,
  };
}

/** An object, and what our reader reads in it. */
export interface ReadBack {
  readonly object: ResultObject;
  readonly file: DicomFile;
  readonly elements: DicomElements;
}

export async function readBack(object: ResultObject): Promise<ReadBack> {
  const file = await readDicom(object.bytes);
  return { object, file, elements: file.elements };
}

/** All objects of a request. */
export async function objectsOf(
  changes: Partial<ObjectsRequest> = {},
  file?: Uint8Array,
): Promise<ReadBack[]> {
  return Promise.all((await makeResultObjects(await requestFor(changes, file))).map(readBack));
}

/** The report of a request. */
export const reportOf = async (changes: Partial<ObjectsRequest> = {}, file?: Uint8Array): Promise<ReadBack> =>
  (await objectsOf(changes, file))[0]!;

/** An item of a tree. */
export interface Item {
  readonly relationship: string | undefined;
  readonly type: string | undefined;
  /** `121071 DCM Finding`. */
  readonly concept: string;
  /** What it holds, as text. */
  readonly value: string;
  readonly below: readonly Item[];
}

const codeText = (elements: DicomElements, tag: string): string =>
  elements
    .sequence(tag)
    .map((code) => ["x00080100", "x00080102", "x00080104"].map((part) => code.text(part)).join(" "))
    .join();

function valueText(elements: DicomElements): string {
  const measured = elements.sequence("x0040a300")[0];
  if (measured !== undefined)
    return `${measured.text("x0040a30a")} ${codeText(measured, "x004008ea").split(" ")[0]}`;
  const reference = elements.sequence("x00081199")[0];
  if (reference !== undefined)
    return [reference.text("x00081150"), reference.text("x00081155"), reference.text("x00081160")]
      .filter((part) => part !== undefined)
      .join(" ");
  return elements.text("x0040a160") ?? elements.text("x0040a124") ?? codeText(elements, "x0040a168");
}

/** The tree of a report. */
export function itemOf(elements: DicomElements): Item {
  return {
    relationship: elements.text("x0040a010"),
    type: elements.text("x0040a040"),
    concept: codeText(elements, "x0040a043"),
    value: valueText(elements),
    below: elements.sequence("x0040a730").map(itemOf),
  };
}

/** All items of a tree, each before those below it. */
export const flat = (item: Item): readonly Item[] => [item, ...item.below.flatMap(flat)];
