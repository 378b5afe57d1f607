import { expect, test } from "vitest";
import { calibrate } from "../../src/calibration/calibration.ts";
import { fitCalibration } from "../../src/evaluation/fit-calibration.ts";
import { fitFindings, outOfFold } from "../../src/evaluation/model-calibration.ts";
import { brierScore } from "../../src/evaluation/reliability.ts";
import { Random } from "../../src/random.ts";

/** Logits six times as far from 0 as they should be, of patients with three images each. */
function overconfident(seed: number, patients = 120) {
  const random = Random.of(seed, "overconfident");
  const names = Array.from({ length: patients }, (_, p) => new Array<string>(3).fill(`p${p}`)).flat();
  const finding = () => {
    const honest = Float32Array.from(names, () => 2 * random.normal() - 0.5);
    return {
      logits: honest.map((z) => 6 * z),
      truths: Float32Array.from(honest, (z) => (random.next() < 1 / (1 + Math.exp(-z)) ? 1 : 0)),
    };
  };
  return { patients: names, findings: [finding(), finding()] };
}

test("temperature is one number of all findings' logits; the others are each finding's own", () => {
  const { findings } = overconfident(1);
  const all = (of: "logits" | "truths") => findings.flatMap((finding) => [...finding[of]]);
  const temperature = fitCalibration("temperature", all("logits"), all("truths"));
  expect(fitFindings("temperature", findings)).toEqual([temperature, temperature]);
  for (const kind of ["platt", "isotonic"] as const) {
    expect(fitFindings(kind, findings)).toEqual(
      findings.map(({ logits, truths }) => fitCalibration(kind, logits, truths)),
    );
  }
});

test.each(["temperature", "platt", "isotonic"] as const)(
  "out of fold, %s betters overconfident probabilities on patients that took no part in the fit",
  (kind) => {
    const { patients, findings } = overconfident(2);
    const unseen = outOfFold(kind, findings, patients, 0);
    for (const [f, { logits, truths }] of findings.entries()) {
      const raw = Float64Array.from(logits, (z) => 1 / (1 + Math.exp(-z)));
      expect(brierScore(unseen[f]!, truths)!).toBeLessThan(brierScore(raw, truths)! - 0.01);
    }
  },
);

test("each fold's images are calibrated by a fit to the other patients' alone", () => {
  const { patients, findings } = overconfident(3, 20);
  const [finding] = findings as [(typeof findings)[0]];
  const [probabilities] = outOfFold("platt", [finding], patients, 7);
  const foldOf = patients.map((patient) => Random.of(7, "fold", patient).int(5));
  expect(new Set(foldOf).size).toBeGreaterThan(1);
  for (const [i, fold] of foldOf.entries()) {
    const others = [...patients.keys()].filter((k) => foldOf[k] !== fold);
    const pick = (values: Float32Array) => others.map((k) => values[k]!);
    const fit = fitCalibration("platt", pick(finding.logits), pick(finding.truths))!;
    expect(probabilities![i]).toBe(calibrate(fit, [finding.logits[i]!])[0]);
  }
});

test("a finding that a fold cannot fit has none, and takes no other finding with it", () => {
  const { patients, findings } = overconfident(4);
  const one = findings[0]!.truths.map(() => 0);
  one[0] = 1;
  const unseen = outOfFold("platt", [{ ...findings[0]!, truths: one }, findings[1]!], patients, 0);
  expect(unseen[0]).toBeNull();
  expect(unseen[1]).not.toBeNull();
});
