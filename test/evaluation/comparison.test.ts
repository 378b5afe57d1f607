import { expect, test } from "vitest";
import { bootstrapDifferences } from "../../src/evaluation/bootstrap.ts";
import { compareFindings } from "../../src/evaluation/comparison.ts";
import { delongTest } from "../../src/evaluation/delong.ts";
import { holmAdjusted } from "../../src/evaluation/holm.ts";
import { averagePrecision } from "../../src/evaluation/precision-recall.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { drawnSet } from "./drawn-set.ts";

const OPTIONS = { replicates: 40, seed: 2 };

/** Findings that are scored twice: the second scores are those of another finding, mixed with the first. */
function compared(seed: number) {
  const { patients, findings } = drawnSet(seed, { findings: 3 });
  return {
    patients,
    findings: findings.map(({ scores, truths }, f) => ({
      first: scores,
      second: Float64Array.from(scores, (score, i) => score + findings[(f + 1) % 3]!.scores[i]! / 2),
      truths,
    })),
  };
}

test("figures of both sides are their own, differences those of the same draws, p values DeLong's and Holm's", () => {
  const { patients, findings } = compared(1);
  const { findings: found, mean } = compareFindings(findings, patients, OPTIONS);
  const differences = bootstrapDifferences(findings, patients, OPTIONS);
  const tests = findings.map(({ first, second, truths }) => delongTest(first, second, truths)!);
  const holm = holmAdjusted(tests.map(({ p }) => p));
  for (const [f, { first, second, truths }] of findings.entries()) {
    expect(found[f]).toMatchObject({
      auroc: {
        first: auroc(first, truths),
        second: auroc(second, truths),
        difference: differences.findings[f]!.auroc,
      },
      averagePrecision: { difference: differences.findings[f]!.averagePrecision },
      delong: tests[f],
      holm: holm[f],
    });
    expect(found[f]!.averagePrecision.second).toBeCloseTo(averagePrecision(second, truths)!, 14);
  }
  const { value, interval } = mean!.auroc.difference;
  expect(mean!.findings).toBe(3);
  // The difference of means, and the mean of differences: the same but for rounding.
  expect(value).toBeCloseTo(differences.mean.auroc!.value, 14);
  expect(interval!.low).toBeCloseTo(differences.mean.auroc!.interval!.low, 14);
  expect(interval!.high).toBeCloseTo(differences.mean.auroc!.interval!.high, 14);
});

test("a finding without both classes is not compared, and counts in no mean and in no adjustment", () => {
  const { patients, findings } = compared(2);
  const none = { ...findings[0]!, truths: new Float32Array(patients.length) };
  const alone = compareFindings(findings.slice(1), patients, OPTIONS);
  const { findings: found, mean } = compareFindings([none, ...findings.slice(1)], patients, OPTIONS);
  expect(found[0]).toBeNull();
  expect(found.slice(1)).toEqual(alone.findings);
  expect(mean).toEqual(alone.mean);
  expect(compareFindings([none], patients, OPTIONS)).toEqual({ findings: [null], mean: null });
});

test("a predictor compared with itself differs by nothing, whoever is drawn: there is no interval", () => {
  const { patients, findings } = compared(3);
  const same = findings.map(({ first, truths }) => ({ first, second: first, truths }));
  const { findings: found } = compareFindings(same, patients, OPTIONS);
  for (const one of found)
    expect(one).toMatchObject({
      auroc: { difference: { value: 0, interval: null, leftOut: 0 } },
      delong: { z: 0, p: 1 },
      holm: 1,
    });
});
