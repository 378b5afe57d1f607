import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parseLabelTable } from "../../src/dataset/label-table.ts";
import { parsePredictionTable } from "../../src/dataset/prediction-table.ts";
import { precisionRecallCurve } from "../../src/evaluation/precision-recall.ts";
import { rocCurve } from "../../src/evaluation/roc.ts";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Desk, words } from "../cli/run.ts";
import { runScript } from "./python.ts";
import { describeParity } from "./reference.ts";

interface Figures {
  readonly n_positive: number;
  readonly auroc: number;
  readonly average_precision: number;
  readonly brier: number;
  readonly fpr: number[];
  readonly tpr: number[];
  readonly precision: number[];
  readonly recall: number[];
}

/** Equal to 12 digits behind the point, number by number. */
function expectWithin(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(found.length, what).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i]! - value), `${what} ${i}`).toBeLessThan(1e-12);
}

// On real X-rays if they are available, otherwise on phantoms. What matters is that a model made the predictions.
describeParity("evaluation", () => {
  const desk = new Desk();
  afterAll(() => desk.remove());
  let labels = "";
  const reference: Record<string, Figures | null> = {};
  beforeAll(async () => {
    const { python, images } = inject("parity");
    if (spawnSync(python, ["-c", "import sklearn"]).status !== 0)
      throw new Error("scikit-learn is not there (Debian: python3-sklearn)");
    const sample = path.dirname(images);
    const hasSample = existsSync(path.join(sample, "Data_Entry_2017.csv"));
    if (!hasSample) await desk.run(words("data phantom --out phantoms --count 60 --seed 4 --size 128"));
    const data = hasSample ? sample : desk.path("phantoms");
    labels = path.join(data, "Data_Entry_2017.csv");
    const line = "--model demo --bootstrap 100 --out out --examples 0 --prediction-cache off";
    const { code, stderr } = await desk.run(["evaluate", "--data", data, ...words(line)]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const printed = runScript(python, "evaluation_reference.py", [desk.path("out/predictions.csv"), labels]);
    Object.assign(reference, JSON.parse(printed));
  });

  test("AUROC, average precision and Brier score of every finding are scikit-learn's to 1e-12", () => {
    const { findings } = JSON.parse(readFileSync(desk.path("out/metrics.json"), "utf8"));
    expect(Object.keys(findings)).toEqual(Object.keys(reference));
    expect(Object.values(reference).filter((figures) => figures !== null).length).toBeGreaterThan(10);
    for (const [finding, expected] of Object.entries(reference)) {
      const found = findings[finding];
      if (expected === null) {
        expect(found.auroc, finding).toBeNull();
        continue;
      }
      expect(found.n_positive).toBe(expected.n_positive);
      for (const name of ["auroc", "average_precision", "brier"] as const)
        expectWithin([found[name]], [expected[name]], `${finding} ${name}`);
    }
  });

  test("every point of every ROC and precision–recall curve is scikit-learn's to 1e-12", () => {
    const text = readFileSync(desk.path("out/predictions.csv"), "utf8");
    const table = parsePredictionTable(text, FINDING_NAMES);
    const truths = new Map(
      parseLabelTable(readFileSync(labels, "utf8")).images.map((image) => [image.image, image.labels]),
    );
    for (const [k, finding] of table.labels.entries()) {
      const expected = reference[finding];
      if (!expected) continue;
      const scores = table.images.map((_, i) => table.probabilities[i * table.labels.length + k]!);
      const known = table.images.map((image) => truths.get(image)![FINDING_NAMES.indexOf(finding)]!);
      const roc = rocCurve(scores, known)!;
      expectWithin(roc.fpr, expected.fpr, `${finding} fpr`);
      expectWithin(roc.tpr, expected.tpr, `${finding} tpr`);
      const curve = precisionRecallCurve(scores, known)!;
      // scikit-learn 1.2 stops where the recall is full.
      const length = expected.recall.length;
      expectWithin(curve.recall.subarray(0, length), expected.recall, `${finding} recall`);
      expectWithin(curve.precision.subarray(0, length), expected.precision, `${finding} precision`);
    }
  });
});
