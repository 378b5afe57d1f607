/**
 * Studies and images that are not done, as a process remembers them.
 *
 * Knows: events.
 */

import type { KeptObject, NotedImage, OutcomeEvent, StateEvent } from "./events.ts";

/** An image of a study that is not done. */
export interface OpenImage extends NotedImage {
  /** What is to be done next. */
  step: "read" | "store" | "none";
  /** The attempt to read that has begun and not ended. */
  attempt: { readonly alone: boolean } | undefined;
  /** Whether a process died while this image was being read, by its fault or another's. */
  isSuspect: boolean;
  /** How often a process died while this image was being read alone. */
  deaths: number;
  failures: number;
  lastFailure: Extract<StateEvent, { event: "failed" }> | undefined;
  /** Results whose files are kept. */
  objects: readonly KeptObject[];
  /** The identity under which they were made. */
  keptBy: number;
  /** Reports that the new ones replace. */
  readonly predecessors: readonly KeptObject[];
  outcome: OutcomeEvent | undefined;
}

/** A study that is not done. */
export interface OpenStudy {
  readonly study: number;
  /** The images that were found since it was last done. */
  readonly images: Map<number, OpenImage>;
  /** When something new was last seen in it, by our own clock, in milliseconds; 0 before this process saw it. */
  activity: number;
  /** Whether its images have been listed since then. */
  isListed: boolean;
}
