/**
 * The sources of features for the training loop: a cache on disk, or images as they are read.
 *
 * Pipeline:   image files → frozen front → **feature cache** → training
 * Knows:      files, the front and the store. Not labels.
 */

import { createHash } from "node:crypto";
import type { Front, FrontParts, FrontResult } from "../../engine/front.ts";
import { XrayError } from "../../errors.ts";
import { featuresPath } from "../../node/cache.ts";
import { NoteFile } from "../../node/note-file.ts";
import { type RecordKind, RecordStore } from "../../node/record-store.ts";
import { Random } from "../../random.ts";
import { bytesOf, sizeOf } from "../../tensor.ts";
import type { FeatureSource, LoadedExamples } from "../../training/loop.ts";
import { type ImageFile, keyIn, type Stamp, stampOf } from "../data/image-file.ts";
import { type FeatureJob, featureJobs, requestOf, type Views } from "./feature-jobs.ts";
import type { FeatureRow, FeatureShards } from "./feature-shards.ts";

/** Part of every cache's key. Raise it when the same weights would give other features. */
const FORMAT = "medical-x/features@2";

const KIND: RecordKind = { name: "features", without: "train without it" };

/** Called for an image that could not be read. */
export type OnSkip = (example: number, error: XrayError) => void;

/** Called with notes on how an image was read, each time it is read. */
export type OnNotes = (example: number, notes: readonly string[]) => void;

/** Callbacks while images are read. */
interface ReadingHooks {
  readonly onSkip: OnSkip;
  readonly onNotes: OnNotes;
}

/** Pack the available features one after another. */
function pack(examples: Uint32Array, rows: readonly FrontResult[], onSkip: OnSkip): LoadedExamples {
  const there = [...examples.keys()].filter((i) => {
    const row = rows[i]!;
    if (row instanceof XrayError) onSkip(examples[i]!, row);
    return !(row instanceof XrayError);
  });
  const length = there.length === 0 ? 0 : (rows[there[0]!] as Float32Array).length;
  const features = new Float32Array(there.length * length);
  for (const [at, i] of there.entries()) features.set(rows[i] as Float32Array, at * length);
  return { examples: Uint32Array.from(there, (i) => examples[i]!), features };
}

/** Features that are computed on request. Images are augmented anew in each epoch. */
export class LiveFeatures implements FeatureSource {
  readonly #front: Front;
  readonly #images: readonly ImageFile[];
  readonly #views: Views;
  readonly #hooks: ReadingHooks;

  /** @param images  One per example. */
  constructor(front: Front, images: readonly ImageFile[], views: Views, hooks: ReadingHooks) {
    this.#front = front;
    this.#images = images;
    this.#views = views;
    this.#hooks = hooks;
  }

  async load(examples: Uint32Array, epoch: number | null): Promise<LoadedExamples> {
    const { kind, seed, voi } = this.#views;
    const reading = { voi };
    const rows = await this.#front.features(
      Array.from(examples, (example) => {
        const { path: source, name } = this.#images[example]!;
        if (kind === "none" || epoch === null) return { source, reading };
        return { source, reading, view: { kind, seed, keys: ["view", epoch, name] } };
      }),
      (at, notes) => this.#hooks.onNotes(examples[at]!, notes),
    );
    return pack(examples, rows, this.#hooks.onSkip);
  }
}

/**
 * The key of a cache, from everything that affects its features: the front's weights, the preparation, the views. Caches
 * from before DICOM was read have the key of the default choice.
 */
export function cacheKey(
  { unfreeze, preparation, tensors }: FrontParts,
  names: readonly string[],
  views: Views,
): string {
  const seed = views.kind === "none" ? 0 : views.seed;
  const voi = views.voi === "default" ? [] : [views.voi];
  const hash = createHash("sha256").update(
    JSON.stringify([FORMAT, unfreeze, preparation, views.kind, seed, ...voi]),
  );
  for (const name of names) hash.update(name).update(bytesOf(tensors.get(name)!.data));
  return hash.digest("hex").slice(0, 40);
}

/** The progress of an extraction. */
export interface ExtractionProgress {
  readonly done: number;
  readonly total: number;
}

/** Features from a store. View 0 is the image as it is; each epoch uses one of the other views, if there are any. */
export class CachedFeatures implements FeatureSource {
  readonly #store: RecordStore;
  readonly #length: number;
  readonly #images: readonly ImageFile[];
  readonly #stamps: readonly Stamp[];
  readonly #views: Views;
  readonly #failed = new Set<number>();
  readonly #hooks: ReadingHooks;
  readonly #notes: NoteFile;

  private constructor(parts: {
    store: RecordStore;
    length: number;
    images: readonly ImageFile[];
    stamps: readonly Stamp[];
    views: Views;
    hooks: ReadingHooks;
    notes: NoteFile;
  }) {
    this.#store = parts.store;
    this.#length = parts.length;
    this.#images = parts.images;
    this.#stamps = parts.stamps;
    this.#views = parts.views;
    this.#hooks = parts.hooks;
    this.#notes = parts.notes;
  }

  /** Open the cache that matches the front, the preparation and the views. */
  static async open(
    key: string,
    shape: readonly number[],
    images: readonly ImageFile[],
    views: Views,
    hooks: ReadingHooks,
  ): Promise<CachedFeatures> {
    const length = sizeOf(shape);
    const stamps = await Promise.all(images.map(stampOf));
    const store = new RecordStore(featuresPath(key), length, KIND);
    const notes = new NoteFile(featuresPath(key));
    return new CachedFeatures({ store, length, images, stamps, views, hooks, notes });
  }

  /**
   * Augmented views depend on the image's name, so their key contains it. The plain image's key depends on its file
   * alone.
   */
  #key(example: number, view: number): string {
    const stamp = this.#stamps[example]!;
    return view === 0 ? keyIn(this.#store, stamp, "#0") : `${stamp.named}#${view}`;
  }

  /**
   * Compute the missing features. What has been computed stays, even after an early stop.
   *
   * @param varied    Training examples, which need their augmented views.
   * @param plain     Examples that only need the image as it is.
   * @param front     Started only if something is missing.
   * @param progress  Called after each batch; returns false to stop.
   * @returns         False if it was stopped.
   */
  async fill(
    varied: Uint32Array,
    plain: Uint32Array,
    front: () => Promise<Front>,
    progress: (progress: ExtractionProgress) => boolean,
  ): Promise<boolean> {
    const jobs = featureJobs(varied, plain, this.#views).filter((job) => !this.#has(job));
    for (const example of [...varied, ...plain]) this.#hooks.onNotes(example, this.#notesOf(example));
    if (jobs.length === 0) return true;
    this.#store.checkSpace(jobs.length);
    const running = await front();
    const batchSize = 16;
    for (let from = 0; from < jobs.length; from += batchSize) {
      const batch = jobs.slice(from, from + batchSize);
      const rows = await running.features(
        batch.map(({ example, view }) => requestOf(this.#images[example]!, this.#views, view)),
        (at, notes) => this.#keepNotes(batch[at]!.example, notes),
      );
      for (const [i, { example, view }] of batch.entries()) this.#keep(example, view, rows[i]!);
      if (!progress({ done: from + batch.length, total: jobs.length })) return false;
    }
    return true;
  }

  #has({ example, view }: FeatureJob): boolean {
    return this.#store.has(this.#key(example, view));
  }

  /**
   * Take over features that other processes have computed. Rows of images that could not be read are left to `fill`.
   *
   * @param jobs  All jobs, in the order of the shards' rows.
   * @throws      XrayError `features/incomplete`, `features/damaged`, `features/no-space`, `file/…`.
   */
  async gather(jobs: readonly FeatureJob[], shards: FeatureShards): Promise<void> {
    const missing = jobs.filter((job) => !this.#has(job)).length;
    if (missing === 0) return;
    await shards.checkComplete();
    this.#store.checkSpace(missing);
    for (let shard = 0; shard < shards.total; shard++) {
      const [from, to] = shards.range(shard);
      const own = jobs.slice(from, to);
      if (own.every((job) => this.#has(job))) continue;
      const rows = await shards.read(shard);
      for (const [i, job] of own.entries()) this.#take(job, rows[i]!);
    }
  }

  #take(job: FeatureJob, { features, notes }: FeatureRow): void {
    if (features === undefined || this.#has(job)) return;
    this.#keepNotes(job.example, notes);
    this.#store.append(this.#key(job.example, job.view), features);
  }

  /** Old caches also keep notes by the image's name. */
  #notesOf(example: number): readonly string[] {
    const { file, named } = this.#stamps[example]!;
    const notes = this.#notes.of(file);
    return notes.length > 0 ? notes : this.#notes.of(named);
  }

  #keepNotes(example: number, notes: readonly string[]): void {
    this.#notes.keep(this.#stamps[example]!.file, notes);
    this.#hooks.onNotes(example, notes);
  }

  #keep(example: number, view: number, row: FrontResult): void {
    if (row instanceof XrayError) {
      if (!this.#failed.has(example)) this.#hooks.onSkip(example, row);
      this.#failed.add(example);
    } else this.#store.append(this.#key(example, view), row);
  }

  async load(examples: Uint32Array, epoch: number | null): Promise<LoadedExamples> {
    const there = examples.filter((example) => !this.#failed.has(example));
    const features = new Float32Array(there.length * this.#length);
    for (const [i, example] of there.entries()) {
      const into = features.subarray(i * this.#length, (i + 1) * this.#length);
      this.#store.read(this.#key(example, this.#viewOf(example, epoch)), into);
    }
    return { examples: there, features };
  }

  #viewOf(example: number, epoch: number | null): number {
    const { kind, seed, count } = this.#views;
    if (kind === "none" || epoch === null) return 0;
    return 1 + Random.of(seed, "which view", epoch, this.#images[example]!.name).int(count);
  }

  close(): void {
    this.#store.close();
  }
}
