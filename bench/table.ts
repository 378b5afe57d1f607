/** Renders the table that `npm run bench` prints, as Markdown. */

/** One line: our figure, the figure it is compared with, and the goal for their ratio. */
export interface Row {
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number | undefined;
  /** Whose figure the other one is; PyTorch's by default. */
  readonly theirsName?: string;
  readonly goal: string;
  readonly note?: string;
}

const figure = (value: number | undefined): string =>
  value === undefined ? "not measured" : value.toPrecision(3);

/** Whether the ratio meets a goal such as `≤ 0.60`. */
export function meets(ratio: number, goal: string): boolean {
  const bound = Number(goal.slice(2));
  return goal.startsWith("≤") ? ratio <= bound : ratio >= bound;
}

function line({ work, unit, ours, theirs, theirsName = "PyTorch", goal, note = "" }: Row): string {
  const ratio = theirs === undefined ? undefined : ours / theirs;
  const verdict = ratio === undefined ? "–" : meets(ratio, goal) ? "met" : "**missed**";
  const shown = ratio === undefined ? "–" : ratio.toFixed(2);
  return `| ${work} | ${unit} | ${figure(ours)} | ${figure(theirs)} (${theirsName}) | ${shown} | ${goal} | ${verdict} | ${note} |`;
}

/** All rows with their header. */
export function table(rows: readonly Row[]): string {
  return [
    "| work | unit | ours | compared with | ratio | goal | | |",
    "|---|---|---|---|---|---|---|---|",
    ...rows.map(line),
  ].join("\n");
}
