/**
 * 95 % intervals contain the truth 95 times in 100. Scores are drawn from normal distributions, whose true AUROC is
 * known: Φ(d / √2) for classes with variance 1 whose means are d apart.
 */

import { expect, test } from "vitest";
import { bootstrapFindings, type ScoredFinding } from "../../src/evaluation/bootstrap.ts";
import { delongAuroc, delongInterval, delongTest } from "../../src/evaluation/delong.ts";
import { evaluate } from "../../src/evaluation/evaluate.ts";
import type { Interval } from "../../src/evaluation/intervals.ts";
import { normalCdf, normalQuantile } from "../../src/evaluation/normal.ts";
import { Random } from "../../src/random.ts";

const trueAuroc = (distance: number): number => normalCdf(distance / Math.SQRT2);
const holds = ({ low, high }: Interval, value: number): number => (low <= value && value <= high ? 1 : 0);

function expectNominal(held: number, rounds: number): void {
  expect(held / rounds).toBeGreaterThan(0.92);
  expect(held / rounds).toBeLessThan(0.98);
}

/** How often DeLong's intervals of independent images hold the AUROC, of so many rounds. */
function delongHolds(distance: number, positives: number, negatives: number, rounds: number) {
  let [logit, plain] = [0, 0];
  const truths = Uint8Array.from({ length: positives + negatives }, (_, i) => (i < positives ? 1 : 0));
  for (let round = 0; round < rounds; round++) {
    const random = Random.of(round, "independent", distance, positives);
    const scores = Float64Array.from(truths, (truth) => random.normal() + distance * truth);
    const estimate = delongAuroc(scores, truths)!;
    logit += holds(delongInterval(estimate)!, trueAuroc(distance));
    plain += holds(delongInterval(estimate, 0.95, "plain")!, trueAuroc(distance));
  }
  return { logit, plain };
}

test.each([0, 0.6, 1.2])("DeLong's intervals hold the AUROC of independent images, %s apart", (distance) => {
  const { logit, plain } = delongHolds(distance, 50, 70, 1_000);
  expectNominal(logit, 1_000);
  expectNominal(plain, 1_000);
});

test("of few positives they are too short, the plain ones by more", () => {
  const { logit, plain } = delongHolds(1.2, 15, 300, 2_000);
  expect(logit / 2_000).toBeGreaterThan(0.91);
  expect(logit / 2_000).toBeLessThan(0.95);
  expect(plain / 2_000).toBeLessThan(logit / 2_000 - 0.01);
});

test("DeLong's test finds a difference where there is none 5 times in 100, and its interval holds the true one", () => {
  const rounds = 1_000;
  let [rejected, held] = [0, 0];
  const truths = Uint8Array.from({ length: 120 }, (_, i) => (i < 50 ? 1 : 0));
  for (let round = 0; round < rounds; round++) {
    const random = Random.of(round, "paired");
    const common = Float64Array.from(truths, () => random.normal() * Math.SQRT1_2);
    const draw = (distance: number) =>
      common.map((shared, i) => shared + random.normal() * Math.SQRT1_2 + distance * truths[i]!);
    const first = draw(1);
    if (delongTest(first, draw(1), truths)!.p! < 0.05) rejected++;
    held += holds(delongTest(first, draw(0.5), truths)!.interval!, trueAuroc(1) - trueAuroc(0.5));
  }
  expectNominal(rounds - rejected, rounds);
  expectNominal(held, rounds);
});

/**
 * 120 patients with 1 to 6 images; a patient's images are all positive or all negative, and 60 % of the variance of
 * their scores is the patient's. Two images of different classes are of different patients, so independent of each
 * other.
 */
function clustered(round: number) {
  const random = Random.of(round, "clustered");
  const patients = Array.from({ length: 120 }, (_, patient) =>
    new Array<number>(1 + random.int(6)).fill(patient),
  ).flat();
  const finding = (distance: number): ScoredFinding => {
    const ofPatients = Array.from({ length: 120 }, () => ({
      truth: random.int(2),
      level: Math.sqrt(0.6) * random.normal(),
    }));
    const truths = patients.map((patient) => ofPatients[patient]!.truth);
    const scores = patients.map((patient) => {
      const { truth, level } = ofPatients[patient]!;
      return level + Math.sqrt(0.4) * random.normal() + distance * truth;
    });
    return { scores, truths };
  };
  return { patients, findings: [finding(1.2), finding(0.5)] };
}

test("drawing patients holds the AUROC and the mean of two; drawing images, or DeLong, claims too much", () => {
  const rounds = 300;
  const expected = [trueAuroc(1.2), trueAuroc(0.5)] as const;
  const mean = (expected[0] + expected[1]) / 2;
  let [byPatients, meanByPatients, byImages, byDeLong] = [0, 0, 0, 0];
  let [patientWidth, imageWidth] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const { patients, findings } = clustered(round);
    const options = { replicates: 300, seed: round };
    const right = bootstrapFindings(findings, patients, options);
    const wrong = bootstrapFindings(findings.slice(0, 1), Array.from(patients.keys()), options);
    const rightInterval = right.findings[0]!.auroc!.interval!;
    const wrongInterval = wrong.findings[0]!.auroc!.interval!;
    byPatients += holds(rightInterval, expected[0]);
    meanByPatients += holds(right.mean.auroc!.interval!, mean);
    byImages += holds(wrongInterval, expected[0]);
    byDeLong += holds(delongInterval(delongAuroc(findings[0]!.scores, findings[0]!.truths)!)!, expected[0]);
    patientWidth += rightInterval.high - rightInterval.low;
    imageWidth += wrongInterval.high - wrongInterval.low;
  }
  expectNominal(byPatients, rounds);
  expectNominal(meanByPatients, rounds);
  expect(byImages / rounds).toBeLessThan(0.85);
  expect(byDeLong / rounds).toBeLessThan(0.85);
  expect(imageWidth / patientWidth).toBeLessThan(0.7);
});

/** How often bootstrap intervals of independent patients, 300 in all, hold the AUROC, of 300 rounds. */
function bootstrapHolds(auroc: number, positives: number): number {
  const distance = Math.SQRT2 * normalQuantile(auroc);
  const patients = Array.from({ length: 300 }, (_, i) => i);
  const truths = Uint8Array.from(patients, (i) => (i < positives ? 1 : 0));
  let held = 0;
  for (let round = 0; round < 300; round++) {
    const random = Random.of(round, "few positives", auroc, positives);
    const scores = Float64Array.from(truths, (truth) => random.normal() + distance * truth);
    const { findings } = bootstrapFindings([{ scores, truths }], patients, { replicates: 200, seed: round });
    // Where no draw strays from 1 there is no interval, and nothing is promised.
    const { interval } = findings[0]!.auroc!;
    held += interval === null ? 1 : holds(interval, auroc);
  }
  return held / 300;
}

test.each([
  [10, 0.8, 0.9],
  [10, 0.95, 0.79],
  [40, 0.8, 0.94],
  [40, 0.95, 0.91],
])("of %d positives, intervals hold an AUROC of %s about %s times", (positives, auroc, expected) => {
  expect(Math.abs(bootstrapHolds(auroc, positives) - expected)).toBeLessThan(0.05);
});

test("of gaps where there is none, an interval leaves 0 out more often in a small group than in a large one", () => {
  const flagged = (positives: number) => {
    let count = 0;
    for (let round = 0; round < 300; round++) {
      const random = Random.of(round, "gaps", positives);
      const group = (size: number) => Array.from({ length: 200 }, (_, i) => (i < size ? 1 : 0));
      const truths = [...group(positives), ...group(100)];
      const scores = truths.map((truth) => normalCdf(random.normal() + 1.2 * truth));
      const images = [...truths.keys()];
      const { traits } = evaluate([{ scores, truths, threshold: normalCdf(0.36) }], images.map(String), {
        replicates: 200,
        seed: round,
        traits: [[images.slice(0, 200), images.slice(200)]],
      });
      const { interval } = traits[0]![0]!.gaps.findings[0]!.sensitivity!;
      if (interval !== null && holds(interval, 0) === 0) count++;
    }
    return count / 300;
  };
  const [few, many] = [flagged(10), flagged(100)];
  expect(few).toBeGreaterThan(0.07);
  expect(few).toBeLessThan(0.18);
  expect(many).toBeLessThan(0.085);
});
