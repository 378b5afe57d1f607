/**
 * One run of `score`: predicts this process's shards of a plan.
 *
 * Pipeline:   request → model → plan → share → **shards** → merge
 * Knows:      what to do in which order.
 */

import type { NamedModel } from "../../engine/read-model.ts";
import type { XrayError } from "../../errors.ts";
import { usableCores } from "../../node/cores.ts";
import { defaultModel } from "../models/locate-model.ts";
import { loadModelFile } from "../models/open-model.ts";
import type { WorkerSetup } from "./jobs.ts";
import { openPlan } from "./open-plan.ts";
import type { PlanFile, PlanShard } from "./plan-file.ts";
import { shareOf } from "./processes.ts";
import type { ScoreRequest } from "./request.ts";
import { type Share, shardsOf } from "./scheduler.ts";
import { scoreShards, undone } from "./score-shards.ts";
import { errorsOf, makeShardFolder, shardPath } from "./shard-file.ts";
import { mayPass } from "./status.ts";

/** Callbacks of a run. */
export interface ScoreHooks {
  /** Called with lines for people. */
  readonly say: (line: string) => void;
  readonly onProgress: (done: number, total: number) => void;
  /** Called for a shard that ended without a file. */
  readonly onFailure: (shard: PlanShard, error: XrayError) => void;
  readonly signal: AbortSignal;
}

/** What a run came to. */
export interface ScoreOutcome {
  /** Shards of the plan, of this process, and of these those that were done before. */
  readonly shards: { readonly total: number; readonly own: number; readonly before: number };
  readonly share: Share;
  /** Images of the plan, and of this process. */
  readonly images: { readonly total: number; readonly own: number };
  /** How many of this process's shards have no file. */
  readonly failed: number;
}

const loadOptionsOf = ({ labels, weights, bits }: ScoreRequest) => ({
  ...(labels === undefined ? {} : { labels }),
  ...(weights === undefined ? {} : { weights }),
  ...(bits === undefined ? {} : { bits }),
});

function setupOf(request: ScoreRequest, model: string, { head }: PlanFile): WorkerSetup {
  const { voi, frame, page, force, device, threads = 1 } = request;
  return {
    model,
    load: loadOptionsOf(request),
    sha256: head.model.sha256,
    device,
    threads,
    reading: { voi, ...(frame === undefined ? {} : { frame }), ...(page === undefined ? {} : { page }) },
    force,
  };
}

/** The shards whose rows have errors that another attempt may not have. */
async function worthRetrying(out: string, shards: readonly PlanShard[]): Promise<PlanShard[]> {
  const found: PlanShard[] = [];
  for (const shard of shards) {
    const errors = await errorsOf(shardPath(out, shard)).catch(() => ({}));
    if (Object.keys(errors).some(mayPass)) found.push(shard);
  }
  return found;
}

const imagesIn = (shards: readonly PlanShard[]): number => shards.reduce((sum, { count }) => sum + count, 0);

/**
 * Predict the images of this process's shards that are not done yet.
 *
 * @throws  XrayError `scoring/…`, `images/none`, `model/…`, `checkpoint/…`, `card/…`, `file/…`.
 */
export async function score(request: ScoreRequest, hooks: ScoreHooks): Promise<ScoreOutcome> {
  const { out } = request;
  const name = request.model ?? defaultModel();
  const model: NamedModel = await loadModelFile(name, loadOptionsOf(request));
  for (const note of model.notes) hooks.say(`${model.name}: ${note}`);
  const plan = await openPlan(request, model, hooks.say);
  const share = await shareOf(out, request.shard);
  await makeShardFolder(out);
  const { shards } = plan;
  const own = shardsOf(shards.length, share).map((number) => shards[number]!);
  const left = await undone(out, own);
  const done = own.filter((shard) => !left.includes(shard));
  const again = request.retryFailed ? await worthRetrying(out, done) : [];
  const todo = [...left, ...again].sort((a, b) => a.number - b.number);
  let progress = imagesIn(own) - imagesIn(todo);
  const failed =
    todo.length === 0
      ? 0
      : await scoreShards(plan, todo, setupOf(request, name, plan), {
          workers: request.workers ?? usableCores(),
          places: { image: request.image, out },
          hooks: {
            onProgress: (images) => {
              progress += images;
              hooks.onProgress(progress, imagesIn(own));
            },
            onFailure: hooks.onFailure,
            signal: hooks.signal,
          },
        });
  return {
    shards: { total: shards.length, own: own.length, before: own.length - todo.length },
    share,
    images: { total: plan.tail.count, own: imagesIn(own) },
    failed,
  };
}
