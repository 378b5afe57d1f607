/**
 * What tells the work which studies have something new, and which images they have.
 *
 * Knows: interfaces only.
 */

import type { ArchiveImage } from "../ports.ts";
import type { PassedOver } from "../state/events.ts";

/** A study as the archive finds it. */
export interface StudyPlace {
  readonly uid: string;
  readonly at?: string;
}

/** What is in a study. */
export interface StudyList {
  /** The images that may be chest X-rays. */
  readonly images: readonly ArchiveImage[];
  /** The others, by the reason. */
  readonly passedOver: readonly PassedOver[];
  /** The archive's mark of the study's last change. */
  readonly stamp?: string;
}

export interface StudyFeed {
  /** How often to look, in milliseconds. */
  readonly everyMs: number;
  /**
   * Note, in the state, studies with something new. It need not save them.
   *
   * @throws  XrayError `pacs/…`.
   */
  look(signal: AbortSignal): Promise<void>;
  /**
   * List a study; one that has been deleted has no images.
   *
   * @returns  Undefined while the archive itself expects more of it.
   * @throws   XrayError `pacs/…`.
   */
  list(study: StudyPlace, signal: AbortSignal): Promise<StudyList | undefined>;
}
