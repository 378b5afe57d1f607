/**
 * One run of `medical-x predict`, which prints results as they come.
 *
 * Knows: stdout, stderr, progress and Ctrl-C. The work is done in `app/prediction/`.
 */

import { PredictionRun } from "../app/prediction/prediction-run.ts";
import type { PredictionRequest } from "../app/prediction/request.ts";
import { printable } from "../errors.ts";
import { noticesOf } from "../models/notice.ts";
import { count, counted } from "../text.ts";
import { say, sayError } from "./console.ts";
import { messageWithHint } from "./hints.ts";
import { INTERRUPTED, Interrupt } from "./interrupt.ts";
import { startProgress } from "./progress.ts";
import { type Format, resultPrinter } from "./result-printer.ts";

/** What the command line says. */
export interface PredictFlags extends Omit<PredictionRequest, "withHash"> {
  readonly format: Format;
  readonly verbose?: boolean;
}

/** Print all outcomes. Returns how many there were before the end or an interrupt. */
async function printAll(
  run: PredictionRun,
  { format, nameBy }: Pick<PredictFlags, "format" | "nameBy">,
  interrupt: Interrupt,
): Promise<number> {
  const { images, model } = run;
  const { labels, calibration } = model.card;
  const printer = resultPrinter(format, {
    labels,
    calibrated: labels.filter((label) => calibration?.findings[label] !== undefined),
    images,
    arePaths: nameBy === undefined || nameBy === "path",
    notices: noticesOf(model.card),
  });
  const bar = await startProgress(images.length, "{bar} {value}/{total} images, {eta_formatted} left");
  let done = 0;
  try {
    for await (const outcome of run.outcomes()) {
      await printer.add(outcome);
      done += 1;
      bar.update(done);
      if (interrupt.isSet) break;
    }
    await printer.end();
    await run.save();
  } finally {
    bar.stop();
  }
  return done;
}

async function predictUntil(flags: PredictFlags, interrupt: Interrupt): Promise<number> {
  const { format, verbose = false, ...request } = flags;
  const run = await PredictionRun.open(
    { ...request, withHash: format.endsWith("json") },
    {
      say: (line) => say(`medical-x: ${printable(line)}`),
      onError: (error) => sayError(error, verbose),
      messageOf: messageWithHint,
    },
  );
  if (run === undefined) return 1;
  try {
    const done = await printAll(run, flags, interrupt);
    for (const note of run.notes()) say(`medical-x: ${note}`);
    if (done < run.images.length) {
      say(`medical-x: interrupted after ${count(done)} of ${counted(run.images.length, "image")}`);
      return INTERRUPTED;
    }
    return run.hasFailed ? 1 : 0;
  } finally {
    await run.close({ keepSession: true });
  }
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed, 130 interrupted. */
export function predict(flags: PredictFlags): Promise<number> {
  const interrupt = new Interrupt();
  // On an interrupt, images in progress are finished and reported.
  return interrupt.during(() => predictUntil(flags, interrupt));
}
