import { readFileSync } from "node:fs";
import { beforeAll, expect, inject, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { type Judgement, judge, type Localisation } from "./judge.ts";

const RECORD = new URL("../../models/demo/", import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, RECORD), "utf8"));
const { figures: PUBLISHED }: Judgement = read("figures.json");

/** Rounding on another processor may move this many images of a finding across a threshold. */
const MOVED = 2;
const AUROC_TOLERANCE = 0.005;

let judgement: Judgement;
beforeAll(() => {
  judgement = judge("demo", inject("phantoms"));
});

test("none of the phantoms is of a seed that was trained on", () => {
  const trained = ["112", "224"].map((stage) => read(`${stage}/phantom.json`).seed);
  expect(trained).not.toContain(judgement.seed);
  expect([judgement.figures.n_images, new Set(trained).size]).toEqual([1000, 2]);
});

test("every finding is told from the others: AUROC 0.95 in the mean, 0.85 at least", () => {
  const { findings, mean } = judgement.figures;
  expect(Object.keys(findings)).toEqual(FINDING_NAMES);
  expect(mean.auroc).toBeGreaterThanOrEqual(0.95);
  expect(Object.entries(findings).filter(([, { auroc }]) => !(auroc >= 0.85))).toEqual([]);
});

test("heatmaps point at what was drawn, far more often than the image's centre does", () => {
  const { model, centre, random, n_pairs: pairs } = judgement.figures.localisation.overall;
  expect(pairs).toBeGreaterThan(1000);
  expect(model.pointing).toBeGreaterThanOrEqual(0.6);
  expect(model.pointing - centre.pointing).toBeGreaterThanOrEqual(0.4);
  expect(model.pointing - random.pointing).toBeGreaterThanOrEqual(0.4);
  expect(model.iobb["0.1"]! - centre.iobb["0.1"]!).toBeGreaterThanOrEqual(0.4);
});

test("findings that are too small for a map are said to be so", () => {
  const { findings } = judgement.figures.localisation;
  expect(findings["Nodule"]!.smaller_than_cell).toBe(true);
  expect(findings["Cardiomegaly"]!.smaller_than_cell).toBe(false);
});

/** Expect two results to differ in at most `moved` of `images`. */
function compareShares(ours: Localisation, theirs: Localisation, images: number, moved: number): void {
  const shares = ({ model, centre, random }: Localisation) =>
    [model, centre, random].flatMap((map) => [
      map.pointing,
      map.pointing_tolerance,
      ...Object.values(map.iobb),
    ]);
  const published = shares(theirs);
  for (const [i, share] of shares(ours).entries())
    expect(Math.abs(share - published[i]!) * images).toBeLessThanOrEqual(moved + 1e-6);
}

test("the published figures are those of the model", () => {
  const { findings, mean, localisation } = judgement.figures;
  expect(Math.abs(mean.auroc - PUBLISHED.mean.auroc)).toBeLessThan(AUROC_TOLERANCE);
  for (const [label, published] of Object.entries(PUBLISHED.findings)) {
    expect(findings[label]!.n_positive).toBe(published.n_positive);
    expect(Math.abs(findings[label]!.auroc - published.auroc), label).toBeLessThan(AUROC_TOLERANCE);
  }
  const places = PUBLISHED.localisation;
  expect(Object.keys(localisation.findings)).toEqual(Object.keys(places.findings));
  for (const [label, published] of Object.entries(places.findings)) {
    expect(localisation.findings[label]!.n_images).toBe(published.n_images);
    compareShares(localisation.findings[label]!, published, published.n_images, MOVED);
  }
  compareShares(localisation.overall, places.overall, places.overall.n_pairs, 14 * MOVED);
});
