/** What the study measures and how much of it, from the command's arguments. */

import { parseArgs } from "node:util";

/** How much is measured. */
export interface Extent {
  /** Phantoms to draw for the choice, and for judging it. */
  readonly phantoms: readonly [number, number];
  /** Pairs of an image and a finding, at most, of each finding. */
  readonly pairs: number;
  /** The same for deletion and insertion, and for the sanity check; and for each of both in all. */
  readonly deleted: number;
  readonly checked: number;
  readonly sample: number;
  /** How often weights are drawn for the sanity check. */
  readonly draws: number;
  /** Images on which other input sizes are tried. */
  readonly sized: number;
  /** Input sizes, as shares of the model's own. */
  readonly scales: readonly number[];
  /** Repeats of each timed pass. */
  readonly repeats: number;
}

const FULL: Extent = {
  phantoms: [2000, 1000],
  pairs: 300,
  deleted: 8,
  checked: 6,
  sample: 1000,
  draws: 2,
  sized: 300,
  scales: [5 / 7, 1, 10 / 7, 2],
  repeats: 9,
};

const QUICK: Extent = {
  phantoms: [24, 16],
  pairs: 20,
  deleted: 1,
  checked: 1,
  sample: 3,
  draws: 1,
  sized: 10,
  scales: [5 / 7, 1],
  repeats: 1,
};

/** One run of the study. */
export interface Study {
  readonly model: string;
  /** A data folder with boxes; phantoms if undefined. */
  readonly data: string | undefined;
  readonly boxes: string | undefined;
  /** A file with the names of the images to use. */
  readonly list: string | undefined;
  /** Folders of phantoms to choose and to judge on; drawn if undefined. */
  readonly drawn: readonly [string | undefined, string | undefined];
  /** Where the results go; undefined to rewrite the page and its record. */
  readonly out: string | undefined;
  readonly extent: Extent;
  /** Whether to write the page's tables from the kept record, and to measure nothing. */
  readonly isKept: boolean;
  /** Whether to measure only the cost anew, and to keep the rest of the record. */
  readonly isCost: boolean;
  readonly seed: number;
}

const USAGE = `Compares heatmaps on images with boxes.

  npm run study:heatmaps                                     the demo model on phantoms; rewrites docs/heatmaps.md
  npm run study:heatmaps -- --model FILE --data FOLDER --out FOLDER
                                                             any model on any data folder with boxes

  --model FILE       checkpoint (default: demo)
  --data FOLDER      data folder with a box file, such as chestxray14
  --boxes FILE       box file, if the folder has several
  --list FILE        names of the images to use
  --out FOLDER       folder for the tables, the record and the picture
  --choose-on FOLDER phantoms to choose on, instead of drawing them
  --judge-on FOLDER  phantoms to judge on, instead of drawing them
  --seed NUMBER      random seed (default: 0)
  --quick            a few images only, to see that the study runs
  --cost             measure only the cost again, on a quiet machine, and keep the rest of the record
  --kept             rewrite the page's tables from the kept record, and measure nothing
  --help             print this text`;

/**
 * Read the command's arguments.
 *
 * @returns  Undefined if only help was wanted.
 * @throws   Error if they contradict each other.
 */
export function readOptions(args: readonly string[]): Study | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { ...text, default: "demo" },
      seed: { ...text, default: "0" },
      ...{ data: text, boxes: text, list: text, out: text, "choose-on": text, "judge-on": text },
      ...{ quick: flag, kept: flag, cost: flag, help: flag },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  const isPlain = values.model === "demo" && values.data === undefined && !values.quick;
  if (!isPlain && values.out === undefined)
    throw new Error(
      "only the full study of the demo model on phantoms may rewrite the page; add --out FOLDER",
    );
  const { "choose-on": chooseOn, "judge-on": judgeOn, data } = values;
  if (data !== undefined && (chooseOn ?? judgeOn) !== undefined)
    throw new Error("--data is divided into two halves; leave out --choose-on and --judge-on");
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  return {
    model: values.model,
    data,
    boxes: values.boxes,
    list: values.list,
    drawn: [chooseOn, judgeOn],
    out: values.out,
    extent: values.quick ? QUICK : FULL,
    isKept: values.kept,
    isCost: values.cost,
    seed,
  };
}
