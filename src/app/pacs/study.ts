/**
 * Reads the images of one study of an archive, and puts the results back into it.
 *
 * Pipeline:   list → fetch → **read** → store
 * Knows:      ports. Neither HTTP nor the command line. Outcomes name images by number, never by UID.
 */

import { asXrayError, XrayError } from "../../errors.ts";
import type { ArchiveImage, ImageSourcePort, ResultTarget } from "../../node/archive/ports.ts";
import { type RetryOptions, retrying } from "../../node/retry.ts";
import type { ObjectKind, ResultObject } from "../../report/dicom/result-object.ts";
import { hasUids, isCandidate } from "./candidates.ts";
import { failureKind, isPassing } from "./passing.ts";
import type { ImageOutcome } from "./ports.ts";

/** Images that are fetched or read at once. */
const AT_ONCE = 4;

/** An archive that lists a study's instances, sends their files and takes results. */
export interface StudyArchive extends ImageSourcePort, ResultTarget {
  /** As it is shown in messages. */
  readonly shown: string;
  instances(studyInstanceUid: string, signal: AbortSignal): Promise<readonly ArchiveImage[]>;
}

/** What reads an image; `InstanceReader` does. */
export interface ImageReader {
  read(bytes: Uint8Array, call: { readonly signal: AbortSignal }): Promise<ImageOutcome>;
}

/** What is asked for. */
export interface StudyRequest {
  readonly studyInstanceUid: string;
  /** Do everything but store. */
  readonly dryRun: boolean;
  /** Modalities that are read; any if undefined. */
  readonly modalities: readonly string[] | undefined;
  readonly retries?: Pick<RetryOptions, "attempts" | "pauseMs">;
}

/** What came of an image. */
export type StudyOutcome =
  /** `stored` are the objects that the archive did not have yet; with `dryRun`, those that it would get. */
  | { readonly kind: "made"; readonly stored: readonly ObjectKind[]; readonly there: readonly ObjectKind[] }
  /** It is nothing to be read, which is no failure. */
  | { readonly kind: "passed-over"; readonly reason: string }
  | { readonly kind: "failed"; readonly error: XrayError };

/** Reasons for which an image is passed over. */
const PASSED_OVER = new Set(["pacs/no-image", "pacs/not-frontal", "pacs/other-modality", "pacs/own-result"]);

/** Failures that waiting a few seconds does not change, although somebody may. */
const NEEDS_SOMEBODY =
  /^pacs\/(?:bad-certificate|bad-credentials|forbidden|interrupted|no-interface|plain-password|redirected|tls|unauthorised)$|^file\//;

const endsAttempts = (error: unknown): boolean =>
  !isPassing(error) || NEEDS_SOMEBODY.test(asXrayError(error).code);

/** A study that has been listed. */
export class Study {
  /** The images to read, in the archive's order. */
  readonly images: readonly ArchiveImage[];
  /** How many other objects it has: reports, our own results, images of other modalities. */
  readonly others: number;
  readonly #archive: StudyArchive;
  readonly #request: StudyRequest;
  readonly #there: ReadonlySet<string>;

  private constructor(archive: StudyArchive, request: StudyRequest, all: readonly ArchiveImage[]) {
    this.#archive = archive;
    this.#request = request;
    this.#there = new Set(all.map(({ sopInstanceUid }) => sopInstanceUid));
    this.images = all.filter((instance) => isCandidate(instance, request.modalities));
    this.others = all.length - this.images.length;
  }

  /**
   * List a study.
   *
   * @throws  XrayError `pacs/no-study` if the archive does not have it; `pacs/…`.
   */
  static async list(archive: StudyArchive, request: StudyRequest, signal: AbortSignal): Promise<Study> {
    const { studyInstanceUid, retries } = request;
    const all = await retrying(() => archive.instances(studyInstanceUid, signal), {
      ...retries,
      signal,
      isFinal: endsAttempts,
    });
    if (all.length > 0) return new Study(archive, request, all);
    throw new XrayError(
      "pacs/no-study",
      `${archive.shown}: the archive has no study of this UID, or shows it to nobody with these credentials; check both`,
      { archive: archive.shown },
    );
  }

  /**
   * Read all images and store their results.
   *
   * @returns  The outcome of each image, in their order.
   * @throws   XrayError for a failure of the archive or of the machine, which would be the same for every image.
   */
  async *outcomes(reader: ImageReader, signal: AbortSignal): AsyncGenerator<StudyOutcome> {
    const ending = new AbortController();
    const until = AbortSignal.any([signal, ending.signal]);
    const begun: Promise<StudyOutcome>[] = [];
    const begin = () => {
      const image = this.images[begun.length];
      if (image === undefined) return;
      const outcome = this.#outcomeOf(image, reader, until);
      outcome.catch(() => undefined);
      begun.push(outcome);
    };
    try {
      for (let i = 0; i < AT_ONCE; i++) begin();
      for (let i = 0; i < this.images.length; i++) {
        yield await begun[i]!;
        begin();
      }
    } finally {
      ending.abort();
      await Promise.allSettled(begun);
    }
  }

  async #outcomeOf(image: ArchiveImage, reader: ImageReader, signal: AbortSignal): Promise<StudyOutcome> {
    if (!hasUids(image))
      return { kind: "passed-over", reason: "the archive has it under a UID that is none" };
    const fetched = await this.#tried(() => this.#archive.fetch(image, signal), signal);
    if (!(fetched instanceof Uint8Array)) return fetched;
    const read = await reader.read(fetched, { signal });
    if (read.kind === "refused") {
      if (PASSED_OVER.has(read.code)) return { kind: "passed-over", reason: read.reason };
      return { kind: "failed", error: new XrayError(read.code, read.reason) };
    }
    const stored = read.objects.filter(({ sopInstanceUid }) => !this.#there.has(sopInstanceUid));
    const there = read.objects.filter((item) => !stored.includes(item));
    if (stored.length > 0 && !this.#request.dryRun) {
      const failure = await this.#tried(() => this.#archive.store(stored, signal), signal);
      if (failure !== undefined) return failure;
    }
    return { kind: "made", stored: kindsOf(stored), there: kindsOf(there) };
  }

  /** Try something of one image. What is only that image's failure becomes its outcome. */
  async #tried<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | StudyOutcome> {
    try {
      return await retrying(attempt, { ...this.#request.retries, signal, isFinal: endsAttempts });
    } catch (error) {
      const known = asXrayError(error);
      if (known.code === "pacs/interrupted" || failureKind(known) === "archive") throw known;
      return { kind: "failed", error: known };
    }
  }
}

const kindsOf = (objects: readonly ResultObject[]): ObjectKind[] => objects.map(({ kind }) => kind);
