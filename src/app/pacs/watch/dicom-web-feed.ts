/**
 * What is new in an archive that speaks DICOMweb only: its studies are listed again and again, and one whose number of
 * instances has changed has something new.
 *
 * Knows: the archive's interface and the state.
 */

import type { DicomWeb } from "../../../node/archive/dicom-web.ts";
import type { Match } from "../../../node/archive/qido.ts";
import { isUid } from "../../../node/archive/uids.ts";
import { Column } from "../state/column.ts";
import type { PacsState } from "../state/pacs-state.ts";
import type { StudyFeed, StudyList, StudyPlace } from "../work/study-feed.ts";
import type { FeedOptions } from "./orthanc-feed.ts";
import { sortImages } from "./sort-images.ts";

const EVERY_MS = 5000;

/** What is asked of the archive. */
type Lists = Pick<DicomWeb, "studies" | "instances">;

export class DicomWebFeed implements StudyFeed {
  readonly everyMs = EVERY_MS;
  readonly #archive: Lists;
  readonly #state: PacsState;
  readonly #match: Match;
  readonly #options: FeedOptions;
  /** How many instances each study had when it was last noted, by its number and plus one; 0 if that is unknown. */
  readonly #instances = new Column(Uint32Array);
  #isToReprocess: boolean;

  /** @param match  Attributes of studies to search for. */
  constructor(archive: Lists, state: PacsState, match: Match, options: FeedOptions) {
    this.#archive = archive;
    this.#state = state;
    this.#match = match;
    this.#options = options;
    this.#isToReprocess = options.reprocess;
  }

  async look(signal: AbortSignal): Promise<void> {
    for await (const { studyInstanceUid, instances = 0 } of this.#archive.studies(this.#match, signal)) {
      const known = this.#state.studyOf(studyInstanceUid);
      if (known !== undefined && !this.#isToReprocess && !this.#isNews(known, instances)) continue;
      this.#instances.set(this.#state.noteStudy(studyInstanceUid), instances + 1);
    }
    this.#isToReprocess = false;
  }

  #isNews(study: number, instances: number): boolean {
    const before = this.#instances.get(study);
    if (before !== 0) return before !== instances + 1;
    if (this.#state.stampOf(study) !== String(instances)) return true;
    this.#instances.set(study, instances + 1);
    return false;
  }

  async list({ uid }: StudyPlace, signal: AbortSignal): Promise<StudyList> {
    // As the search counted them, which need not be as many as are listed.
    const counted = this.#instances.get(this.#state.studyOf(uid) ?? 0);
    const list = isUid(uid)
      ? sortImages(await this.#archive.instances(uid, signal), this.#options.modalities)
      : { images: [], passedOver: [{ code: "pacs/bad-uid", count: Math.max(counted - 1, 1) }] };
    return counted === 0 ? list : { ...list, stamp: String(counted - 1) };
  }
}
