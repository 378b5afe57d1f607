/** The study's tables as Markdown, from its record. */

import { displayName } from "../../src/findings.ts";

import type { Added } from "./cost.ts";
import type { MeanFigure } from "./paired.ts";
import { PART_NAMES } from "./randomise.ts";
import type { Share, StudyRecord } from "./record.ts";
import { CHECKED, CHOSEN, recipeNamed, SIZED, titleOf } from "./rows.ts";
import { LIMITS, passes } from "./sanity.ts";

/** Rounded, with a real minus sign, and none before a zero. */
const rounded = (value: number, digits: number): string =>
  value
    .toFixed(digits)
    .replace(/^-(?=0\.?0*$)/, "")
    .replace("-", "−");
const two = (value: number): string => rounded(value, 2);
const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const bold = (text: string, is: boolean): string => (is ? `**${text}**` : text);

/** A table whose columns are all numbers but for some at the left and at the right. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  words: readonly number[] = [0],
) {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = line(header.map((_, i) => (words.includes(i) ? "---" : "---:")));
  return [line(header), rule, ...rows.map(line)].join("\n");
}

const mapWords = (names: readonly string[]): string =>
  [...new Set(names)].map((name) => titleOf(recipeNamed(name))).join("; ");

const within = ({ value, low, high }: Share): string => `${two(value)} (${two(low)}–${two(high)})`;

function sources({ model, judgedOn, chosenOn, choice, pairs }: StudyRecord): string {
  const where =
    judgedOn === chosenOn ? `each half of ${judgedOn}, with the choice made on the other half` : judgedOn;
  const own = choice === "this study" ? "" : ` The chosen maps are those that ${choice} names.`;
  const what = choice === "this study" ? "Choices and levels come" : "The levels of other maps come";
  const from = judgedOn === chosenOn ? "" : ` ${what} from ${chosenOn}.`;
  return `Model: ${model}. Judged on ${where}: ${pairs.toLocaleString("en-US")} pairs of an image and a finding.${own}${from}`;
}

/** Pointing of the methods for one layer: methods by layers. */
function layersTable({ candidates, control }: StudyRecord): string {
  const single = Object.keys(candidates).filter((name) => !/^(product|maximum) /.test(name));
  const methods = [...new Set(single.map((name) => name.split(" ")[0]!))];
  const layers = [...new Set(single.map((name) => name.split(" ")[1]!))];
  const best = Math.max(...single.map((name) => candidates[name]!));
  const rows = methods.map((method) => [
    `\`${method}\``,
    ...layers.map((layer) => {
      const value = candidates[`${method} ${layer}`]!;
      return bold(two(value), value === best);
    }),
  ]);
  return `${table(["pointing", ...layers], rows)}\n\nA map that has seen nothing of the image reaches ${two(control)}.`;
}

/** Single maps and fusions: pointing and overlap. */
function fusionsTable({ compared, forAll }: StudyRecord): string {
  const header = ["map", "pointing", "Nodule", "lowest finding", "IoU ≥ 0.3", "IoBB ≥ 0.5"];
  const rows = compared.map(({ id, title, pointing, lowest, findings, iou, iobb }) => [
    id === "for-all" ? `${title}: ${mapWords(forAll)}` : title,
    two(pointing),
    findings["Nodule"] === undefined ? "–" : two(findings["Nodule"]),
    `${two(lowest.pointing)} ${displayName(lowest.label)}`,
    two(iou),
    two(iobb),
  ]);
  return table(header, rows, [0, 3]);
}

function findingsTable({ findings }: StudyRecord): string {
  const header = [
    "finding",
    "pairs",
    "control",
    "pointing: norm5",
    "chosen",
    "IoU: norm5",
    "chosen",
    "IoBB: norm5",
  ];
  const rows = findings.map(({ label, pairs, control, plain, own, chosen }) => [
    displayName(label),
    `${pairs}`,
    two(control),
    within(plain.pointing),
    within(own.pointing),
    two(plain.iou.value),
    within(own.iou),
    two(plain.iobb.value),
    two(own.iobb.value),
    mapWords(chosen),
  ]);
  return table([...header, "chosen", "chosen map"], rows, [0, 9]);
}

function difference(figure: MeanFigure | null): string {
  if (figure === null) return "";
  const { value, low, high } = figure;
  return low === null || high === null
    ? signed(value)
    : `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

/** @param better  The sign of a difference that is good. */
function comparedBy({ low, high }: MeanFigure, better: 1 | -1): string {
  if (low === null || high === null || (low <= 0 && high >= 0))
    return "not told apart from Grad-CAM at norm5";
  return `${Math.sign(low) === better ? "better" : "worse"} than Grad-CAM at norm5`;
}

function deletionTable({ deletion: { pairs, rows } }: StudyRecord): string {
  const header = ["map", "deletion", "more than norm5", "insertion", "more than norm5"];
  const cells = rows.map(({ title, deletion, insertion, deletionMore, insertionMore }) => [
    title,
    deletion.toFixed(3),
    difference(deletionMore),
    insertion.toFixed(3),
    difference(insertionMore),
  ]);
  const chosen = rows.find(({ id }) => id === CHOSEN.id)!;
  const [first, second] = [comparedBy(chosen.deletionMore!, -1), comparedBy(chosen.insertionMore!, 1)];
  const verdict =
    first === second
      ? `By deletion and by insertion, the chosen maps are ${first}.`
      : `By deletion, the chosen maps are ${first}; by insertion, they are ${second}.`;
  return `${table(header, cells)}\n\n${pairs} pairs; in brackets, 95 % intervals over patients. ${verdict}`;
}

function sanityTable({ sanity }: StudyRecord): string {
  const titles = CHECKED.map(({ title }) => title);
  const row = (name: string, kind: "cascade" | "alone", part: string) => {
    const { rows } = sanity.stages.find((stage) => stage.kind === kind && stage.part === part)!;
    const cells = CHECKED.map(({ id }) => {
      const { correlation, shared, pointing } = rows[id]!;
      return `${two(correlation)} · ${two(shared)} · ${two(pointing)}`;
    });
    return [name, ...cells];
  };
  const rows = [
    ["nothing", ...CHECKED.map(({ id }) => `1.00 · 1.00 · ${two(sanity.trained[id]!)}`)],
    ...PART_NAMES.map((part, i) => row(i === 0 ? part : `… down to ${part}`, "cascade", part)),
    ...PART_NAMES.slice(1).map((part) => row(`${part} alone`, "alone", part)),
    ["passes", ...CHECKED.map(({ id }) => (passes(sanity, id) ? "yes" : "**no**"))],
  ];
  const limits = `A map passes if, with all weights random, the correlation lies within ±${LIMITS.correlation}, at most ${LIMITS.shared} of the hottest tenth stays, and pointing is at most ${LIMITS.pointingAboveControl} above the control's, ${two(sanity.control)}. ${sanity.pairs} pairs, weights drawn ${["once", "twice"][sanity.draws - 1] ?? `${sanity.draws} times`}.`;
  return `${limits}\n\n${table(["random weights", ...titles], rows)}`;
}

function sizesTable({ sizes: { images, pairs, sizes } }: StudyRecord): string {
  const rows = sizes.map(({ width, height, auroc, brier, pointing }) => [
    `${width} × ${height}`,
    auroc.toFixed(3),
    brier.toFixed(3),
    ...SIZED.map(({ id }) => two(pointing[id]!)),
  ]);
  const header = ["input", "AUROC", "Brier score", ...SIZED.map(({ title }) => title)];
  return `${table(header, rows)}\n\n${images} images, ${pairs} pairs.`;
}

function costTable({ cost: { plain, rows } }: StudyRecord): string {
  const added = ({ milliseconds, passes: more }: Added): string =>
    `${two(more)} (${rounded(milliseconds, 0)} ms)`;
  const cells = rows.map(({ title, oneFinding, dearest, allFindings }) => [
    title,
    ...[oneFinding, dearest, allFindings].map(added),
  ]);
  const header = ["forward passes more", "one finding", "the dearest finding", "all findings"];
  return `${table(header, cells)}\n\nBatch 1; a prediction without maps took ${plain.toFixed(0)} ms.`;
}

/** The tables by the name of their section. */
export const TABLES = {
  sources,
  layers: layersTable,
  fusions: fusionsTable,
  findings: findingsTable,
  deletion: deletionTable,
  sanity: sanityTable,
  sizes: sizesTable,
  cost: costTable,
} as const satisfies Record<string, (record: StudyRecord) => string>;
