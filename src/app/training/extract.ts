/**
 * Computes this process's shards of the features that a training starts from, and nothing else.
 *
 * Pipeline:   data folder → split → **shards of features** → `train` gathers them
 * Knows:      what to do in which order.
 */

import { Front, type FrontResult } from "../../engine/front.ts";
import { XrayError } from "../../errors.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { isCached } from "../../training/suffix.ts";
import { shareOf } from "../scoring/processes.ts";
import { type Share, shardsOf } from "../scoring/scheduler.ts";
import { type FeatureJob, featureJobs, requestOf } from "./feature-jobs.ts";
import type { FeatureRow } from "./feature-shards.ts";
import { type FeatureTask, noShare, openShards } from "./features.ts";
import type { TrainHooks, TrainRequest } from "./plan.ts";
import { featureTask, plan } from "./train.ts";

/** Images at a time. */
const BATCH = 16;

/** How the work is shared. */
export interface ExtractionShare {
  /** By default what a scheduler says, else everything. */
  readonly shard?: Share | undefined;
  /** Rows of a shard; as the folder's plan says by default. */
  readonly shardSize?: number | undefined;
}

/** What has been extracted. */
export interface Extracted {
  /** Shards of the plan, of this process, and of these those that were done before. */
  readonly shards: { readonly total: number; readonly own: number; readonly before: number };
  readonly share: Share;
  /** Rows of this process that were computed now. */
  readonly rows: number;
  /** Images that could not be read, which have no row. */
  readonly failed: number;
  /** Whether it was stopped before its end. */
  readonly isStopped: boolean;
}

/** An image's features. A fault that may pass ends the shard; one of the file leaves the row out. */
function featuresOf(row: FrontResult): Float32Array | undefined {
  if (!(row instanceof XrayError)) return row;
  if (row.category === "environment" || row.category === "internal") throw row;
  return undefined;
}

async function computeRows(
  front: Front,
  { images, views }: FeatureTask,
  jobs: readonly FeatureJob[],
  onBatch: (rows: number) => boolean,
): Promise<FeatureRow[] | undefined> {
  const rows: FeatureRow[] = [];
  for (let from = 0; from < jobs.length; from += BATCH) {
    const batch = jobs.slice(from, from + BATCH);
    const notes: (readonly string[])[] = [];
    const results = await front.features(
      batch.map(({ example, view }) => requestOf(images[example]!, views, view)),
      (at, some) => {
        notes[at] = some;
      },
    );
    // A batch's rows share its memory, which must not outlive it.
    for (const [i, row] of results.entries())
      rows.push({ features: featuresOf(row)?.slice(), notes: notes[i] ?? [] });
    if (!onBatch(batch.length)) return undefined;
  }
  return rows;
}

/**
 * Extract features.
 *
 * @throws  XrayError `features/other-plan`, `features/no-share`, `scoring/other-count`, `scoring/bad-scheduler`, and those
 *          of `runTraining`.
 */
export async function extractFeatures(
  request: TrainRequest & { readonly features: string },
  share: ExtractionShare,
  hooks: Pick<TrainHooks, "say" | "onExtraction" | "isStopping">,
): Promise<Extracted> {
  const { settings, features: folder } = request;
  if (!settings.featureCache || !isCached(settings.unfreeze)) throw noShare();
  const planned = await plan(request, hooks.say);
  const task = featureTask(planned);
  const jobs = featureJobs(planned.split.train, planned.split.val, task.views);
  const shards = await openShards(folder, task, jobs, { mayCreate: true, shardSize: share.shardSize });
  const whose = await shareOf(folder, share.shard);
  const own = shardsOf(shards.total, whose);
  const todo: number[] = [];
  for (const shard of own) if (!(await shards.isDone(shard))) todo.push(shard);
  const total = todo.reduce((sum, shard) => sum + shards.range(shard)[1] - shards.range(shard)[0], 0);
  let [done, rows, failed, isStopped] = [0, 0, 0, false];
  let front: Front | undefined;
  try {
    for (const shard of todo) {
      front ??= await Front.start(
        task.parts,
        { preparer: new ImagePool(Number.POSITIVE_INFINITY), createSession },
        request,
      );
      const computed = await computeRows(front, task, jobs.slice(...shards.range(shard)), (batch) => {
        done += batch;
        hooks.onExtraction({ done, total });
        return !hooks.isStopping();
      });
      isStopped = computed === undefined;
      if (computed === undefined) break;
      await shards.write(shard, computed);
      rows += computed.length;
      failed += computed.filter(({ features }) => features === undefined).length;
    }
  } finally {
    await front?.close();
  }
  const before = own.length - todo.length;
  return { shards: { total: shards.total, own: own.length, before }, share: whose, rows, failed, isStopped };
}
