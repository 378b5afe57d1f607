/**
 * Among how many processes the shards of a plan are divided, which is kept beside the plan.
 *
 * A scheduler that starts some of an array's tasks again counts only those, so that shards would be done twice and others
 * never. So another number than the first one is refused, unless the user says the share.
 *
 * Knows: a file. Not what the processes do.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { XrayError } from "../../errors.ts";
import { AtomicFile } from "../../node/files.ts";
import { type Share, scheduledShare } from "./scheduler.ts";

const filePath = (out: string): string => join(out, "processes.json");

/** The number that was kept; undefined if there is none. */
export async function keptCount(out: string): Promise<number | undefined> {
  try {
    const { count } = JSON.parse(await readFile(filePath(out), "utf8")) as { readonly count?: unknown };
    return typeof count === "number" && Number.isInteger(count) && count > 0 ? count : undefined;
  } catch {
    return undefined;
  }
}

async function keep(out: string, count: number): Promise<number> {
  const file = await AtomicFile.create(filePath(out));
  await file.write(new TextEncoder().encode(`${JSON.stringify({ count })}\n`));
  return (await file.commitNew()) ? count : ((await keptCount(out)) ?? count);
}

/**
 * This process's share of the shards.
 *
 * @param given  What the user says, which takes precedence.
 * @returns      All of them if neither the user nor a scheduler says anything.
 * @throws       XrayError `scoring/bad-scheduler`, `scoring/other-count`, `file/…`.
 */
export async function shareOf(out: string, given: Share | undefined): Promise<Share> {
  if (given !== undefined) {
    await keep(out, given.count);
    return given;
  }
  const scheduled = scheduledShare();
  if (scheduled === undefined) return { index: 0, count: 1 };
  const { scheduler, index, count } = scheduled;
  const before = await keep(out, count);
  if (before === count) return { index, count };
  throw new XrayError(
    "scoring/other-count",
    `${scheduler} says that this is process ${index} of ${count}, but the shards of ${out} were divided among ${before}, so that some would be done by none; name the share of each process yourself, or submit all ${before} again: what is done is not done again`,
    { before, count, index },
  );
}
