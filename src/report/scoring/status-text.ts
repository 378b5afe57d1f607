/**
 * How far a plan is, for people.
 *
 * Knows: results. Not files.
 */

import type { ScoreStatus } from "../../results/score-status.ts";
import { count, counted } from "../../text.ts";

const MOST_SHOWN = 10;

/** Several lines that end in a line end. */
export function statusText({ model, images, shards, processes, errors, failures }: ScoreStatus): string {
  const rows = Object.values(errors).reduce((sum, one) => sum + one, 0);
  const shared = processes === null ? "" : `, among ${counted(processes, "process", "processes")}`;
  const lines = [
    `Model   : ${model.name} (${model.sha256.slice(0, 12)})`,
    `Plan    : ${counted(images.total, "image")} in ${counted(shards.total, "shard")}${shared}`,
    `Done    : ${counted(shards.done, "shard")}, ${counted(images.done, "image")}`,
    `Missing : ${counted(shards.missing, "shard")}`,
    `Failed  : ${counted(shards.failed, "shard")}`,
    ...failures.slice(0, MOST_SHOWN).map(({ shard, message }) => `  ${shard}: ${message}`),
    ...(failures.length > MOST_SHOWN ? [`  and ${count(failures.length - MOST_SHOWN)} more`] : []),
    `Errors  : ${counted(rows, "image")} without probabilities`,
    ...Object.entries(errors).map(([code, number]) => `  ${code}: ${count(number)}`),
  ];
  return `${lines.join("\n")}\n`;
}
