/**
 * What Orthanc answers: schemas, and the same facts in this program's names. UIDs of studies, series and images are whatever
 * senders made of them: one that is none must not keep the others from being listed.
 *
 * Knows:      JSON of Orthanc 1.10 and later.
 * Reference:  The Orthanc Book, "REST API of Orthanc".
 */

import { list, object, passedOver, text, where, whole, yesOrNo } from "../../schema/schema.ts";
import { trimUid } from "./uids.ts";

/** Orthanc's ids are SHA-1 hashes in five groups. */
export const isOrthancId = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/.test(id);

// @__NO_SIDE_EFFECTS__
const id = () => where(text(), isOrthancId, "is no id of Orthanc");

export const SYSTEM = object({ Version: text(), ApiVersion: whole(0), Name: passedOver(text()) });

const CHANGE = object({ Seq: whole(0), ChangeType: text(), ResourceType: text(), ID: text() });
/** Resources whose ids are asked for. */
const ASKED_FOR = new Set(["Study", "Series", "Instance"]);

export const CHANGES = object({
  Changes: list(
    where(
      CHANGE,
      (change) => !ASKED_FOR.has(change.ResourceType) || isOrthancId(change.ID),
      "is no change of Orthanc",
    ),
  ),
  Done: yesOrNo(),
  Last: whole(0),
});

export const STUDY = object({
  ID: id(),
  IsStable: yesOrNo(),
  LastUpdate: passedOver(text()),
  MainDicomTags: object({ StudyInstanceUID: text() }),
});

export const STUDIES = list(STUDY);

export const SERIES_LIST = list(
  object({
    ID: id(),
    MainDicomTags: object({
      SeriesInstanceUID: text(),
      Modality: passedOver(text()),
      SeriesDescription: passedOver(text()),
    }),
  }),
);

/** One thing, by its id. */
export const NAMED = object({ ID: id() });

export const INSTANCES = list(
  object({ ID: id(), ParentSeries: id(), MainDicomTags: object({ SOPInstanceUID: text() }) }),
);

/** Ids of what a search found. */
export const FOUND = list(id());

export const STORED = object({ Status: text() });

/** An answer that says what went wrong. */
export const FAILURE = object({ OrthancStatus: whole(-1) });

/** Who an Orthanc is. */
export interface OrthancSystem {
  readonly Version: string;
  readonly ApiVersion: number;
}

/** One change in Orthanc's log. */
export interface OrthancChange {
  readonly number: number;
  /** `NewInstance`, `NewSeries`, `NewStudy`, `StableStudy`, `Deleted` and others. */
  readonly type: string;
  /** `Patient`, `Study`, `Series` or `Instance`. */
  readonly resource: string;
  /** Orthanc's id of what changed. */
  readonly id: string;
}

/** A page of changes. */
export interface OrthancChanges {
  readonly changes: readonly OrthancChange[];
  /** Whether there are no more. */
  readonly done: boolean;
  /** The number of the last change in the page; with none in it, of the last change of all. */
  readonly last: number;
}

/** A study in Orthanc. */
export interface OrthancStudy {
  /** Orthanc's id. */
  readonly id: string;
  /** May be any text. */
  readonly studyInstanceUid: string;
  /** Whether nothing has come for a while. After a restart within that time it says so at once. */
  readonly isStable: boolean;
  /** When its last instance came, as `20261127T073000`, if Orthanc says so. */
  readonly lastUpdate: string | undefined;
}

/** The same facts in this program's names. */
export const studyOf = (answer: {
  readonly ID: string;
  readonly IsStable: boolean;
  readonly LastUpdate?: string | undefined;
  readonly MainDicomTags: { readonly StudyInstanceUID: string };
}): OrthancStudy => ({
  id: answer.ID,
  studyInstanceUid: trimUid(answer.MainDicomTags.StudyInstanceUID),
  isStable: answer.IsStable,
  lastUpdate: answer.LastUpdate,
});
