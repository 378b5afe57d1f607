import { expect, test } from "vitest";
import { checkRequest, type EvaluationRequest } from "../../../src/app/evaluation/request.ts";

const REST = {
  includeLaterals: false,
  method: "gradcam",
  gradcamLayer: "norm5",
  bootstrap: 100,
  seed: 0,
  examples: 0,
  predictionCache: "on",
} as const;

const check = (request: Partial<EvaluationRequest>) => () => checkRequest({ ...REST, ...request });

test.each<Partial<EvaluationRequest>>([
  { data: "d", model: "m.pth" },
  { data: "d", model: "m.pth", labelsFile: "l.csv", against: "other.pth" },
  { predictions: "p.csv", labelsFile: "l.csv" },
  { predictions: "p.csv", labelsFile: "l.csv", against: "q.csv" },
])("%o can be evaluated", (request) => {
  expect(check(request)).not.toThrow();
});

test.each<Partial<EvaluationRequest>>([
  {},
  { data: "d" },
  { model: "m.pth" },
  { predictions: "p.csv" },
  { data: "d", model: "m.pth", predictions: "p.csv", labelsFile: "l.csv" },
])("%o is refused", (request) => {
  expect(check(request)).toThrow(expect.objectContaining({ code: "evaluation/bad-request" }));
});

test("predictions cannot be compared with a model, which is named", () => {
  const wrong = check({ predictions: "p.csv", labelsFile: "l.csv", against: "other.pth" });
  expect(wrong).toThrow(/^other\.pth: /);
});
