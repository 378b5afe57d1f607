/**
 * The studies that are not done: their images are listed once they have been quiet, and they are closed when no image is left.
 *
 * Knows: the state folder, and by its port what the archive has.
 */

import { asXrayError } from "../../../errors.ts";
import type { PassedOver } from "../state/events.ts";
import type { OpenStudy } from "../state/open-work.ts";
import type { PacsState } from "../state/pacs-state.ts";
import type { Clock } from "./clock.ts";
import { AwayError, type Gate } from "./gate.ts";
import type { StudyFeed } from "./study-feed.ts";
import { type StudySummary, summaryOf } from "./study-summary.ts";
import type { Voice } from "./voice.ts";

/** A study that the archive still expects more of is asked about again after this time. */
const AGAIN_MS = 1000;
const AFTER_FAILURE_MS = 60_000;

export interface StudiesParts {
  readonly state: PacsState;
  /** Undefined if images come by themselves. */
  readonly feed: StudyFeed | undefined;
  readonly clock: Clock;
  readonly voice: Voice;
  readonly listing: Gate;
  readonly quietMs: number;
  readonly reprocess: boolean;
  /** Whether what fails is tried again. */
  readonly isPatient: () => boolean;
  /** Called with each image that is to be done. */
  readonly onImage: (image: number) => void;
}

interface Listed {
  readonly passedOver: readonly PassedOver[];
  readonly stamp?: string;
}

export class Studies {
  readonly #parts: StudiesParts;
  readonly #listed = new Map<number, Listed>();
  readonly #notBefore = new Map<number, number>();
  /** Studies that could not be listed when that was last tried. */
  readonly #failed = new Set<number>();

  constructor(parts: StudiesParts) {
    this.#parts = parts;
  }

  /**
   * The studies that are to be listed now, at most a number. Those that failed come last, the one first that has waited for
   * longest, so that they keep nobody else waiting.
   *
   * @param listing  Those that are being listed.
   */
  quiet(most: number, listing: ReadonlySet<number>): OpenStudy[] {
    const now = this.#parts.clock.now();
    const found: OpenStudy[] = [];
    const postponed: OpenStudy[] = [];
    for (const study of this.#parts.state.openStudies()) {
      if (found.length >= most) return found;
      if (study.isListed || listing.has(study.study) || now < this.#quietAt(study)) continue;
      if (!this.#notBefore.has(study.study)) found.push(study);
      else if (this.#isToTry(study)) postponed.push(study);
    }
    postponed.sort((a, b) => this.#notBefore.get(a.study)! - this.#notBefore.get(b.study)!);
    return [...found, ...postponed].slice(0, most);
  }

  #isToTry = ({ study }: OpenStudy): boolean => this.#parts.isPatient() || !this.#failed.has(study);

  #quietAt = ({ study, activity }: OpenStudy): number =>
    Math.max(activity + this.#parts.quietMs, this.#notBefore.get(study) ?? 0);

  /** Whether some study is still to be listed that did not fail. */
  get hasUnlisted(): boolean {
    for (const { study, isListed } of this.#parts.state.openStudies())
      if (!isListed && !this.#failed.has(study)) return true;
    return false;
  }

  /** When the next study is to be listed that is not yet; undefined if there is none. */
  nextAt(): number | undefined {
    const now = this.#parts.clock.now();
    let next: number | undefined;
    for (const study of this.#parts.state.openStudies()) {
      const at = this.#quietAt(study);
      if (!study.isListed && at > now && at < (next ?? Infinity)) next = at;
    }
    return next;
  }

  /** Take in which images a study has. A failure leaves it for later. */
  async list(study: OpenStudy, signal: AbortSignal): Promise<void> {
    const { state, feed, clock, voice, listing } = this.#parts;
    const { activity } = study;
    if (feed === undefined) {
      study.isListed = true;
      return;
    }
    try {
      const place = state.studyAt(study.study);
      const found = await listing.run(study.study, () => feed.list(place, signal), signal);
      this.#failed.delete(study.study);
      if (found === undefined) this.#notBefore.set(study.study, clock.now() + AGAIN_MS);
      // If something was noted meanwhile, the list may lack it.
      if (found === undefined || study.activity !== activity) return;
      this.#notBefore.delete(study.study);
      for (const image of found.images) this.#see(study.study, image);
      this.#listed.set(study.study, found);
      study.isListed = true;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AwayError) {
        // Others first: it may be this study's doing after all.
        this.#notBefore.set(study.study, clock.now() + AGAIN_MS);
        return;
      }
      const failure = asXrayError(error);
      if (failure.code === "internal/unexpected") throw error;
      this.#notBefore.set(study.study, clock.now() + AFTER_FAILURE_MS);
      this.#failed.add(study.study);
      voice.say(`study ${study.study} cannot be listed now: ${failure.message}`);
    }
  }

  #see(study: number, image: Parameters<PacsState["seeImage"]>[1]): void {
    const { state, reprocess, onImage } = this.#parts;
    if (state.isOwnResult(image.sopInstanceUid)) return;
    const seen = state.seeImage(study, image, { reprocess });
    if (seen === "new" || seen === "again") onImage(state.imageOf(image.sopInstanceUid)!);
  }

  /**
   * Close a study if nothing of it is left to do.
   *
   * @returns  What became of it; undefined if something is left, or if there was nothing new in it.
   */
  close(study: OpenStudy): StudySummary | undefined {
    const { state } = this.#parts;
    if (!study.isListed || state.openStudy(study.study) !== study) return undefined;
    for (const { step } of study.images.values()) if (step !== "none") return undefined;
    const { passedOver = [], stamp } = this.#listed.get(study.study) ?? {};
    const isFirst = state.isNew(study.study);
    state.closeStudy(study.study, passedOver, stamp);
    this.#listed.delete(study.study);
    const isWorthALine = study.images.size > 0 || isFirst;
    return isWorthALine ? summaryOf(study, passedOver) : undefined;
  }
}
