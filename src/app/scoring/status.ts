/**
 * How far the shards of a folder of results are.
 *
 * Knows: the files of a plan. Not models.
 */

import { CATEGORY_OF, type ErrorCode } from "../../errors/codes.ts";
import { XrayError } from "../../errors.ts";
import type { ScoreStatus } from "../../results/score-status.ts";
import { planPath } from "./open-plan.ts";
import { PlanFile } from "./plan-file.ts";
import { keptCount } from "./processes.ts";
import { errorsOf, failureOf, isDone, shardPath } from "./shard-file.ts";

/** Whether an image's error may be gone at another attempt: the machine or a server was the cause, or access to a file. */
export const mayPass = (code: string): boolean =>
  code === "internal/unexpected" || CATEGORY_OF[code as ErrorCode] === "environment";

/** The plan of a folder. Throws XrayError `scoring/no-plan`, `scoring/bad-plan`, `file/…`. */
export async function planIn(out: string): Promise<PlanFile> {
  const plan = await PlanFile.open(planPath(out));
  if (plan !== undefined) return plan;
  throw new XrayError(
    "scoring/no-plan",
    `${out}: there is no plan.json in this folder; name the folder that images were scored into`,
    {
      file: out,
    },
  );
}

/** Throws XrayError `scoring/no-plan`, `scoring/bad-plan`, `file/…`. */
export async function scoreStatus(out: string): Promise<ScoreStatus> {
  const plan = await planIn(out);
  const { name, sha256 } = plan.head.model;
  const errors = new Map<string, number>();
  const failures: ScoreStatus["failures"][number][] = [];
  let [done, images] = [0, 0];
  for (const shard of plan.shards) {
    if (await isDone(out, shard)) {
      done += 1;
      images += shard.count;
      for (const [code, count] of Object.entries(await errorsOf(shardPath(out, shard))))
        errors.set(code, (errors.get(code) ?? 0) + count);
      continue;
    }
    const failure = await failureOf(out, shard);
    if (failure !== undefined) failures.push({ shard: shard.number, ...failure });
  }
  const total = plan.shards.length;
  return {
    schema: "medical-x/score-status@1",
    plan: plan.tail.id,
    model: { name, sha256 },
    images: { total: plan.tail.count, done: images },
    shards: { total, done, failed: failures.length, missing: total - done - failures.length },
    processes: (await keptCount(out)) ?? null,
    errors: Object.fromEntries([...errors].sort()),
    failures,
  };
}
