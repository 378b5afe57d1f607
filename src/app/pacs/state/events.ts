/**
 * What the journal of a state folder says, one event on each line.
 *
 * Studies, images and identities have numbers that are given once, in order, from 1 on.
 *
 * Knows: plain data.
 */

import type { ObjectKind } from "../../../report/dicom/result-object.ts";
import type { ArchiveMark } from "./archive-mark.ts";

/** The version of the journal's format. */
export const JOURNAL_VERSION = 1;

/** A result, by the UIDs that its file has. */
export interface KeptObject {
  readonly kind: ObjectKind;
  readonly series: string;
  readonly class: string;
  readonly uid: string;
}

/** Images that were passed over without being fetched, counted by the reason. */
export interface PassedOver {
  readonly code: string;
  readonly count: number;
}

/** What an attempt did when it failed. */
export type Step = "fetch" | "read" | "store";

/** How the work on an image ended. `identity` is that of the model, options and program version. */
export type OutcomeEvent =
  /** The archive has accepted the results. */
  | {
      readonly event: "accepted";
      readonly image: number;
      readonly identity: number;
      readonly objects: readonly KeptObject[];
      readonly time: string;
    }
  /** There is no result, and another attempt would give none either. */
  | {
      readonly event: "refused";
      readonly image: number;
      readonly identity: number;
      readonly code: string;
      readonly reason: string;
      readonly time: string;
    }
  /** It failed too often. Its results, if there are some, are kept. */
  | {
      readonly event: "aside";
      readonly image: number;
      readonly identity: number;
      readonly objects?: readonly KeptObject[];
      readonly predecessors?: readonly KeptObject[];
      readonly code: string;
      readonly reason: string;
      readonly time: string;
    };

/** Which model an identity means. */
export interface ModelFacts {
  readonly model: string;
  readonly sha256: string;
  /** Of this program. */
  readonly version: string;
}

/** An image as the archive named it, with the numbers that it has here. */
export interface NotedImage {
  readonly image: number;
  readonly study: number;
  readonly uid: string;
  readonly series: string;
  readonly class?: string;
  readonly modality?: string;
  readonly at?: string;
  readonly content?: string;
}

export type StateEvent =
  | { readonly event: "state"; readonly version: number }
  | {
      readonly event: "identity";
      readonly identity: number;
      readonly name: string;
      readonly about?: ModelFacts;
    }
  /** Which archive the folder belongs to from now on. */
  | ({ readonly event: "archive" } & ArchiveMark)
  /** The archive cannot be worked with. It may be back if the program was ended meanwhile. */
  | { readonly event: "away"; readonly code: string; readonly reason: string; readonly time: string }
  /** It can again, or the program has started and has not tried yet. */
  | { readonly event: "back" }
  /** How far the archive's changes have been read. */
  | { readonly event: "cursor"; readonly since: number }
  /** A study seen for the first time; `at` is how the archive finds it. */
  | { readonly event: "study"; readonly study: number; readonly uid: string; readonly at?: string }
  /** There is something new in a study that was done, or the archive finds it elsewhere now. */
  | { readonly event: "noted"; readonly study: number; readonly at?: string }
  | ({ readonly event: "image" } & NotedImage)
  /** An image whose work had ended is to be done once more: stored, if its results are still there, or else read. */
  | ({
      readonly event: "again";
      readonly predecessors?: readonly KeptObject[];
      readonly objects?: readonly KeptObject[];
      readonly keptBy?: number;
    } & NotedImage)
  /** An attempt to read an image begins; `alone` if no other image is being read. */
  | { readonly event: "try"; readonly image: number; readonly alone: boolean }
  /** An attempt ended with the program, in an orderly way. */
  | { readonly event: "stopped"; readonly image: number }
  /** The process died during an attempt; found by the next one. */
  | { readonly event: "died"; readonly image: number; readonly alone: boolean }
  /** The results' files are in the state folder. */
  | {
      readonly event: "kept";
      readonly image: number;
      readonly identity: number;
      readonly objects: readonly KeptObject[];
    }
  | {
      readonly event: "failed";
      readonly image: number;
      readonly step: Step;
      readonly code: string;
      readonly reason: string;
      /** When it will be tried again, in milliseconds since 1970. */
      readonly until: number;
    }
  | OutcomeEvent
  /** Nothing of the study is left to do. `stamp` is the archive's mark of the study's last change. */
  | {
      readonly event: "done";
      readonly study: number;
      readonly passedOver: readonly PassedOver[];
      readonly stamp?: string;
      readonly time: string;
    };

/** An event from its line; undefined if the line is no event. */
export function eventOf(line: string): StateEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === "object" && value !== null && "event" in value;
    return isEvent && typeof value.event === "string" ? (value as StateEvent) : undefined;
  } catch {
    return undefined;
  }
}
