/**
 * The loop of a watcher and of a listener: takes what is due, several images at once, until it is told to end.
 *
 * What happens to one image is in `image-steps.ts`, what happens to a study in `studies.ts`.
 *
 * Knows: the state folder, and by ports an archive and a reader.
 */

import { setMaxListeners } from "node:events";
import { XrayError } from "../../../errors.ts";
import type { ArchiveImage, ImageSourcePort, ResultTarget } from "../ports.ts";
import type { OpenImage } from "../state/open-work.ts";
import type { PacsState, Seen } from "../state/pacs-state.ts";
import type { Clock } from "./clock.ts";
import { Disk } from "./disk.ts";
import { AwayError, type Gate } from "./gate.ts";
import { Gates } from "./gates.ts";
import { type ImageReader, ImageSteps, LONGEST_PAUSE_MS } from "./image-steps.ts";
import { Lanes, type Turn } from "./lanes.ts";
import { Studies } from "./studies.ts";
import type { StudyFeed } from "./study-feed.ts";
import type { StudySummary } from "./study-summary.ts";
import { Voice } from "./voice.ts";

const LIST_AT_ONCE = 4;
/** While so many images wait, no more studies are listed, so that memory does not grow with the archive. */
const MOST_WAITING = 500;
/** How often to check that the state folder is still ours, and to look around if nothing else is to be done. */
const CHECK_MS = 5000;
const LEAST_PAUSE_MS = 50;

export interface WorkParts {
  readonly state: PacsState;
  readonly source: ImageSourcePort;
  readonly target: ResultTarget;
  readonly reader: ImageReader;
  /** Undefined if images come by themselves, by `show`. */
  readonly feed?: StudyFeed | undefined;
  readonly clock: Clock;
  /** Says a line to people. */
  readonly say: (line: string) => void;
  /** Called when nothing of a study is left to do. */
  readonly onDone: (summary: StudySummary) => void;
  /** Called when an image has been accepted or refused. */
  readonly onSettled?: (image: OpenImage) => Promise<void>;
  /** How long nothing new must have come of a study before it is handled. */
  readonly quietMs: number;
  /** Whether what another model or version did is done again. */
  readonly reprocess?: boolean;
}

export class WorkLoop {
  readonly #parts: WorkParts;
  readonly #steps: ImageSteps;
  readonly #studies: Studies;
  readonly #disk: Disk;
  readonly #looking: Gate;
  readonly #lanes = new Lanes();
  readonly #running = new Set<Promise<void>>();
  /** Images that are being worked on. */
  readonly #busy = new Set<number>();
  readonly #listing = new Set<number>();
  #failure: unknown;
  #isOnce = false;
  #nextCheck = 0;
  #isWoken = false;
  #endPause: () => void = () => undefined;

  constructor(parts: WorkParts) {
    const { state, source, target, reader, feed, clock, say, quietMs, reprocess = false } = parts;
    this.#parts = parts;
    const voice = new Voice(say, () => clock.now());
    const onFailure = (error: Error): void => this.#endIfOnce(error);
    const isPatient = (): boolean => !this.#isOnce;
    const gates = new Gates({ state, clock, voice, onAway: onFailure, isPatient });
    this.#disk = new Disk(clock, voice);
    this.#looking = gates.make();
    this.#steps = new ImageSteps({
      ...{ state, source, target, reader, clock, disk: this.#disk },
      ...{ fetching: gates.make(), storing: gates.make() },
      isListed: feed !== undefined,
      onSettled: parts.onSettled,
    });
    const onImage = (image: number): void => this.#lanes.add(state.openImage(image)!);
    this.#studies = new Studies({
      ...{ state, feed, clock, voice, quietMs, reprocess, isPatient, onImage },
      listing: gates.make(),
    });
  }

  /** Work that is done once does not wait for an archive that is away. */
  #endIfOnce(error: Error): void {
    if (!this.#isOnce) return;
    this.#failure ??= error;
    this.#wake();
  }

  /** Show an image of a noted study that came by itself; it is worked on at once. */
  show(study: number, image: ArchiveImage): Seen {
    const { state, reprocess = false } = this.#parts;
    const seen = state.seeImage(study, image, { reprocess });
    if (seen === "new" || seen === "again")
      this.#lanes.add(state.openImage(state.imageOf(image.sopInstanceUid)!)!);
    this.#wake();
    return seen;
  }

  /** Have an image of a noted study done again whose work has ended. @param isSame  Whether it is as it was. */
  redo(study: number, image: ArchiveImage, isSame: boolean): void {
    const { state } = this.#parts;
    state.doAgain(study, image, isSame);
    this.#lanes.add(state.openImage(state.imageOf(image.sopInstanceUid)!)!);
    this.#wake();
  }

  /**
   * Work until the signal is aborted; then what is under way is ended in order, and everything is saved.
   *
   * @throws  XrayError `file/in-use` if the state folder was taken over or removed. What is unforeseen ends the work, too.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { feed } = this.#parts;
    await this.#work(
      signal,
      async (both) => {
        if (feed !== undefined) await this.#keepLooking(feed, both);
      },
      () => false,
    );
  }

  /**
   * Do what there is to do now, and end.
   *
   * @returns  Whether nothing is left that failed and is to be tried again.
   * @throws   XrayError `pacs/…` if the archive is away.
   */
  async runOnce(signal: AbortSignal): Promise<boolean> {
    const { feed, state } = this.#parts;
    this.#isOnce = true;
    let isLooked = false;
    await this.#work(
      signal,
      async (both) => {
        if (feed !== undefined)
          await this.#look(feed, both).catch((error: unknown) => {
            if (!both.aborted) throw error;
          });
        isLooked = true;
      },
      () => isLooked && this.#running.size === 0 && !this.#hasMoreNow(),
    );
    return [...state.openStudies()].length === 0;
  }

  async #work(
    signal: AbortSignal,
    look: (signal: AbortSignal) => Promise<void>,
    isOver: () => boolean,
  ): Promise<void> {
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    // Each image that is worked on listens.
    setMaxListeners(0, both);
    both.addEventListener("abort", () => this.#wake(), { once: true });
    // The clock may have been wrong when a pause was noted.
    const latest = this.#parts.clock.now() + LONGEST_PAUSE_MS;
    for (const image of this.#parts.state.openImages()) this.#lanes.add(image, latest);
    this.#start(() => look(both));
    try {
      while (!both.aborted && this.#failure === undefined) {
        await this.#checkClaim(both);
        this.#startDue(both);
        if (isOver()) break;
        await this.#next();
      }
    } finally {
      ending.abort();
      await Promise.allSettled(this.#running);
    }
    if (this.#failure !== undefined) throw this.#failure;
    await this.#parts.state.saved();
  }

  #hasMoreNow(): boolean {
    if (this.#lanes.isDue(this.#parts.clock.now())) return true;
    return this.#studies.hasUnlisted;
  }

  /** Start some work; what it throws ends the loop. */
  #start(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#running.delete(running);
        this.#wake();
      });
    this.#running.add(running);
  }

  #wake(): void {
    this.#isWoken = true;
    this.#endPause();
  }

  /** Wait until something has ended or come, or is due. */
  async #next(): Promise<void> {
    if (!this.#isWoken) {
      const { clock } = this.#parts;
      const woken = new AbortController();
      this.#endPause = () => woken.abort();
      const at = Math.min(this.#lanes.nextAt ?? Infinity, this.#studies.nextAt() ?? Infinity);
      const pause = Math.min(Math.max(at - clock.now(), LEAST_PAUSE_MS), CHECK_MS);
      // Not `AbortSignal.any` with the one that ends the work: each would leave something behind on it.
      await clock.pause(pause, woken.signal);
    }
    this.#isWoken = false;
  }

  async #keepLooking(feed: StudyFeed, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look(feed, signal).catch((error: unknown) => {
        if (!(error instanceof AwayError) && !signal.aborted) throw error;
      });
      await this.#parts.clock.pause(feed.everyMs, signal);
    }
  }

  async #look(feed: StudyFeed, signal: AbortSignal): Promise<void> {
    await this.#looking.run(undefined, () => feed.look(signal), signal);
    await this.#disk.persist(() => this.#parts.state.saved(), signal);
    this.#wake();
  }

  async #checkClaim(signal: AbortSignal): Promise<void> {
    const now = this.#parts.clock.now();
    if (now < this.#nextCheck) return;
    this.#nextCheck = now + CHECK_MS;
    const isHeld = await this.#disk.persist(async () => this.#parts.state.isHeld, signal);
    if (!isHeld)
      throw new XrayError(
        "file/in-use",
        "the state folder was removed, or another process has taken it over; this one ends",
      );
  }

  #startDue(signal: AbortSignal): void {
    for (const turn of this.#lanes.begin(this.#parts.clock.now()))
      this.#start(() => this.#take(turn, signal));
    this.#startLists(signal);
  }

  async #take(turn: Turn, signal: AbortSignal): Promise<void> {
    const { state } = this.#parts;
    // It is to be done again from the start; whoever works on it puts it back into its lane.
    if (this.#busy.has(turn.image)) return this.#lanes.end(turn);
    this.#busy.add(turn.image);
    try {
      const open = state.openImage(turn.image);
      if (open === undefined) return;
      if (turn.step !== open.step) return this.#lanes.add(open);
      if (turn.step === "read") await this.#steps.read(open, turn.isAlone, signal);
      else await this.#steps.store(open, signal);
      // Undefined if another image has closed the study in this moment.
      const after = state.openImage(turn.image);
      if (after !== undefined) this.#lanes.add(after);
      const study = state.openStudy(open.study);
      if (study !== undefined && after?.step === "none") await this.#close(study);
    } finally {
      this.#busy.delete(turn.image);
      this.#lanes.end(turn);
    }
  }

  #startLists(signal: AbortSignal): void {
    const room = LIST_AT_ONCE - this.#listing.size;
    if (room <= 0 || this.#lanes.waiting >= MOST_WAITING) return;
    for (const study of this.#studies.quiet(room, this.#listing)) {
      this.#listing.add(study.study);
      this.#start(async () => {
        try {
          await this.#studies.list(study, signal);
          await this.#close(study);
        } finally {
          this.#listing.delete(study.study);
        }
      });
    }
  }

  async #close(study: Parameters<Studies["close"]>[0]): Promise<void> {
    const summary = this.#studies.close(study);
    if (summary === undefined) return;
    await this.#parts.state.saved();
    this.#parts.onDone(summary);
  }
}
