import { expect, test } from "vitest";
import { createSchedule } from "../../src/training/schedule.ts";
import { fixtureJson } from "../fixtures.ts";

interface PlateauCase {
  readonly name: string;
  readonly mode: "max" | "min";
  readonly lr: number;
  /** Null for NaN. */
  readonly figures: readonly (number | null)[];
  /** After each epoch. */
  readonly rates: readonly number[];
}

interface CosineCase {
  readonly lr: number;
  readonly total: number;
  readonly rates: readonly number[];
}

const plateaus = fixtureJson<{ cases: PlateauCase[] }>("schedules/plateau.json").cases;
const cosines = fixtureJson<{ cases: CosineCase[] }>("schedules/cosine.json").cases;

/** An epoch's figures. The one that should not be used is misleading. */
const figuresOf = (mode: "max" | "min", figure: number | null) =>
  mode === "max"
    ? { valAuroc: figure ?? Number.NaN, trainLoss: 0.5 }
    : { valAuroc: null, trainLoss: figure ?? Number.NaN };

test.each(plateaus)("plateau has PyTorch's rates: $name", ({ mode, lr, figures, rates }) => {
  const schedule = createSchedule("plateau", lr, 100);
  expect(schedule.lrAt(0)).toBe(lr);
  for (const [i, figure] of figures.entries()) {
    schedule.endEpoch(figuresOf(mode, figure));
    expect(schedule.lrAt(i + 1)).toBe(rates[i]);
  }
});

test.each(plateaus)("plateau goes on from plain data: $name", ({ mode, lr, figures, rates }) => {
  let schedule = createSchedule("plateau", lr, 100);
  for (const [i, figure] of figures.entries()) {
    schedule.endEpoch(figuresOf(mode, figure));
    const saved = JSON.parse(JSON.stringify(schedule.state));
    schedule = createSchedule("plateau", lr, 100);
    schedule.restore(saved);
    expect(schedule.lrAt(0)).toBe(rates[i]);
  }
});

test("plateau watches what the first epoch had: a validation that cannot tell is no better, and no loss", () => {
  const schedule = createSchedule("plateau", 1, 100);
  schedule.endEpoch({ valAuroc: 0.8, trainLoss: 0.5 });
  for (const trainLoss of [0.9, 0.95]) schedule.endEpoch({ valAuroc: null, trainLoss });
  expect(schedule.lrAt(0)).toBe(1);
  schedule.endEpoch({ valAuroc: null, trainLoss: 0.99 });
  expect(schedule.lrAt(0)).toBe(0.1);
});

test.each(cosines)("cosine has PyTorch's rates: $lr over $total steps", ({ lr, total, rates }) => {
  const schedule = createSchedule("cosine", lr, total);
  expect(rates.length).toBe(total);
  // PyTorch computes each cosine step from the one before it, and rounds each time.
  for (const [step, rate] of rates.entries())
    expect(Math.abs(schedule.lrAt(step) - rate)).toBeLessThan(1e-12 * lr);
});

test("cosine rises to its highest rate over a twentieth of the steps, and would reach 0 after the last", () => {
  const schedule = createSchedule("cosine", 0.02, 200);
  expect(schedule.lrAt(0)).toBe(0.002);
  expect(schedule.lrAt(9)).toBe(0.02);
  expect(schedule.lrAt(105)).toBeCloseTo(0.01, 15);
  expect(schedule.lrAt(199)).toBeGreaterThan(0);
  expect(schedule.lrAt(200)).toBe(0);
  expect(schedule.lrAt(500)).toBe(0);
});

test("constant and cosine take no notice of how epochs went", () => {
  for (const kind of ["constant", "cosine"] as const) {
    const schedule = createSchedule(kind, 0.5, 10);
    const before = schedule.lrAt(4);
    for (let i = 0; i < 9; i++) schedule.endEpoch({ valAuroc: 0.5, trainLoss: 1 });
    expect(schedule.lrAt(4)).toBe(before);
  }
  expect(createSchedule("constant", 0.5, 10).lrAt(9)).toBe(0.5);
});
