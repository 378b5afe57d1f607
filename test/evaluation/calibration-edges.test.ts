import { expect, test } from "vitest";
import {
  type Calibration,
  type CalibrationKind,
  calibrate,
  parseCalibration,
} from "../../src/calibration/calibration.ts";
import { fitCalibration } from "../../src/evaluation/fit-calibration.ts";
import { fitPlatt } from "../../src/evaluation/platt.ts";
import { fitTemperature } from "../../src/evaluation/temperature.ts";
import { CALIBRATION_CASES } from "./calibration-cases.ts";

const KINDS: readonly CalibrationKind[] = ["temperature", "platt", "isotonic"];
const badInput = (details: unknown) => expect.objectContaining({ code: "evaluation/bad-input", details });

test.each(
  KINDS.flatMap((kind) => [
    {
      kind,
      what: "a logit that is not a number",
      logits: [0.5, Number.NaN],
      truths: [1, 0],
      details: { index: 1 },
    },
    { kind, what: "a truth between", logits: [0.5, 2], truths: [1, 0.5], details: { index: 1, truth: 0.5 } },
    { kind, what: "other lengths", logits: [0.5], truths: [1, 0], details: { scores: 1, length: 2 } },
    { kind, what: "+∞", logits: [1, 0, Infinity], truths: [1, 0, 1], details: { index: 2 } },
    {
      kind,
      what: "−∞",
      logits: [-Infinity, -Infinity, 1],
      truths: [Number.NaN, 0, 1],
      details: { index: 1 },
    },
    { kind, what: "−∞ of one class", logits: [1, -Infinity], truths: [1, 1], details: { index: 1 } },
  ]),
)("$what is refused by a fit: $kind", ({ kind, logits, truths, details }) => {
  expect(() => fitCalibration(kind, logits, truths)).toThrow(badInput(details));
});

test("errors say which number is wrong", () => {
  expect(() => fitCalibration("platt", [1, Number.NaN], [1, 0])).toThrow(
    "scores cannot be evaluated: number 1 is not a number",
  );
  expect(() => fitCalibration("platt", [1, Infinity], [1, 0])).toThrow(
    "scores cannot be calibrated: number 1 is infinite",
  );
  expect(() => calibrate({ kind: "platt", slope: 1, intercept: 0 }, [1, 2, Number.NaN])).toThrow(
    "scores cannot be calibrated: number 2 is not a number",
  );
});

test("what is not a number or infinite does no harm where the truth is unknown", () => {
  for (const kind of KINDS) {
    const [logits, truths] = [
      [-1, 1, -1, 1, 2],
      [0, 1, 1, 0, 1],
    ];
    const more = fitCalibration(kind, [...logits, Number.NaN, Infinity], [...truths, Number.NaN, Number.NaN]);
    expect(more).not.toBeNull();
    expect(more).toEqual(fitCalibration(kind, logits, truths));
  }
});

test.each([
  ["all logits have the right sign", [-2, -1, 1, 2], [0, 0, 1, 1]],
  ["0 has no wrong sign", [-2, 0, 0, 2], [0, 1, 0, 1]],
  ["logits are no better than chance", [-1, -1, 1, 1], [0, 1, 0, 1]],
  ["logits are worse than chance", [-1, -1, 1, 1, 1], [1, 1, 0, 0, 1]],
  ["all logits are 0", [0, 0, 0], [0, 1, 1]],
])("there is no temperature where %s", (_, logits, truths) => {
  expect(fitTemperature(logits, truths)).toBeNull();
});

test("a temperature that can be written down", () => {
  // Three of four are right: σ(1 / T) = 3/4.
  expect(fitTemperature([1, 1, -1, -1], [1, 1, 0, 1])!.temperature).toBeCloseTo(1 / Math.log(3), 13);
  expect(fitTemperature([1e300, 1e300, -1e300, -1e300], [1, 1, 0, 1])!.temperature / 1e300).toBeCloseTo(
    1 / Math.log(3),
    13,
  );
});

test("Platt's scaling of two scores meets the smoothed shares", () => {
  // Shares of positives at 0 and 1: 1/4 and 3/4 of four; targets 5/6 and 1/6.
  const fitted = fitPlatt([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 0])!;
  const share = (1 / 4) * (5 / 6) + (3 / 4) * (1 / 6);
  const [low, high] = calibrate(fitted, [0, 1]);
  expect(low).toBeCloseTo(share, 13);
  expect(high).toBeCloseTo(1 - share, 13);
});

test("equal logits tell nothing: each kind but temperature answers with the share of positives", () => {
  const [logits, truths] = [
    [3, 3, 3, 3],
    [1, 0, 0, 0],
  ];
  expect(fitPlatt(logits, truths, "plain")).toEqual({ kind: "platt", slope: 0, intercept: Math.log(1 / 3) });
  // Targets 2/3 once and 1/5 thrice.
  const smoothed = (2 / 3 + 3 / 5) / 4;
  expect(calibrate(fitPlatt(logits, truths)!, [-9, 3, Infinity])).toEqual(
    new Float64Array(3).fill(1 / (1 + Math.exp(-Math.log((smoothed * 4) / (4 - smoothed * 4))))),
  );
  expect(fitCalibration("isotonic", logits, truths)).toEqual({ kind: "isotonic", breakpoints: [[3, 0.25]] });
  expect([...calibrate({ kind: "isotonic", breakpoints: [[3, 0.25]] }, [-9, 3, Infinity])]).toEqual([
    0.25, 0.25, 0.25,
  ]);
});

test("0 and −0 are one score, and it is written as 0", () => {
  expect(fitCalibration("isotonic", [-0, 1], [0, 1])).toEqual({
    kind: "isotonic",
    breakpoints: [
      [0, 0],
      [1, 1],
    ],
  });
  const fitted = fitCalibration("isotonic", [-0, 0, -0, 1], [0, 1, 1, 1]);
  expect(fitted).toEqual({
    kind: "isotonic",
    breakpoints: [
      [0, 2 / 3],
      [1, 1],
    ],
  });
});

test.each<[string, Calibration, number[], number[]]>([
  ["σ(2)", { kind: "temperature", temperature: 0.5 }, [1], [0.8807970779778823]],
  [
    "temperature's ends",
    { kind: "temperature", temperature: 1 },
    [-1e308, -800, 0, 800, 1e308],
    [0, 0, 0.5, 1, 1],
  ],
  ["the smallest temperature", { kind: "temperature", temperature: 5e-324 }, [-1, 0, 1], [0, 0.5, 1]],
  ["a small probability", { kind: "platt", slope: 10, intercept: -200 }, [-40], [2.6503965530043108e-261]],
  ["a slope of 0", { kind: "platt", slope: 0, intercept: 0 }, [-Infinity, 7, Infinity], [0.5, 0.5, 0.5]],
  ["a slope that turns round", { kind: "platt", slope: -1, intercept: 0 }, [-Infinity, 0, 800], [1, 0.5, 0]],
  ["slopes that overflow", { kind: "platt", slope: 1e308, intercept: -1e308 }, [-9, 9], [0, 1]],
  [
    "an interpolation, clipped",
    {
      kind: "isotonic",
      breakpoints: [
        [-1, 0.1],
        [0, 0.2],
        [2, 0.6],
      ],
    },
    [-Infinity, -1, -0.5, 0, 1.5, 2, 3],
    [0.1, 0.1, 0.15, 0.2, 0.5, 0.6, 0.6],
  ],
  [
    "breakpoints as far apart as can be",
    {
      kind: "isotonic",
      breakpoints: [
        [-Number.MAX_VALUE, 0],
        [Number.MAX_VALUE, 1],
      ],
    },
    [-Number.MAX_VALUE, -Number.MAX_VALUE / 2, 0, Number.MAX_VALUE],
    [0, 0.25, 0.5, 1],
  ],
  [
    "breakpoints as near as can be",
    {
      kind: "isotonic",
      breakpoints: [
        [0, 0],
        [5e-324, 1],
      ],
    },
    [-5e-324, 0, 5e-324],
    [0, 0, 1],
  ],
])("probabilities by hand: %s", (_, calibration, logits, expected) => {
  const probabilities = calibrate(calibration, logits);
  expect(probabilities).toBeInstanceOf(Float64Array);
  expect(probabilities.length).toBe(expected.length);
  for (const [i, p] of expected.entries()) {
    expect(Math.abs(probabilities[i]! - p)).toBeLessThanOrEqual(1e-14 * p);
  }
  expect(calibrate(calibration, [])).toEqual(new Float64Array(0));
});

test("rounding leads no probability past the next breakpoint's", () => {
  // 0.03 + (0.29 − 0.03) is more than 0.29, and 1e-300 is no distance from 0 when seen from −1.
  expect(0.03 + (0.29 - 0.03)).toBeGreaterThan(0.29);
  const [p] = calibrate(
    {
      kind: "isotonic",
      breakpoints: [
        [-1, 0.03],
        [1e-300, 0.29],
      ],
    },
    [0],
  );
  expect(p).toBe(0.29);
});

test("every fitted calibration comes back from JSON as it was", () => {
  let count = 0;
  for (const { name, logits, truths, probes } of CALIBRATION_CASES) {
    for (const kind of KINDS) {
      const fitted = fitCalibration(kind, logits, truths);
      if (fitted === null) continue;
      const back = parseCalibration(JSON.parse(JSON.stringify(fitted)));
      expect(back, name).toStrictEqual(fitted);
      expect(calibrate(back, probes)).toEqual(calibrate(fitted, probes));
      count++;
    }
  }
  expect(count).toBe(56);
});

test("fields that are not known are left out, and the parsed value is a copy", () => {
  const value = { kind: "isotonic", breakpoints: [[0, 0.5]], note: "x", slope: 3 };
  const parsed = parseCalibration(value);
  expect(parsed).toStrictEqual({ kind: "isotonic", breakpoints: [[0, 0.5]] });
  value.breakpoints[0]![1] = 7;
  expect(parsed).toStrictEqual({ kind: "isotonic", breakpoints: [[0, 0.5]] });
});

const isotonic = (...breakpoints: unknown[]) => ({ kind: "isotonic", breakpoints });

test.each<[string, unknown, string]>([
  ["null", null, "it must be a JSON object, but is null"],
  ["a list", [{ kind: "temperature", temperature: 1 }], "it must be a JSON object, but is"],
  ["a text", "platt", 'it must be a JSON object, but is "platt"'],
  ["nothing", undefined, "it must be a JSON object, but is missing"],
  ["no kind", { temperature: 2 }, "kind must be one of temperature, platt, isotonic, but is missing"],
  ["an unknown kind", { kind: "beta\u0007" }, 'but is "beta\\u0007"'],
  ["a kind named for a method of all objects", { kind: "constructor" }, 'but is "constructor"'],
  ["a kind named __proto__", JSON.parse('{"kind":"__proto__"}'), 'but is "__proto__"'],
  ["a kind in a list", { kind: ["platt"], slope: 1, intercept: 0 }, "but is a list"],
  ["a very long kind", { kind: "x".repeat(1e6) }, "x…"],
  ["no temperature", { kind: "temperature" }, "temperature must be a number above 0, but is missing"],
  [
    "a temperature in text",
    { kind: "temperature", temperature: "2" },
    'temperature must be a number above 0, but is "2"',
  ],
  [
    "a temperature of 0",
    { kind: "temperature", temperature: 0 },
    "temperature must be a number above 0, but is 0",
  ],
  ["a temperature below 0", { kind: "temperature", temperature: -2 }, "must be a number above 0, but is -2"],
  ["an infinite temperature", JSON.parse('{"kind":"temperature","temperature":1e999}'), "but is Infinity"],
  ["a temperature of NaN", { kind: "temperature", temperature: Number.NaN }, "but is NaN"],
  ["no slope", { kind: "platt", intercept: 0 }, "slope must be a number, but is missing"],
  ["an infinite slope", { kind: "platt", slope: -Infinity, intercept: 0 }, "slope must be a number"],
  ["no intercept", { kind: "platt", slope: 1, intercept: null }, "intercept must be a number, but is null"],
  ["no breakpoints", { kind: "isotonic" }, "breakpoints must be a list of one or more, but is missing"],
  ["an empty list", isotonic(), "breakpoints must be a list of one or more, but is an empty list"],
  [
    "breakpoints that look like a list",
    { kind: "isotonic", breakpoints: { length: 1, 0: [0, 1] } },
    "must be a list",
  ],
  [
    "a breakpoint that is null",
    isotonic([0, 0.5], null),
    "breakpoints[1] must be a pair of score and probability, but is null",
  ],
  [
    "a hole",
    isotonic(...new Array(1), [0, 0.5]),
    "breakpoints[0] must be a pair of score and probability, but is missing",
  ],
  ["a breakpoint of three", isotonic([0, 0.5, 1]), "breakpoints[0][2] is one value too many in a pair"],
  ["a score in text", isotonic(["0", 0.5]), 'breakpoints[0][0] must be a number, but is "0"'],
  [
    "an infinite score",
    isotonic([0, 0.5], [Infinity, 0.6]),
    "breakpoints[1][0] must be a number, but is Infinity",
  ],
  [
    "a probability over 1",
    isotonic([0, 1.0000001]),
    "breakpoints[0][1] must be a number from 0 to 1, but is 1.0000001",
  ],
  [
    "a probability below 0",
    isotonic([0, -1e-9]),
    "breakpoints[0][1] must be a number from 0 to 1, but is -1e-9",
  ],
  [
    "a probability of NaN",
    isotonic([0, Number.NaN]),
    "breakpoints[0][1] must be a number from 0 to 1, but is NaN",
  ],
  [
    "a probability that is null",
    isotonic([0, null]),
    "breakpoints[0][1] must be a number from 0 to 1, but is null",
  ],
  ["scores that fall", isotonic([0, 0.1], [1, 0.2], [0.5, 0.3]), "breakpoints[2] has no higher score"],
  ["equal scores", isotonic([0, 0.1], [0, 0.2]), "breakpoints[1] has no higher score"],
  ["probabilities that fall", isotonic([0, 0.2], [1, 0.1]), "breakpoints[1] has a lower probability"],
])("a card's calibration is refused: %s", (_, value, words) => {
  expect(() => parseCalibration(value)).toThrow(words);
  expect(() => parseCalibration(value)).toThrow(expect.objectContaining({ code: "calibration/invalid" }));
  expect(() => parseCalibration(value)).toThrow(/^its calibration is not valid: .{1,200}$/);
});
