/**
 * Runs of `medical-x score` and `medical-x merge`.
 *
 * Knows: stdout, stderr, progress and Ctrl-C. The work is done in `app/scoring/`.
 */

import { mergeShards } from "../app/scoring/merge.ts";
import type { ScoreRequest } from "../app/scoring/request.ts";
import { type ScoreOutcome, score } from "../app/scoring/score.ts";
import { scoreStatus } from "../app/scoring/status.ts";
import { printable, XrayError } from "../errors.ts";
import { NOTICE } from "../models/notice.ts";
import { statusText } from "../report/scoring/status-text.ts";
import { count, counted } from "../text.ts";
import { printResult, say } from "./console.ts";
import { startProgress, withBar } from "./progress.ts";
import { endingForSchedulers } from "./scheduler-codes.ts";

/** What the command line says. */
export interface ScoreFlags extends Omit<ScoreRequest, "image"> {
  readonly image?: string;
  readonly status: boolean;
  readonly format: "text" | "json";
  readonly verbose?: boolean;
}

const FAILED = 1;

async function printStatus({ out, format }: ScoreFlags): Promise<number> {
  const status = await scoreStatus(out);
  await printResult(format === "json" ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
  return 0;
}

/** One line about what has been done. */
function summary({ shards, share, images, failed }: ScoreOutcome, out: string): string {
  const whose = share.count === 1 ? "" : ` of process ${share.index} of ${share.count}`;
  const before = shards.before === 0 ? "" : `, ${count(shards.before)} of them before`;
  const done = shards.own - failed;
  const what = `${counted(done, "shard")}${whose} of ${count(shards.total)} done${before}, ${counted(images.own, "image")}`;
  return failed === 0
    ? `${out}: ${what}`
    : `${out}: ${what}; ${counted(failed, "shard")} failed, run the same command again`;
}

async function scoreAll({
  image,
  status: _,
  format: __,
  verbose = false,
  ...request
}: ScoreFlags): Promise<number> {
  if (image === undefined) throw new XrayError("scoring/no-image", "no folder or list of images was named");
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once("SIGINT", stop);
  const bar = await startProgress(0, "{bar} {value}/{total} images, {eta_formatted} left");
  try {
    const outcome = await score(
      { ...request, image },
      {
        say: (line) => say(`medical-x: ${printable(line)}`),
        onProgress: (done, total) => bar.update(done, total),
        onFailure: ({ number }, error) =>
          say(`medical-x: shard ${number} failed: ${printable(error.message)}`),
        signal: interrupted.signal,
      },
    );
    bar.stop();
    say(`medical-x: ${summary(outcome, request.out)}`);
    say(NOTICE);
    return outcome.failed === 0 ? 0 : FAILED;
  } finally {
    bar.stop();
    process.removeListener("SIGINT", stop);
  }
}

/** Run `score`. Returns the exit code. */
export const runScore = (flags: ScoreFlags): Promise<number> =>
  endingForSchedulers(() => (flags.status ? printStatus(flags) : scoreAll(flags)), flags.verbose ?? false);

export interface MergeFlags {
  readonly folder: string;
  readonly to: string;
  readonly verbose?: boolean;
}

/** Run `merge`. Returns the exit code. */
export const runMerge = ({ folder, to, verbose = false }: MergeFlags): Promise<number> =>
  endingForSchedulers(async () => {
    const { rows, shards, errors } = await withBar("rows", (onProgress) =>
      mergeShards(folder, to, onProgress),
    );
    const failed = errors === 0 ? "" : `, ${count(errors)} of them without probabilities`;
    say(`medical-x: wrote ${to}: ${counted(rows, "row")} of ${counted(shards, "shard")}${failed}`);
    return 0;
  }, verbose);
