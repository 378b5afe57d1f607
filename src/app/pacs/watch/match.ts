/**
 * Which studies and images of an archive a watcher takes: modalities, and attributes of studies.
 *
 * Knows: keywords and values, as DICOM's queries have them.
 */

import { XrayError } from "../../../errors.ts";
import type { Match } from "../../../node/archive/qido.ts";
import { RADIOGRAPHS } from "../candidates.ts";

export interface MatchChoice {
  /** Modalities of the images that are read. */
  readonly modalities: readonly string[];
  /** Attributes of studies by keyword, such as `StudyDate` → `20261127-`. */
  readonly studies: Match;
}

/**
 * Attributes by which every archive can search for studies over DICOMweb. An archive may ignore others, as well as those that
 * are misspelled, and then all studies match.
 *
 * Reference: DICOM PS3.18, table 10.6.1-5.
 */
const OF_ALL_ARCHIVES = [
  ...["StudyDate", "StudyTime", "AccessionNumber", "ModalitiesInStudy", "ReferringPhysicianName"],
  ...["PatientName", "PatientID", "StudyInstanceUID", "StudyID"],
];

/** What an Orthanc can be asked for by its own interface as well: it looks into the files. */
const OF_ORTHANC = ["StudyDescription", "InstitutionName", "PatientSex", "PatientBirthDate"];

/**
 * Read what is to match.
 *
 * @param parts  `Keyword=value`; a part without a keyword is one more value of the last one: `Modality=DX`, `CR`.
 * @param kind   How the archive is asked, which decides what it can be searched by.
 * @throws       XrayError `pacs/bad-match`.
 */
export function parseMatch(parts: readonly string[], kind: "orthanc" | "dicomweb"): MatchChoice {
  const values = new Map<string, string[]>();
  let last: string | undefined;
  for (const part of parts) {
    const [, keyword, value] = /^(?:([A-Za-z]+)=)?([^=\\]+)$/.exec(part.trim()) ?? [];
    const key = keyword ?? last;
    if (key === undefined || value === undefined) throw badMatch("it must be like Modality=DX,CR");
    values.set(key, [...(values.get(key) ?? []), value]);
    last = key;
  }
  const modalities = values.get("Modality") ?? RADIOGRAPHS;
  values.delete("Modality");
  const known = kind === "orthanc" ? [...OF_ALL_ARCHIVES, ...OF_ORTHANC] : OF_ALL_ARCHIVES;
  const unknown = [...values.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw badMatch(
      `this archive cannot be searched by ${unknown}, but by ${["Modality", ...known].join(", ")}`,
    );
  const several = [...values].find(([, of]) => of.length > 1);
  if (several !== undefined) throw badMatch(`only Modality can have several values, but ${several[0]} has`);
  return { modalities, studies: Object.fromEntries([...values].map(([key, [value]]) => [key, value!])) };
}

const badMatch = (reason: string): XrayError =>
  new XrayError("pacs/bad-match", `what is to match cannot be read: ${reason}`, {});
