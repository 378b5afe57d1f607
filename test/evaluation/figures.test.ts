import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { DIAGNOSTIC_FIGURES, type DiagnosticFigures } from "../../src/evaluation/diagnostic-figures.ts";
import { type EvaluatedFinding, evaluate } from "../../src/evaluation/evaluate.ts";
import type { FigureRow } from "../../src/evaluation/figure.ts";
import {
  FINDING_FIGURES,
  type FindingFigure,
  type FindingFigures,
} from "../../src/evaluation/finding-figures.ts";
import { fixtureJson } from "../fixtures.ts";
import { expectNear, METRICS_CASES } from "./cases.ts";

/** What scripts/reference/figures.py wrote. */
interface Reference {
  /** By the case of fixtures/metrics/, at a threshold of 0.5. */
  readonly expected: Readonly<Record<string, number | null>>;
}

const REFERENCES = readdirSync(new URL("../../fixtures/figures/", import.meta.url)).map((file) =>
  file.replace(".json", ""),
);

// DeLong's interval is held to pROC in delong.test.ts.
const findingRows = Object.entries<FindingFigure>(FINDING_FIGURES).filter(
  ([, { kind }]) => kind !== "interval",
);
const diagnosticRows = Object.entries<FigureRow>(DIAGNOSTIC_FIGURES);
const rows = [...findingRows, ...diagnosticRows];

const judged = new Map(
  METRICS_CASES.filter(({ calibration }) => calibration !== null).map(({ name, scores, truths }) => {
    const finding: EvaluatedFinding = { scores, truths, threshold: 0.5 };
    const patients = Array.from(scores, (_, i) => i);
    const { all } = evaluate([finding], patients, { replicates: 100, seed: 0, criteria: [] });
    return [name, all.findings[0]!];
  }),
);

test("every figure of the tables has a file of reference values, and the other way round", () => {
  expect(REFERENCES.sort()).toEqual(rows.map(([, { json }]) => json).sort());
});

test.each(rows)("%s equals its reference", (name, { json }) => {
  const { expected } = fixtureJson<Reference>(`figures/${json}.json`);
  expect(Object.keys(expected).length).toBeGreaterThanOrEqual(12);
  for (const [one, value] of Object.entries(expected)) {
    const { given, ...figures } = judged.get(one)!.figures!;
    const figure = { ...given, ...figures }[name as keyof (FindingFigures & DiagnosticFigures)];
    expectNear(
      figure !== null && typeof figure === "object" ? (figure as { value: number }).value : figure,
      value,
    );
  }
});

test("a finding that lacks a class has no figures; all others have references", () => {
  const { expected } = fixtureJson<Reference>("figures/auroc.json");
  const withFigures = [...judged].filter(([, { figures }]) => figures !== null).map(([name]) => name);
  expect(withFigures.sort()).toEqual(Object.keys(expected).sort());
  expect(judged.size).toBeGreaterThan(withFigures.length);
});

test.each(rows)(
  "%s keeps within its range, and says in a phrase what it is",
  (_, { json, range, about, name }) => {
    const { expected } = fixtureJson<Reference>(`figures/${json}.json`);
    for (const value of Object.values(expected)) {
      if (value === null) continue;
      expect(value).toBeGreaterThanOrEqual(range[0]);
      expect(value).toBeLessThanOrEqual(range[1]);
    }
    expect(json).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(about).not.toMatch(/[.:]$/);
    expect(name).toMatch(/^[A-Z]/);
  },
);
