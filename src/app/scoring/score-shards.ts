/**
 * Does shards with worker processes: cuts them into pieces, hands these out, and writes each shard that is complete.
 *
 * Pieces keep all workers busy even with a single shard. Each worker has two at a time, so that it reads the images of the
 * next one while it predicts those of the first.
 *
 * Knows: plans and workers. Not how a plan or a row comes about.
 */

import { asXrayError, XrayError } from "../../errors.ts";
import type { ScoreRow } from "../../report/scoring/score-row.ts";
import type { ImageToRead, WorkerSetup } from "./jobs.ts";
import type { PlanFile, PlanShard } from "./plan-file.ts";
import { isDone, keepFailure, writeShard } from "./shard-file.ts";
import { baseOf, fileOf, listedName, shownName } from "./source.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Images in a piece. */
const PIECE = 16;
/** Pieces that a worker has at a time. */
const PER_WORKER = 2;
/** Workers that may die over one piece. */
const MOST_DEATHS = 4;

/** A shard in progress. */
interface OpenShard {
  readonly shard: PlanShard;
  readonly rows: (ScoreRow | undefined)[];
  missing: number;
  isFailed: boolean;
}

interface Piece {
  readonly open: OpenShard;
  readonly from: number;
  readonly images: readonly ImageToRead[];
  deaths: number;
}

/** Callbacks of a run. */
export interface ShardHooks {
  /** Called when images have been predicted or passed over. */
  readonly onProgress: (images: number) => void;
  /** Called for a shard that ended without a file. */
  readonly onFailure: (shard: PlanShard, error: XrayError) => void;
  readonly signal: AbortSignal;
}

/** Where a run reads and writes. */
interface ShardPlaces {
  /** The folder or list, as this process was given it. */
  readonly image: string;
  readonly out: string;
}

/** Whether a failure concerns the whole run: another attempt at another shard would meet it again. */
const endsRun = (error: XrayError): boolean =>
  error.category !== "environment" && error.category !== "internal";

class ShardRun {
  readonly #plan: PlanFile;
  readonly #places: ShardPlaces;
  readonly #hooks: ShardHooks;
  readonly #base: string;
  readonly #todo: PlanShard[];
  readonly #pieces: Piece[] = [];
  readonly #workers: readonly WorkerProcess[];
  #opening: Promise<void> = Promise.resolve();
  #end: XrayError | undefined;
  failed = 0;

  constructor(
    plan: PlanFile,
    shards: readonly PlanShard[],
    setup: WorkerSetup,
    options: { readonly workers: number; readonly places: ShardPlaces; readonly hooks: ShardHooks },
  ) {
    this.#plan = plan;
    this.#places = options.places;
    this.#hooks = options.hooks;
    this.#base = baseOf({ ...plan.head.source, given: options.places.image });
    this.#todo = [...shards];
    this.#workers = Array.from({ length: options.workers }, () => new WorkerProcess(setup));
  }

  async run(): Promise<void> {
    const { signal } = this.#hooks;
    const stop = () =>
      this.#stop(new XrayError("scoring/interrupted", "interrupted; run the same command again to go on"));
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      const lanes = this.#workers.flatMap((worker) =>
        Array.from({ length: PER_WORKER }, () => this.#lane(worker)),
      );
      await Promise.all(lanes);
    } finally {
      signal.removeEventListener("abort", stop);
      for (const worker of this.#workers) worker.kill();
    }
    if (this.#end !== undefined) throw this.#end;
  }

  #stop(error: XrayError): void {
    this.#end ??= error;
    for (const worker of this.#workers) worker.kill();
  }

  async #lane(worker: WorkerProcess): Promise<void> {
    for (let piece = await this.#next(); piece !== undefined; piece = await this.#next()) {
      try {
        await this.#keep(piece, await worker.predict(piece.images));
      } catch (error) {
        await this.#fail(piece, asXrayError(error));
      }
    }
  }

  /** The next piece, one lane at a time, because it may be that of a shard to be opened. */
  async #next(): Promise<Piece | undefined> {
    const turn = this.#opening.then(() => this.#fill());
    this.#opening = turn.catch(() => undefined);
    try {
      await turn;
    } catch (error) {
      this.#stop(asXrayError(error));
    }
    return this.#end === undefined ? this.#pieces.shift() : undefined;
  }

  /** Open shards until there is a piece. */
  async #fill(): Promise<void> {
    while (this.#pieces.length === 0 && this.#todo.length > 0 && this.#end === undefined) {
      const shard = this.#todo.shift()!;
      const images = await this.#plan.images(shard);
      const open: OpenShard = { shard, rows: new Array(shard.count), missing: shard.count, isFailed: false };
      for (let from = 0; from < images.length; from += PIECE) {
        const some = images.slice(from, from + PIECE).map((image) => ({
          ...image,
          listed: listedName(this.#plan.head.source, image.path),
          name: shownName(this.#plan.head.source, image.path),
          place: fileOf(this.#base, image.path),
        }));
        this.#pieces.push({ open, from, images: some, deaths: 0 });
      }
    }
  }

  async #keep({ open, from }: Piece, rows: readonly ScoreRow[]): Promise<void> {
    if (open.isFailed || this.#end !== undefined) return;
    for (const [i, row] of rows.entries()) open.rows[from + i] = row;
    open.missing -= rows.length;
    this.#hooks.onProgress(rows.length);
    if (open.missing > 0) return;
    await this.#plan.checkUnchanged();
    await writeShard(this.#places.out, this.#plan, open.shard, open.rows as ScoreRow[]);
  }

  async #fail(piece: Piece, error: XrayError): Promise<void> {
    if (this.#end !== undefined) return;
    if (error.code === "scoring/worker-died" && piece.deaths < MOST_DEATHS) {
      piece.deaths += 1;
      this.#pieces.unshift(piece);
      return;
    }
    const { open } = piece;
    if (endsRun(error)) {
      this.#stop(error);
      return;
    }
    if (open.isFailed) return;
    open.isFailed = true;
    this.failed += 1;
    // The other pieces of the shard would be for nothing.
    for (let i = this.#pieces.length - 1; i >= 0; i--)
      if (this.#pieces[i]!.open === open) this.#pieces.splice(i, 1);
    this.#hooks.onProgress(open.missing);
    this.#hooks.onFailure(open.shard, error);
    await keepFailure(this.#places.out, open.shard, error);
  }
}

/**
 * Do shards.
 *
 * @param shards  Those that are not done, in order.
 * @returns       How many of them failed.
 * @throws        XrayError `scoring/plan-changed`, `scoring/bad-plan`, `scoring/interrupted`, and whatever keeps a worker
 *                from starting.
 */
export async function scoreShards(
  plan: PlanFile,
  shards: readonly PlanShard[],
  setup: WorkerSetup,
  options: { readonly workers: number; readonly places: ShardPlaces; readonly hooks: ShardHooks },
): Promise<number> {
  const images = shards.reduce((sum, { count }) => sum + count, 0);
  // More workers than pieces would have nothing to do.
  const workers = Math.max(1, Math.min(options.workers, Math.ceil(images / PIECE)));
  const run = new ShardRun(plan, shards, setup, { ...options, workers });
  await run.run();
  return run.failed;
}

/** The shards that are not done yet. */
export async function undone(out: string, shards: readonly PlanShard[]): Promise<PlanShard[]> {
  const left: PlanShard[] = [];
  for (const shard of shards) if (!(await isDone(out, shard))) left.push(shard);
  return left;
}
