/**
 * The state of a watcher or a listener: which images it knows, what has become of each, and what is still to be done.
 *
 * Everything is written to the journal as it is said, and counts once `saved` has returned. One process at a time has a state
 * folder.
 *
 * Knows: the state folder. Not archives, nor models.
 */

import type { ResultObject } from "../../../report/dicom/result-object.ts";
import type { ArchiveImage } from "../ports.ts";
import { isNewMark } from "./archive-mark.ts";
import type { DurableFolder } from "./durable-folder.ts";
import type { PassedOver, Step } from "./events.ts";
import type { KeptResults } from "./kept-results.ts";
import { isElsewhere, notedAs, replacedBy, wasGone } from "./noted.ts";
import { OpenState } from "./open-state.ts";
import type { OpenImage } from "./open-work.ts";
import { openParts, type StateOptions, type StateParts } from "./state-parts.ts";

/** How often a process may die while it reads one image alone before that image is set aside. */
export const MOST_DEATHS = 5;

/** What became of an image that was shown to the state. */
export type Seen = "new" | "open" | "known" | "again";

export class PacsState extends OpenState {
  /** Files that were received, for as long as they are needed. */
  readonly received: DurableFolder;
  readonly #kept: KeptResults;
  readonly #now: () => number;
  readonly #identity: number;

  private constructor(parts: StateParts, { identity, about, now = Date.now }: StateOptions) {
    super(parts);
    this.#kept = parts.kept;
    this.received = parts.received;
    this.#now = now;
    const known = parts.memory.identities.indexOf(identity);
    this.#identity = known > 0 ? known : Math.max(parts.memory.identities.length, 1);
    const facts = about === undefined ? {} : { about };
    if (known < 0) this.add({ event: "identity", identity: this.#identity, name: identity, ...facts });
  }

  /**
   * Claim a state folder and read it; it is made if it is missing.
   *
   * @throws  XrayError `file/in-use`, `file/…`, `pacs/bad-state`, `pacs/other-archive`.
   */
  static async open(folder: string, options: StateOptions): Promise<PacsState> {
    const parts = await openParts(folder, options.mostUseless);
    try {
      const { archive, hasMoved = false } = options;
      const isNew = isNewMark(folder, parts.memory.archive, archive, hasMoved);
      const state = new PacsState(parts, options);
      if (isNew) state.add({ event: "archive", ...archive });
      await state.#begin();
      return state;
    } catch (error) {
      await parts.journal.close();
      parts.claim.release();
      throw error;
    }
  }

  /** Count the attempts during which the last process died, and remove the files that it left. */
  async #begin(): Promise<void> {
    const now = this.#now();
    this.noteBack();
    for (const study of this.memory.openStudies.values()) study.activity = now;
    for (const { image, attempt } of this.memory.openImages())
      if (attempt !== undefined) this.add({ event: "died", image, alone: attempt.alone });
    for (const image of this.memory.openImages())
      if (image.deaths >= MOST_DEATHS && image.step === "read")
        this.setAside(image, {
          code: "pacs/deadly",
          message: `the program was ended ${image.deaths} times while it read this image alone`,
        });
    await this.saved();
    const isKept = (image: number): boolean => this.memory.openImage(image)?.step === "store";
    const aside = new Set(this.memory.endedAs("aside"));
    await this.#kept.removeOthers((image) => isKept(image) || aside.has(image));
    await this.#removeReceived(aside);
  }

  /** Remove files that were received and are not needed: whoever sent them was not told that they are safe, or they are done. */
  async #removeReceived(aside: ReadonlySet<number>): Promise<void> {
    const names = this.received.names();
    if (names.length === 0) return;
    const needed = new Set<string | undefined>();
    for (const { at, step } of this.memory.openImages()) if (step !== "none") needed.add(at);
    for (const image of aside) {
      const noted = this.at(this.memory.endOf(image)!.line);
      if ("at" in noted) needed.add(noted.at);
    }
    for (const name of names) if (!needed.has(name)) await this.received.remove(name);
  }

  #time = (): string => new Date(this.#now()).toISOString();

  /** Say that the archive cannot be worked with. */
  noteAway({ code, message }: Reason): void {
    if (this.memory.away?.code === code) return;
    const time = this.memory.away?.time ?? this.#time();
    this.add({ event: "away", code, reason: message, time });
    // What cannot be written now is written with what comes next.
    this.saved().catch(() => undefined);
  }

  /** Say that the archive works again, or that nothing is known yet. */
  noteBack(): void {
    if (this.memory.away !== undefined) this.add({ event: "back" });
  }

  moveCursor(since: number): void {
    if (since !== this.memory.cursor) this.add({ event: "cursor", since });
  }

  /**
   * Say that there is something new in a study. Returns its number.
   *
   * @param at  How the archive finds it now. In Orthanc that depends on the patient's identifier, which may be corrected.
   */
  noteStudy(uid: string, at?: string): number {
    const known = this.memory.studyOf(uid);
    const study = known ?? this.memory.counts.studies + 1;
    const place = at === undefined ? {} : { at };
    const isMoved = known !== undefined && at !== undefined && this.studyAt(study).at !== at;
    if (known === undefined) this.add({ event: "study", study, uid, ...place });
    else if (isMoved) this.add({ event: "noted", study, ...place });
    else if (!this.memory.openStudies.has(study)) this.add({ event: "noted", study });
    const open = this.memory.openStudies.get(study)!;
    open.activity = this.#now();
    open.isListed = false;
    return study;
  }

  /** Say that nothing of a study is left to do. */
  closeStudy(study: number, passedOver: readonly PassedOver[], stamp?: string): void {
    const more = stamp === undefined ? {} : { stamp };
    this.add({ event: "done", study, passedOver, ...more, time: this.#time() });
  }

  /**
   * Show an image of a study that was noted.
   *
   * An image that the archive had lost is done again, since it is there once more; and so is one that it finds elsewhere now:
   * somebody has corrected the patient's identifier, which results carry.
   *
   * @param reprocess  Whether an image that is done is done again if another identity did it.
   * @returns          "new", "open" if it is being worked on, "known" if it is done, "again" if it is to be done again.
   */
  seeImage(study: number, image: ArchiveImage, { reprocess = false } = {}): Seen {
    const known = this.memory.imageOf(image.sopInstanceUid);
    const noted = notedAs(study, image);
    if (known === undefined) {
      this.add({ event: "image", image: this.memory.counts.images + 1, ...noted });
      return "new";
    }
    const end = this.memory.endOf(known);
    const isMoved = isElsewhere(this.at(this.memory.imageLine(known)), image);
    if (end === undefined) {
      const open = this.memory.openImage(known);
      if (!isMoved || open === undefined) return "open";
      this.add({ event: "again", image: known, ...noted, predecessors: open.predecessors });
      return "again";
    }
    const isAnothers = end.identity !== this.#identity;
    const before = this.at(end.end);
    if (!(reprocess && isAnothers) && !isMoved && !wasGone(before)) return "known";
    // Of the same model, the new results have the UIDs of those before.
    const predecessors = isAnothers ? replacedBy(before) : [];
    this.add({ event: "again", image: known, ...noted, predecessors });
    return "again";
  }

  /** Whether the work on an image has ended under another identity. */
  isOfAnother(image: number): boolean {
    const end = this.memory.endOf(image);
    return end !== undefined && end.identity !== this.#identity;
  }

  /** The hash of an image's content as it was first noted; undefined if none was, or while the image is open. */
  contentOf(image: number): string | undefined {
    const end = this.memory.endOf(image);
    const noted = end === undefined ? undefined : this.at(end.line);
    return noted !== undefined && "content" in noted ? noted.content : undefined;
  }

  /**
   * Have an image done again whose work has ended.
   *
   * @param isSame  Whether it is as it was, so that results of it that are kept still count.
   */
  doAgain(study: number, image: ArchiveImage, isSame: boolean): void {
    const known = this.memory.imageOf(image.sopInstanceUid)!;
    const before = this.at(this.memory.endOf(known)!.end);
    const kept =
      isSame && before.event === "aside" && before.objects !== undefined
        ? { objects: before.objects, predecessors: before.predecessors ?? [], keptBy: before.identity }
        : {};
    this.add({ event: "again", image: known, ...notedAs(study, image), ...kept });
  }

  /** Put back the images that were set aside. Returns how many there were. */
  retryAside(): number {
    const images = [...this.memory.endedAs("aside")];
    for (const image of images) {
      const { line, end } = this.memory.endOf(image)!;
      const [noted, aside] = [this.at(line), this.at(end)];
      if ((noted.event !== "image" && noted.event !== "again") || aside.event !== "aside")
        throw new Error("a line of the journal is not where it was");
      const { objects = [], predecessors = [], identity } = aside;
      this.add({ ...noted, event: "again", objects, predecessors, keptBy: identity });
    }
    return images.length;
  }

  /** Have an image whose kept results are gone read once more. */
  readAgain({ image, study, predecessors, ...noted }: OpenImage): void {
    const { uid, series, class: sopClass, modality, at } = noted;
    const optional = {
      ...(sopClass && { class: sopClass }),
      ...(modality && { modality }),
      ...(at && { at }),
    };
    this.add({ event: "again", image, study, uid, series, ...optional, predecessors });
  }

  beginAttempt({ image }: OpenImage, alone: boolean): void {
    this.add({ event: "try", image, alone });
  }

  stopAttempt({ image }: OpenImage): void {
    this.add({ event: "stopped", image });
  }

  /** Keep the results of an image, saved when this returns. Throws XrayError `file/…`. */
  async keepResults({ image }: OpenImage, results: readonly ResultObject[]): Promise<void> {
    await this.#kept.write(image, results);
    const objects = results.map(({ kind, seriesInstanceUid, sopClassUid, sopInstanceUid }) => ({
      kind,
      series: seriesInstanceUid,
      class: sopClassUid,
      uid: sopInstanceUid,
    }));
    this.add({ event: "kept", image, identity: this.#identity, objects });
    await this.saved();
  }

  /** The results that are kept of an image. Throws XrayError `file/…`. */
  keptResults({ image, study, objects }: OpenImage): Promise<ResultObject[]> {
    return this.#kept.read(image, this.studyAt(study).uid, objects);
  }

  /** Say that the archive has accepted an image's results; saved when this returns. Throws XrayError `file/…`. */
  async accept({ image, objects, keptBy }: OpenImage): Promise<void> {
    this.add({ event: "accepted", image, identity: keptBy, objects, time: this.#time() });
    await this.saved();
    // What cannot be removed now is removed at the next start.
    await this.#kept.remove(image, objects).catch(() => undefined);
  }

  refuse({ image }: OpenImage, code: string, reason: string): void {
    this.add({ event: "refused", image, identity: this.#identity, code, reason, time: this.#time() });
  }

  /** Say that an image has no results after all; saved when this returns. Throws XrayError `file/…`. */
  async dropResults(image: OpenImage, code: string, reason: string): Promise<void> {
    if (image.step === "store") this.refuse(image, code, reason);
    await this.saved();
    // What cannot be removed now is removed at the next start.
    await this.#kept.remove(image.image, image.objects).catch(() => undefined);
  }

  /** @param until  When it will be tried again, in milliseconds since 1970. */
  fail({ image }: OpenImage, step: Step, error: Reason, until: number): void {
    this.add({ event: "failed", image, step, code: error.code, reason: error.message, until });
  }

  /** Give an image up until somebody asks for it. Its results, if there are some, stay. */
  setAside({ image, objects, predecessors, keptBy }: OpenImage, { code, message }: Reason): void {
    const identity = objects.length === 0 ? this.#identity : keptBy;
    this.add({
      event: "aside",
      ...{ image, identity, objects, predecessors, code, reason: message, time: this.#time() },
    });
  }
}

/** Why an attempt failed. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}
