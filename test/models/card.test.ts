import { describe, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { plainPreparation } from "../../src/image/preparation.ts";
import {
  CARD_KEY,
  type ModelCard,
  parseCard,
  parseCardText,
  resolveCard,
  XRV_PREPARATION,
} from "../../src/models/card.ts";
import { cardMetadata } from "../../src/models/compile.ts";

const TWO = { numLabels: 2, inChannels: 3 };
const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("labels are resolved from the first source that has them", () => {
  const card: ModelCard = { labels: ["card 1", "card 2"] };
  const fromFile = { ...TWO, labels: { names: ["file 1", "file 2"], where: "checkpoint" } };

  test("given labels win over card and file", () => {
    const { labels, labelSource } = resolveCard(fromFile, card, ["given 1", "given 2"]);
    expect(labels).toEqual(["given 1", "given 2"]);
    expect(labelSource).toMatch(/the option labels/);
  });

  test("the card wins over the file", () => {
    const { labels, labelSource } = resolveCard(fromFile, card);
    expect(labels).toEqual(["card 1", "card 2"]);
    expect(labelSource).toMatch(/card/);
  });

  test("the file wins over an assumption", () => {
    const names = [...FINDING_NAMES].reverse();
    const { labels, labelSource } = resolveCard(
      { numLabels: 14, inChannels: 3, labels: { names, where: 'checkpoint["classes"]' } },
      {},
    );
    expect(labels).toEqual(names);
    expect(labelSource).toBe('checkpoint["classes"]');
  });

  test("14 outputs without a word are read in the order of the CheXNet family, and that is said", () => {
    const { labels, labelSource } = resolveCard({ numLabels: 14, inChannels: 3 }, {});
    expect(labels).toEqual(FINDING_NAMES);
    expect(labels.slice(0, 2).concat(labels.slice(-2))).toEqual([
      "Atelectasis",
      "Cardiomegaly",
      "Pleural_Thickening",
      "Hernia",
    ]);
    expect(labelSource).toMatch(/assumed.*CheXNet/);
  });
});

test("that a model knows phantoms only is read, and nothing else in its place", () => {
  expect(parseCard({ trainedOn: "phantoms" })).toEqual({ trainedOn: "phantoms" });
  expect(parseCard({ trainedOn: "patients" })).toEqual({});
  expect(resolveCard({ numLabels: 14, inChannels: 3 }, { trainedOn: "phantoms" })).toMatchObject({
    trainedOn: "phantoms",
  });
});

test("outputs that nothing names are refused", () => {
  expect(() => resolveCard(TWO, {})).toThrow(thrown("card/no-labels", /2 outputs.*Name them in order/));
  expect(() => resolveCard(TWO, {})).not.toThrow(/ImageNet/);
});

test("1000 outputs are refused with the hint that this is an ImageNet backbone", () => {
  expect(() => resolveCard({ numLabels: 1000, inChannels: 3 }, {})).toThrow(
    thrown("card/no-labels", /1000 outputs.*ImageNet.*backbone/),
  );
});

test("labels of another number than the outputs are refused, with their source", () => {
  expect(() => resolveCard(TWO, { labels: ["a"] })).toThrow(
    thrown("card/label-count", /1 label \(the model card\) for a model with 2 outputs/),
  );
  expect(() => resolveCard(TWO, {}, ["a", "b", "c"])).toThrow(
    thrown("card/label-count", /there are 3 labels \(given as the option labels\)/),
  );
});

test("a label that is given twice is refused; untrained outputs may all be nameless", () => {
  expect(() => resolveCard(TWO, {}, ["a", "a"])).toThrow(thrown("card/invalid", /twice/));
  expect(() => parseCard({ labels: ["a", "b", "a"] })).toThrow(thrown("card/invalid", /twice/));
  expect(parseCard({ labels: ["", "a", ""] }).labels).toEqual(["", "a", ""]);
});

test("three channels are prepared plainly, one channel as torchxrayvision does", () => {
  expect(resolveCard({ numLabels: 14, inChannels: 3 }, {}).preparation).toEqual(plainPreparation(224));
  expect(resolveCard({ numLabels: 14, inChannels: 1 }, {}).preparation).toEqual(XRV_PREPARATION);
});

test("a preparation that yields other channels than the model takes is refused", () => {
  const preparation = plainPreparation();
  expect(() => resolveCard({ numLabels: 14, inChannels: 1 }, { preparation })).toThrow(
    thrown("card/channels", /yields 3 channels.*takes 1/),
  );
});

test("what a card says beyond labels and preparation is carried along", () => {
  const card = { operatingPoints: { a: 0.25 }, licence: "MIT", citation: "who", source: "where" };
  expect(resolveCard(TWO, { labels: ["a", "b"], ...card })).toMatchObject(card);
  expect(parseCard({ ...card, unknown: 1 })).toEqual(card);
});

test.each([
  ["no JSON", "{", "card/invalid", /not JSON/],
  ["a list", "[]", "card/invalid", /it must be a JSON object, but is an empty list/],
  ["null", "null", "card/invalid", /it must be a JSON object, but is null/],
  [
    "no labels in the list",
    '{"labels":[]}',
    "card/invalid",
    /labels must be a list of names, but is an empty list/,
  ],
  ["labels that are numbers", '{"labels":[1,2]}', "card/invalid", /labels\[0\] must be text, but is 1/],
  [
    "an operating point over 1",
    '{"operatingPoints":{"a":1.5}}',
    "card/invalid",
    /operatingPoints\.a must be a number from 0 to 1, but is 1\.5/,
  ],
  [
    "an operating point in words",
    '{"operatingPoints":{"a":"0.5"}}',
    "card/invalid",
    /from 0 to 1, but is "0\.5"/,
  ],
  [
    "a preparation that is no list",
    '{"preparation":{}}',
    "preparation/invalid",
    /preparation must be a list of steps, but is an object/,
  ],
  [
    "an unknown activation",
    '{"activation":"tanh"}',
    "card/invalid",
    /activation must be one of sigmoid, softmax, none, but is "tanh"/,
  ],
  ["an unknown step", '{"preparation":[{"step":"blur"}]}', "preparation/invalid", /blur/],
])("a card with %s is refused", (_, text, code, message) => {
  expect(() => parseCardText(text)).toThrow(thrown(code, message));
});

test("labels that the checkpoint itself repeats are refused, as given ones are", () => {
  expect(() => resolveCard({ ...TWO, labels: { names: ["a", "a"], where: "checkpoint" } }, {})).toThrow(
    thrown("card/invalid", /twice/),
  );
});

const PLATT = { kind: "platt" as const, slope: 1.5, intercept: -0.25 };

test("a calibration travels by label, with how it was fitted", () => {
  const calibration = { description: "platt, fitted to 9 images", findings: { Mass: PLATT } };
  expect(parseCard({ calibration })).toEqual({ calibration });
  const text = cardMetadata({ calibration })[CARD_KEY];
  expect(parseCardText(text)).toEqual({ calibration });
  expect(parseCard({ calibration: { findings: {} } })).toEqual({
    calibration: { description: "", findings: {} },
  });
});

test.each([
  [{ calibration: 1 }, "card/invalid", "calibration must be a JSON object, but is 1"],
  [{ calibration: {} }, "card/invalid", "calibration.findings must be a JSON object, but is missing"],
  [
    { calibration: { findings: { Mass: { kind: "beta" } } } },
    "calibration/invalid",
    'calibration.findings.Mass.kind must be one of temperature, platt, isotonic, but is "beta"',
  ],
  [{ learnedFrom: {} }, "card/invalid", "learnedFrom must be a list, but is an object"],
  [{ learnedFrom: [1] }, "card/invalid", "learnedFrom[0] must be a JSON object, but is 1"],
  [{ learnedFrom: [{}] }, "card/invalid", "learnedFrom[0].dataset must be text, but is missing"],
  [
    { learnedFrom: [{ dataset: "x", split: "mine" }] },
    "card/invalid",
    'learnedFrom[0].split must be one of official, chexnet, chexnet-test, unpublished, none, but is "mine"',
  ],
  [
    { learnedFrom: [{ dataset: "x", training: "not base64!" }] },
    "card/invalid",
    "learnedFrom[0].training is no base64",
  ],
])("%j is refused, with the field's path", (card, code, problem) => {
  expect(() => parseCard(card)).toThrow(
    expect.objectContaining({ code, message: `its model card is not valid: ${problem}` }),
  );
});

test("words that decide nothing are passed over where they are no words", () => {
  expect(Object.keys(parseCard({ licence: 5, source: null, trainedOn: 1, labels: ["a"] }))).toEqual([
    "labels",
  ]);
});

test("what a model has learned from is kept as it is", () => {
  const learnedFrom = [
    { dataset: "labels.csv", training: "AAAAAAE=", validation: "" },
    { dataset: "ChestX-ray14", split: "chexnet" as const },
  ];
  expect(parseCardText(cardMetadata({ learnedFrom })[CARD_KEY])).toEqual({ learnedFrom });
});

test("names that a user gives take thresholds and calibration along, by their place", () => {
  const labels = ["a", "b"];
  const card = {
    labels,
    operatingPoints: { a: 0.1, b: 0.2 },
    calibration: { description: "", findings: { b: PLATT } },
  };
  const settled = resolveCard({ numLabels: 2, inChannels: 3 }, card, ["b", "c"]);
  expect(settled.operatingPoints).toEqual({ b: 0.1, c: 0.2 });
  expect(settled.calibration!.findings).toEqual({ c: PLATT });
  expect(resolveCard({ numLabels: 2, inChannels: 3 }, card)).toMatchObject(card);
});
