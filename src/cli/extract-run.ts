/**
 * Runs `medical-x train --extract`: this process's shards of the features that a training starts from.
 *
 * Exit codes are those of `score` (`score-run.ts`).
 *
 * Knows: the terminal and signals.
 */

import { type ExtractionShare, extractFeatures } from "../app/training/extract.ts";
import { type TrainOptions, trainRequest } from "../app/training/options.ts";
import { XrayError } from "../errors.ts";
import { count, counted } from "../text.ts";
import { say } from "./console.ts";
import { INTERRUPTED, Interrupt } from "./interrupt.ts";
import { withBar } from "./progress.ts";
import { endingForSchedulers } from "./scheduler-codes.ts";

async function extract(options: TrainOptions, share: ExtractionShare): Promise<number> {
  const { features } = options;
  if (features === undefined)
    throw new XrayError("features/no-share", "no folder for the features was named");
  const request = await trainRequest(options);
  const interrupt = new Interrupt();
  const {
    shards,
    share: whose,
    rows,
    failed,
    isStopped,
  } = await interrupt.during(() =>
    withBar("images", (onProgress) =>
      extractFeatures({ ...request, features }, share, {
        say: (line) => say(`medical-x: ${line}`),
        onExtraction: ({ done, total }) => onProgress(done, total),
        isStopping: () => interrupt.isSet,
      }),
    ),
  );
  if (isStopped) {
    say("medical-x: interrupted; run the same command again to go on");
    return INTERRUPTED;
  }
  const process = whose.count === 1 ? "" : ` of process ${whose.index} of ${whose.count}`;
  const before = shards.before === 0 ? "" : `, ${count(shards.before)} of them before`;
  const left = failed === 0 ? "" : `; ${counted(failed, "image")} could not be read`;
  say(
    `medical-x: ${features}: ${counted(shards.own, "shard")}${process} of ${count(shards.total)} done${before}, ${counted(rows, "row")} computed${left}`,
  );
  return 0;
}

/** Run the command. Returns the exit code. */
export const runExtract = (
  options: TrainOptions,
  share: ExtractionShare,
  { verbose = false }: { readonly verbose?: boolean },
): Promise<number> => endingForSchedulers(() => extract(options, share), verbose);
