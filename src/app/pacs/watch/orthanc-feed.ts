/**
 * What is new in an Orthanc, by its log of changes.
 *
 * The cursor in that log is durable. Orthanc's own sign that a study is complete, StableStudy, gets lost when Orthanc is
 * restarted at the wrong moment, so every new instance, series or study counts, and the study's state is asked for. What the
 * log cannot tell (a log that was cleared, another database) comes out when the list of all studies is compared with ours: at
 * the start, after each failure, and once an hour.
 *
 * Knows: Orthanc's interface and the state.
 */

import type { Orthanc } from "../../../node/archive/orthanc.ts";
import type { OrthancChange, OrthancStudy } from "../../../node/archive/orthanc-answers.ts";
import type { Match } from "../../../node/archive/qido.ts";
import type { PacsState } from "../state/pacs-state.ts";
import type { Clock } from "../work/clock.ts";
import type { StudyFeed, StudyList, StudyPlace } from "../work/study-feed.ts";
import { sortImages } from "./sort-images.ts";

const EVERY_MS = 1000;
const COMPARE_EVERY_MS = 3_600_000;
const CHANGES_PAGE = 100;
const STUDIES_PAGE = 1000;
/** Behind every change that a log can have: the answer is its end. */
const END_OF_LOG = Number.MAX_SAFE_INTEGER;
const NEWS = new Set(["NewInstance", "NewSeries", "NewStudy"]);

/** What a feed of studies is asked for. */
export interface FeedOptions {
  /** The modalities that are read; any if undefined. */
  readonly modalities: readonly string[] | undefined;
  /** Whether to look at studies again that are done. */
  readonly reprocess: boolean;
}

interface OrthancFeedOptions extends FeedOptions {
  /** Attributes of the studies that are taken. */
  readonly studies: Match;
}

export class OrthancFeed implements StudyFeed {
  readonly everyMs = EVERY_MS;
  readonly #orthanc: Orthanc;
  readonly #state: PacsState;
  readonly #clock: Clock;
  readonly #options: OrthancFeedOptions;
  #compareAt = 0;
  #isToReprocess: boolean;

  constructor(orthanc: Orthanc, state: PacsState, clock: Clock, options: OrthancFeedOptions) {
    this.#orthanc = orthanc;
    this.#state = state;
    this.#clock = clock;
    this.#options = options;
    this.#isToReprocess = options.reprocess;
  }

  async look(signal: AbortSignal): Promise<void> {
    const compareAt = this.#compareAt;
    // Until this look has succeeded: whatever stopped it may have been a restart, with another database.
    this.#compareAt = 0;
    const before = this.#state.cursor;
    let cursor = before ?? (await this.#orthanc.changes(END_OF_LOG, 1, signal)).last;
    let isOther = before === undefined;
    for (;;) {
      const { changes, done, last } = await this.#orthanc.changes(cursor, CHANGES_PAGE, signal);
      await this.#note(changes, signal);
      isOther ||= last < cursor;
      cursor = last;
      if (done || changes.length === 0) break;
      this.#state.moveCursor(cursor);
    }
    const now = this.#clock.now();
    const isDue = isOther || now >= compareAt;
    if (isDue) await this.#compare(signal);
    this.#compareAt = isDue ? now + COMPARE_EVERY_MS : compareAt;
    // After the studies, so that the journal never has a cursor without what it stands for.
    this.#state.moveCursor(cursor);
  }

  /** Note the studies of changes. */
  async #note(changes: readonly OrthancChange[], signal: AbortSignal): Promise<void> {
    const news = changes.filter(({ type }) => NEWS.has(type));
    const studies = await Promise.all(news.map((change) => this.#studyOf(change, signal)));
    const noted = new Map(
      studies.flatMap((study) => (study === undefined ? [] : [[study.id, study] as const])),
    );
    for (const { id, studyInstanceUid } of noted.values()) this.#state.noteStudy(studyInstanceUid, id);
  }

  #studyOf({ resource, id }: OrthancChange, signal: AbortSignal): Promise<OrthancStudy | undefined> {
    if (resource === "Study") return this.#orthanc.study(id, signal);
    if (resource === "Series" || resource === "Instance") return this.#orthanc.studyOf(resource, id, signal);
    return Promise.resolve(undefined);
  }

  /** Note all studies that we do not know, or that have changed since they were done. */
  async #compare(signal: AbortSignal): Promise<void> {
    for (let since = 0; ; ) {
      const studies = await this.#orthanc.studies(since, STUDIES_PAGE, signal);
      for (const study of studies)
        if (this.#isNews(study)) this.#state.noteStudy(study.studyInstanceUid, study.id);
      since += studies.length;
      if (studies.length < STUDIES_PAGE) break;
    }
    this.#isToReprocess = false;
  }

  #isNews({ studyInstanceUid, lastUpdate }: OrthancStudy): boolean {
    const study = this.#state.studyOf(studyInstanceUid);
    if (study === undefined || this.#isToReprocess) return true;
    return this.#state.openStudy(study) === undefined && this.#state.stampOf(study) !== lastUpdate;
  }

  async list({ at }: StudyPlace, signal: AbortSignal): Promise<StudyList | undefined> {
    const study = at === undefined ? undefined : await this.#orthanc.study(at, signal);
    if (study === undefined) return { images: [], passedOver: [] };
    if (!study.isStable) return undefined;
    if (!(await this.#orthanc.matches(study, this.#options.studies, signal)))
      return { images: [], passedOver: [] };
    const list = sortImages(await this.#orthanc.instances(study, signal), this.#options.modalities);
    return study.lastUpdate === undefined ? list : { ...list, stamp: study.lastUpdate };
  }
}
