/**
 * What is done with one image: it is fetched, read, its results are kept, stored in the archive, and forgotten.
 *
 * Knows: the state folder, and by ports an archive and a reader.
 */

import { asXrayError } from "../../../errors.ts";
import type { Predecessor } from "../../../report/dicom/result-object.ts";
import { isPassing } from "../passing.ts";
import type { ArchiveImage, ImageOutcome, ImageSourcePort, ResultTarget } from "../ports.ts";
import type { KeptObject, Step } from "../state/events.ts";
import { GONE } from "../state/noted.ts";
import type { OpenImage } from "../state/open-work.ts";
import type { PacsState } from "../state/pacs-state.ts";
import type { Clock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import { AwayError, type Gate } from "./gate.ts";

/** Reads images. `InstanceReader` is one. */
export interface ImageReader {
  /**
   * @throws  XrayError if this attempt failed; otherwise the image is made or refused.
   */
  read(
    bytes: Uint8Array,
    options: { readonly predecessors?: readonly Predecessor[]; readonly signal: AbortSignal },
  ): Promise<ImageOutcome>;
}

/** How often something is tried before the image is set aside. Attempts to store go on for about four days. */
const ATTEMPTS: Readonly<Record<Step, number>> = { fetch: 12, read: 4, store: 100 };
/** Results that have waited for longer are stored only if their image is still there: its study may have been deleted. */
const LONG_WAIT_MS = 60_000;
const FIRST_PAUSE_MS = 10_000;
export const LONGEST_PAUSE_MS = 3_600_000;

/** The pause after a number of failures. */
export const pauseAfter = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);

export interface StepParts {
  readonly state: PacsState;
  readonly source: ImageSourcePort;
  readonly target: ResultTarget;
  readonly reader: ImageReader;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly fetching: Gate;
  readonly storing: Gate;
  /** Whether an image that is gone, and comes back, is listed again. */
  readonly isListed: boolean;
  /** Called when an image has been accepted or refused. */
  readonly onSettled?: ((image: OpenImage) => Promise<void>) | undefined;
}

export class ImageSteps {
  readonly #parts: StepParts;
  /** When this process kept an image's results, until it first tries to store them. */
  readonly #keptAt = new WeakMap<OpenImage, number>();

  constructor(parts: StepParts) {
    this.#parts = parts;
  }

  /** Fetch and read an image. @param alone  Whether no other image is being read meanwhile. */
  async read(image: OpenImage, alone: boolean, signal: AbortSignal): Promise<void> {
    const { state, source, reader, fetching } = this.#parts;
    let step: Step = "fetch";
    try {
      const archived = this.#archived(image);
      const bytes = await fetching.run(image.image, () => source.fetch(archived, signal), signal);
      if (this.#isReplaced(image)) return;
      step = "read";
      // Saved before the attempt, so that an image by which the process dies is found out.
      state.beginAttempt(image, alone);
      await this.#save(signal);
      const predecessors = predecessorsOf(archived.studyInstanceUid, image.predecessors);
      const outcome = await reader.read(bytes, { predecessors, signal });
      if (this.#isReplaced(image)) return;
      if (outcome.kind === "made") {
        await this.#parts.disk.persist(() => state.keepResults(image, outcome.objects), signal);
        this.#keptAt.set(image, this.#parts.clock.now());
      } else {
        state.refuse(image, outcome.code, outcome.reason);
        await this.#save(signal);
        await this.#parts.onSettled?.(image);
      }
    } catch (error) {
      await this.#failed(image, step, error, signal);
    }
  }

  /** Store the results of an image that are kept. */
  async store(image: OpenImage, signal: AbortSignal): Promise<void> {
    const { state, target, storing, disk } = this.#parts;
    try {
      const objects = await state.keptResults(image);
      // Looked up behind the gate, before which results may wait for hours.
      const attempt = async (): Promise<boolean> => {
        if (await this.#isGone(image, signal)) return false;
        // Should this attempt fail, the next one may meet an archive that was restored or emptied meanwhile.
        this.#keptAt.delete(image);
        await target.store(objects, signal);
        return true;
      };
      const isStored = await storing.run(image.image, attempt, signal);
      if (this.#isReplaced(image)) return;
      if (!isStored) {
        const reason = "the archive no longer has the image, so its results were not stored";
        await disk.persist(() => state.dropResults(image, GONE, reason), signal);
        return;
      }
      await disk.persist(() => state.accept(image), signal);
      await this.#parts.onSettled?.(image);
    } catch (error) {
      await this.#failed(image, "store", error, signal);
    }
  }

  /** Whether the archive was found to have it elsewhere meanwhile, so that it is to be read once more. */
  #isReplaced = (image: OpenImage): boolean => this.#parts.state.openImage(image.image) !== image;

  /** Whether results have waited for long or were tried before, and their image has been deleted meanwhile. */
  async #isGone(image: OpenImage, signal: AbortSignal): Promise<boolean> {
    const { source, clock } = this.#parts;
    const waited = clock.now() - (this.#keptAt.get(image) ?? Number.NEGATIVE_INFINITY);
    if (source.has === undefined || waited <= LONG_WAIT_MS) return false;
    return !(await source.has(this.#archived(image), signal));
  }

  #save = (signal: AbortSignal): Promise<void> =>
    this.#parts.disk.persist(() => this.#parts.state.saved(), signal);

  #archived({ study, uid, series, class: sopClass, modality, at }: OpenImage): ArchiveImage {
    return {
      studyInstanceUid: this.#parts.state.studyAt(study).uid,
      seriesInstanceUid: series,
      sopInstanceUid: uid,
      sopClassUid: sopClass,
      modality,
      ...(at === undefined ? {} : { at }),
    };
  }

  /** Note a failure. Nothing is noted if the archive is away or the program ends: the image is simply still to be done. */
  async #failed(image: OpenImage, step: Step, error: unknown, signal: AbortSignal): Promise<void> {
    const { state, clock } = this.#parts;
    if (image.outcome !== undefined) throw error;
    if (this.#isReplaced(image)) return;
    if (signal.aborted) {
      if (image.attempt !== undefined) state.stopAttempt(image);
      await state.saved();
      return;
    }
    if (error instanceof AwayError) return;
    const { code, message } = asXrayError(error);
    if (step === "store" && code === "file/not-found") {
      state.readAgain(image);
      await this.#save(signal);
      return;
    }
    if (step === "fetch" && code === GONE && this.#parts.isListed) {
      state.refuse(image, code, message);
      await this.#save(signal);
      return;
    }
    const failures = image.failures + 1;
    const isLast = failures >= ATTEMPTS[step] || (step !== "read" && !isPassing(error));
    if (isLast) state.setAside(image, { code, message });
    else state.fail(image, step, { code, message }, clock.now() + pauseAfter(failures));
    await this.#save(signal);
  }
}

const predecessorsOf = (study: string, objects: readonly KeptObject[]): Predecessor[] =>
  objects.map(({ series, class: sopClass, uid }) => ({
    studyInstanceUid: study,
    seriesInstanceUid: series,
    sopClassUid: sopClass,
    sopInstanceUid: uid,
  }));
