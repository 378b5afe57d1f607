/**
 * A state folder that is open: what can be asked of it, and how it is saved.
 *
 * Knows: the journal and what is remembered of it. `pacs-state.ts` adds to it.
 */

import type { Claim } from "../../../node/claim.ts";
import type { StateEvent } from "./events.ts";
import type { Journal } from "./journal.ts";
import type { Memory } from "./memory.ts";
import type { OpenImage, OpenStudy } from "./open-work.ts";
import type { StateParts } from "./state-parts.ts";

export class OpenState {
  readonly #claim: Claim;
  readonly #journal: Journal;
  protected readonly memory: Memory;

  protected constructor({ claim, journal, memory }: StateParts) {
    this.#claim = claim;
    this.#journal = journal;
    this.memory = memory;
  }

  protected add(event: StateEvent): void {
    this.memory.apply(event, this.#journal.add(event));
  }

  /** The event at a place in the journal. */
  protected at(offset: number): StateEvent {
    return this.#journal.at(offset);
  }

  /** Whether the folder is still ours: a suspended process may have lost it. Throws XrayError `file/not-accessible`. */
  get isHeld(): boolean {
    return this.#claim.isHeld;
  }

  /**
   * Wait until the disk has everything that was said so far.
   *
   * @throws  XrayError `file/not-accessible`; nothing is lost then: call it again once the disk has room.
   */
  saved(): Promise<void> {
    return this.#journal.saved();
  }

  /** Give the folder back. What is not saved is lost. */
  async close(): Promise<void> {
    await this.#journal.close();
    this.#claim.release();
  }

  /** How far the archive's changes have been read; undefined before the first time. */
  get cursor(): number | undefined {
    return this.memory.cursor;
  }

  /** The number of a study; undefined if it is unknown. */
  studyOf(uid: string): number | undefined {
    return this.memory.studyOf(uid);
  }

  /** The number of an image; undefined if it is unknown. */
  imageOf(uid: string): number | undefined {
    return this.memory.imageOf(uid);
  }

  /** In which way the work on an image has ended; undefined if it has not. */
  endOf(image: number): "accepted" | "refused" | "aside" | undefined {
    return this.memory.wayOf(image);
  }

  /** Whether a UID is that of a result that was made here. */
  isOwnResult(uid: string): boolean {
    return this.memory.isOwnResult(uid);
  }

  /** Whether a study has never been done. */
  isNew(study: number): boolean {
    return this.memory.doneLine(study) === undefined;
  }

  /** The archive's mark of a study's last change as of when it was last done; undefined if there is none. */
  stampOf(study: number): string | undefined {
    const line = this.memory.doneLine(study);
    const event = line === undefined ? undefined : this.#journal.at(line);
    return event?.event === "done" ? event.stamp : undefined;
  }

  /** Which study a number means. */
  studyAt(study: number): { readonly uid: string; readonly at?: string } {
    const event = this.#journal.at(this.memory.studyLine(study));
    if (event.event !== "study") throw new Error("a line of the journal is not where it was");
    const line = this.memory.studyPlaceLine(study);
    const place = line === 0 ? event : this.#journal.at(line);
    const at = place.event === "study" || place.event === "noted" ? place.at : undefined;
    return { uid: event.uid, ...(at === undefined ? {} : { at }) };
  }

  /** The studies that are not done, in the order in which they were noted. */
  openStudies(): IterableIterator<OpenStudy> {
    return this.memory.openStudies.values();
  }

  openStudy(study: number): OpenStudy | undefined {
    return this.memory.openStudies.get(study);
  }

  openImages(): IterableIterator<OpenImage> {
    return this.memory.openImages();
  }

  openImage(image: number): OpenImage | undefined {
    return this.memory.openImage(image);
  }
}
