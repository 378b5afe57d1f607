/** From judged pairs to the rows of the tables on pointing and overlap. */

import { OVERLAPPING } from "../../src/evaluation/fit-level.ts";
import { wilsonInterval } from "../../src/evaluation/intervals.ts";
import type { Decision } from "./decide.ts";
import { byFinding, meanOverFindings } from "./figures.ts";
import type { JudgedPair } from "./judge.ts";
import type { ComparedRow, FindingRow, MapShares, Share, StudyRecord } from "./record.ts";
import { CANDIDATE_NAMES, CHOSEN, COMPARED, nameOf, PLAIN, type Row } from "./rows.ts";

/** From this share of their area inside known boxes on, detected boxes count as lying in them. */
const INSIDE = 0.5;

type Test = (pair: JudgedPair) => boolean;
const isPointing =
  ({ id }: Row): Test =>
  ({ scores }) =>
    scores[id]!.isPointing;
const isOverlapping =
  ({ id }: Row): Test =>
  ({ scores }) =>
    scores[id]!.iou >= OVERLAPPING;
const isInside =
  ({ id }: Row): Test =>
  ({ scores }) =>
    scores[id]!.iobb >= INSIDE;

function shareOf(pairs: readonly JudgedPair[], test: Test): Share {
  const hits = pairs.filter(test).length;
  return { value: hits / pairs.length, ...wilsonInterval(hits, pairs.length) };
}

/** The better of the two maps that have seen nothing, of some pairs. */
const controlOf = (share: (which: "random" | "centre") => number): number =>
  Math.max(share("random"), share("centre"));

function comparedRow(row: Row, pairs: readonly JudgedPair[], labels: readonly string[]): ComparedRow {
  const shareOfAll = (test: Test) => meanOverFindings(pairs, (pair) => Number(test(pair)));
  const each = byFinding(pairs).map(
    ([label, its]) => [labels[label]!, shareOf(its, isPointing(row)).value] as const,
  );
  const [label, pointing] = each.reduce((least, one) => (one[1] < least[1] ? one : least));
  return {
    id: row.id,
    title: row.title,
    pointing: shareOfAll(isPointing(row)),
    lowest: { label, pointing },
    findings: Object.fromEntries(each),
    iou: shareOfAll(isOverlapping(row)),
    iobb: shareOfAll(isInside(row)),
  };
}

function findingRow(label: number, pairs: readonly JudgedPair[], labels: readonly string[]): FindingRow {
  const decisions = [...new Set(pairs.map(({ decision }) => decision))];
  const recipes = decisions.map((decision) => CHOSEN.recipeOf(decision, label));
  const mapShares = (row: Row): MapShares => ({
    pointing: shareOf(pairs, isPointing(row)),
    iou: shareOf(pairs, isOverlapping(row)),
    iobb: shareOf(pairs, isInside(row)),
  });
  return {
    label: labels[label]!,
    pairs: pairs.length,
    chosen: recipes.map(nameOf),
    levels: decisions.map((decision, i) => decision.levelOf(label, recipes[i]!)),
    control: controlOf((which) => shareOf(pairs, ({ trial }) => trial.control[which]).value),
    plain: mapShares(PLAIN),
    own: mapShares(CHOSEN),
  };
}

/** Pointing and overlap of all kinds of maps. */
export function summarise(
  pairs: readonly JudgedPair[],
  decisions: readonly Decision[],
  labels: readonly string[],
): Pick<StudyRecord, "pairs" | "control" | "candidates" | "forAll" | "compared" | "findings"> {
  const candidates = CANDIDATE_NAMES.map((name, kind) => [
    name,
    meanOverFindings(pairs, ({ trial }) => Number(trial.hits[kind]!.isPointing)),
  ]);
  return {
    pairs: pairs.length,
    control: controlOf((which) => meanOverFindings(pairs, ({ trial }) => Number(trial.control[which]))),
    candidates: Object.fromEntries(candidates),
    forAll: decisions.map(({ forAll }) => nameOf(forAll)),
    compared: COMPARED.map((row) => comparedRow(row, pairs, labels)),
    findings: byFinding(pairs).map(([label, its]) => findingRow(label, its, labels)),
  };
}
