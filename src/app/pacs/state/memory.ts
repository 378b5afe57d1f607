/**
 * What a process remembers of a journal: all of the studies and images that are not done yet, and of those that are, some
 * 60 bytes each, from which their lines are found.
 *
 * Knows: events. Not files.
 */

import { XrayError } from "../../../errors.ts";
import type { ArchiveMark } from "./archive-mark.ts";
import { Column } from "./column.ts";
import { JOURNAL_VERSION, type ModelFacts, type NotedImage, type StateEvent } from "./events.ts";
import type { OpenImage, OpenStudy } from "./open-work.ts";
import { UidIndex } from "./uid-index.ts";

/** How the work on an image has ended, as a number; 0 if it has not. */
const ENDS = { accepted: 1, refused: 2, aside: 3 } as const;

/** A line of the journal that contradicts others. */
const contradiction = (event: StateEvent): XrayError =>
  new XrayError("pacs/bad-state", `a line of kind ${event.event} contradicts the lines before it`, {
    event: event.event,
  });

export class Memory {
  readonly #studies = new UidIndex();
  readonly #images = new UidIndex();
  readonly #results = new UidIndex();
  readonly #studyLine = new Column(Float64Array);
  readonly #studyPlaceLine = new Column(Float64Array);
  readonly #doneLine = new Column(Float64Array);
  readonly #imageLine = new Column(Float64Array);
  readonly #imageStudy = new Column(Uint32Array);
  readonly #end = new Column(Uint8Array);
  readonly #endLine = new Column(Float64Array);
  readonly #endIdentity = new Column(Uint16Array);
  #cursorLine = -1;
  #archiveLine = -1;
  #awayLine = -1;

  readonly identities: string[] = [];
  readonly models: (ModelFacts | undefined)[] = [];
  readonly openStudies = new Map<number, OpenStudy>();
  cursor: number | undefined;
  archive: ArchiveMark | undefined;
  /** Since when the archive is away, and why; undefined if it is not. */
  away: Extract<StateEvent, { event: "away" }> | undefined;

  get counts() {
    return { studies: this.#studies.count, images: this.#images.count };
  }

  studyOf(uid: string): number | undefined {
    return this.#studies.numberOf(uid);
  }

  imageOf(uid: string): number | undefined {
    return this.#images.numberOf(uid);
  }

  /** Whether a UID is that of a result that was made here. */
  isOwnResult(uid: string): boolean {
    return this.#results.numberOf(uid) !== undefined;
  }

  /** Where the journal says which study it is. */
  studyLine = (study: number): number => this.#studyLine.get(study);

  /** Where the journal last says how the archive finds it; 0 if it has not said so since the study's own line. */
  studyPlaceLine = (study: number): number => this.#studyPlaceLine.get(study);

  /** Where the journal says that it was last done; undefined if it never was. */
  doneLine(study: number): number | undefined {
    const line = this.#doneLine.get(study);
    return line === 0 ? undefined : line;
  }

  /** Where the journal last says which image it is. */
  imageLine = (image: number): number => this.#imageLine.get(image);

  /** The lines of an image whose work has ended, and the identity that ended it; undefined if it has not. */
  endOf(
    image: number,
  ): { readonly line: number; readonly end: number; readonly identity: number } | undefined {
    const end = this.#end.get(image);
    if (end === 0) return undefined;
    return {
      line: this.#imageLine.get(image),
      end: this.#endLine.get(image),
      identity: this.#endIdentity.get(image),
    };
  }

  /** In which way the work on an image has ended; undefined if it has not. */
  wayOf(image: number): keyof typeof ENDS | undefined {
    const end = this.#end.get(image);
    return (Object.keys(ENDS) as (keyof typeof ENDS)[]).find((way) => ENDS[way] === end);
  }

  /** The numbers of the images whose work has ended in a way. */
  *endedAs(event: keyof typeof ENDS): Generator<number> {
    for (let image = 1; image <= this.#images.count; image++)
      if (this.#end.get(image) === ENDS[event]) yield image;
  }

  /** The study that an image is of. */
  studyOfImage = (image: number): number => this.#imageStudy.get(image);

  /** An image of a study that is not done; undefined for others. */
  openImage(image: number): OpenImage | undefined {
    return this.openStudies.get(this.#imageStudy.get(image))?.images.get(image);
  }

  /** All images of studies that are not done. */
  *openImages(): Generator<OpenImage> {
    for (const { images } of this.openStudies.values()) yield* images.values();
  }

  /**
   * Whether a line is still needed.
   *
   * @param offset  Where it is in the journal.
   */
  isLive(event: StateEvent, offset: number): boolean {
    switch (event.event) {
      case "state":
      case "identity":
      case "study":
      case "image":
        return true;
      case "cursor":
        return offset === this.#cursorLine;
      case "archive":
        return offset === this.#archiveLine;
      case "away":
        return offset === this.#awayLine;
      case "back":
        return false;
      case "noted":
        return this.openStudies.has(event.study) || offset === this.#studyPlaceLine.get(event.study);
      case "done":
        return this.openStudies.has(event.study) || offset === this.#doneLine.get(event.study);
      default:
        return (
          this.openStudies.has(this.#imageStudy.get(event.image)) ||
          offset === this.#endLine.get(event.image) ||
          offset === this.#imageLine.get(event.image)
        );
    }
  }

  /**
   * Take in an event.
   *
   * @throws  XrayError `pacs/bad-state`.
   */
  apply(event: StateEvent, offset: number): void {
    switch (event.event) {
      case "state":
        if (event.version !== JOURNAL_VERSION)
          throw new XrayError(
            "pacs/bad-state",
            "the folder was written by another version of this program; use that one, or name a new folder",
            { version: event.version },
          );
        return;
      case "identity":
        this.identities[event.identity] = event.name;
        this.models[event.identity] = event.about;
        return;
      case "cursor":
        this.cursor = event.since;
        this.#cursorLine = offset;
        return;
      case "archive":
        this.archive = event;
        this.#archiveLine = offset;
        return;
      case "away":
        this.away = event;
        this.#awayLine = offset;
        return;
      case "back":
        this.away = undefined;
        this.#awayLine = -1;
        return;
      case "study":
        if (this.#studies.add(event.uid) !== event.study || this.#studyLine.get(event.study) !== 0)
          throw contradiction(event);
        this.#studyLine.set(event.study, offset);
        this.#openStudy(event.study);
        return;
      case "noted":
        if (event.at !== undefined) this.#studyPlaceLine.set(event.study, offset);
        this.#openStudy(event.study);
        return;
      case "done":
        this.#doneLine.set(event.study, offset);
        this.openStudies.delete(event.study);
        return;
      case "image":
        if (this.#images.add(event.uid) !== event.image || this.#imageLine.get(event.image) !== 0)
          throw contradiction(event);
        this.#imageLine.set(event.image, offset);
        this.#imageStudy.set(event.image, event.study);
        this.#openImage(event, {});
        return;
      case "again":
        this.#end.set(event.image, 0);
        this.#imageLine.set(event.image, offset);
        this.#imageStudy.set(event.image, event.study);
        this.#openStudy(event.study);
        this.#openImage(event, event);
        return;
      default:
        this.#applyToImage(event, offset);
    }
  }

  #openStudy(study: number): void {
    if (this.openStudies.has(study)) return;
    this.openStudies.set(study, { study, images: new Map(), activity: 0, isListed: false });
  }

  #openImage(
    noted: NotedImage,
    before: Partial<Pick<OpenImage, "predecessors" | "objects" | "keptBy">>,
  ): void {
    const { image, study, uid, series, class: sopClass, modality, at, content } = noted;
    const { predecessors = [], objects = [], keptBy = 0 } = before;
    this.openStudies.get(study)?.images.set(image, {
      ...{ image, study, uid, series, predecessors, objects, keptBy },
      ...(sopClass === undefined ? {} : { class: sopClass }),
      ...(modality === undefined ? {} : { modality }),
      ...(at === undefined ? {} : { at }),
      ...(content === undefined ? {} : { content }),
      step: objects.length === 0 ? "read" : "store",
      attempt: undefined,
      isSuspect: false,
      deaths: 0,
      failures: 0,
      lastFailure: undefined,
      outcome: undefined,
    });
  }

  #applyToImage(event: Extract<StateEvent, { image: number }>, offset: number): void {
    const open = this.openImage(event.image);
    if (open === undefined) throw contradiction(event);
    if ("objects" in event) for (const { uid } of event.objects ?? []) this.#results.add(uid);
    open.attempt = event.event === "try" ? { alone: event.alone } : undefined;
    switch (event.event) {
      case "died":
        open.isSuspect = true;
        if (event.alone) open.deaths += 1;
        return;
      case "kept":
        open.step = "store";
        open.objects = event.objects;
        open.keptBy = event.identity;
        open.failures = 0;
        open.lastFailure = undefined;
        open.isSuspect = false;
        return;
      case "failed":
        if (event.step === "read") open.isSuspect = false;
        open.failures += 1;
        open.lastFailure = event;
        return;
      case "accepted":
      case "refused":
      case "aside":
        open.step = "none";
        open.outcome = event;
        this.#end.set(event.image, ENDS[event.event]);
        this.#endLine.set(event.image, offset);
        this.#endIdentity.set(event.image, event.identity);
        return;
      default:
    }
  }
}
