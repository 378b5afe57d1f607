import { expect, test } from "vitest";
import { type EvaluationOptions, evaluationRequest } from "../../../src/app/evaluation/request.ts";

const asking = (options: EvaluationOptions) => () => evaluationRequest(options);
const REFUSED = { code: "evaluation/bad-request" };

test.each<EvaluationOptions>([
  { data: "d", model: "m.pth" },
  { data: "d", model: "m.pth", labelsFile: "l.csv", against: "other.pth" },
  { data: "d", model: "m.pth", bits: 12, predictionCache: false, layer: "denseblock3" },
  { predictions: "p.csv", labelsFile: "l.csv" },
  { predictions: "p.csv", labelsFile: "l.csv", against: "q.csv" },
  { predictions: "p.csv", labelsFile: "l.csv", trainList: "t.txt", threshold: "card" },
])("%o can be evaluated", (options) => {
  expect(asking(options)).not.toThrow();
});

test.each<EvaluationOptions>([
  {},
  { data: "d" },
  { model: "m.pth" },
  { predictions: "p.csv" },
  { data: "d", model: "m.pth", predictions: "p.csv", labelsFile: "l.csv" },
  { data: "d", predictions: "p.csv", labelsFile: "l.csv" },
])("%o is refused", (options) => {
  expect(asking(options)).toThrow(expect.objectContaining(REFUSED));
});

test("predictions cannot be compared with a model, which is named", () => {
  const wrong = asking({ predictions: "p.csv", labelsFile: "l.csv", against: "other.pth" });
  expect(wrong).toThrow(/^other\.pth: /);
});

test.each<EvaluationOptions>([
  { bootstrap: 99 },
  { threshold: 1.5 },
  { seed: -1 },
  { targetSensitivity: 0 },
  { examples: 21, out: "o" },
  { out: " " },
  { labels: [] },
  { bits: 7 },
])("a value out of its range is refused by name: %o", (options) => {
  const [name] = Object.keys(options);
  expect(asking({ data: "d", model: "m.pth", ...options })).toThrow(
    expect.objectContaining({ ...REFUSED, message: expect.stringContaining(name!) }),
  );
});

test.each(["list", "weights", "boxes", "device", "threads", "bits"] as const)(
  "%s is for a model, not for predictions",
  (name) => {
    const value = { list: "l.txt", weights: "ema", boxes: "b.csv", device: "cpu", threads: 2, bits: 12 }[
      name
    ];
    expect(asking({ predictions: "p.csv", labelsFile: "l.csv", [name]: value })).toThrow(
      expect.objectContaining({ ...REFUSED, message: expect.stringMatching(new RegExp(`^${name} `)) }),
    );
  },
);

test("examples that are asked for need a report to stand in; those of the default do not", () => {
  expect(asking({ data: "d", model: "m.pth", examples: 2 })).toThrow(expect.objectContaining(REFUSED));
  expect(evaluationRequest({ data: "d", model: "m.pth" })).toMatchObject({ examples: 3, bootstrap: 1000 });
});
