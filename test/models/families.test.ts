/** Recognising families by their files. Labels, ranges and points are torchxrayvision's (models.py, `model_urls`). */
import { describe, expect, test } from "vitest";
import type { TensorEntry } from "../../src/formats/tensor-entry.ts";
import { XRV_PREPARATION } from "../../src/models/card.ts";
import { type Evidence, recogniseFamily, resemblesChexnet } from "../../src/models/families.ts";
import type { Tensor } from "../../src/tensor.ts";
import { entriesOf } from "../support/checkpoints.ts";
import { denseNetModule, type dict, moduleOf } from "../support/modules.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const XRV_CLASS = "torchxrayvision.models.DenseNet";
const EIGHTEEN = [
  ...[
    "Atelectasis",
    "Consolidation",
    "Infiltration",
    "Pneumothorax",
    "Edema",
    "Emphysema",
    "Fibrosis",
    "Effusion",
  ],
  ...[
    "Pneumonia",
    "Pleural_Thickening",
    "Cardiomegaly",
    "Nodule",
    "Mass",
    "Hernia",
    "Lung Lesion",
    "Fracture",
  ],
  ...["Lung Opacity", "Enlarged Cardiomediastinum"],
];
const { tensors } = seededWeights(61, 18, 1);

const entry = (tensor: Tensor): TensorEntry => ({ ...tensor, read: () => tensor });
const floats = (values: readonly number[]): TensorEntry =>
  entry({ dtype: "float32", shape: [values.length], data: Float32Array.from(values) });

function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    modules: [moduleOf(XRV_CLASS)],
    siblings: [],
    tensors: entriesOf(tensors),
    numLabels: 18,
    inChannels: 1,
    labels: undefined,
    ...more,
  };
}

describe("torchxrayvision", () => {
  test("a module of its class has its labels and its input range, under any file name", () => {
    const family = recogniseFamily(evidence())!;
    expect(family.card).toMatchObject({ labels: EIGHTEEN, preparation: XRV_PREPARATION });
    expect(family.note).toMatch(
      /by its class torchxrayvision\.models\.DenseNet.*it does not say which of its outputs were trained/,
    );
  });

  test("one that names its weights has the catalogue's outputs and points", () => {
    const module = denseNetModule(tensors, XRV_CLASS);
    (module.state as ReturnType<typeof dict>).set("weights", "densenet121-res224-rsna");
    const { labels, operatingPoints } = recogniseFamily(evidence({ modules: [module] }))!.card;
    expect(labels!.filter((label) => label !== "")).toEqual(["Pneumonia", "Lung Opacity"]);
    expect(operatingPoints).toEqual({ Pneumonia: 0.13486601, "Lung Opacity": 0.13511065 });
  });

  test("its op_threshs tell which outputs were trained, and their points", () => {
    const points = EIGHTEEN.map((_, i) => (i === 8 ? 0.25 : i === 16 ? 0.5 : Number.NaN));
    const withPoints = new Map([...entriesOf(tensors), ["op_threshs", floats(points)]]);
    const byState = recogniseFamily(evidence({ modules: [], tensors: withPoints }))!;
    expect(byState.card.operatingPoints).toEqual({ Pneumonia: 0.25, "Lung Opacity": 0.5 });
    expect(byState.note).toMatch(/by its op_threshs/);
  });

  test("outputs whose bias never moved from 0 were never trained", () => {
    const biases = EIGHTEEN.map((_, i) => (i < 14 ? 0.01 * (i + 1) : 0));
    const partly = new Map([...entriesOf(tensors), ["classifier.bias", floats(biases)]]);
    const { card, note } = recogniseFamily(evidence({ tensors: partly }))!;
    expect(card.labels).toEqual([...EIGHTEEN.slice(0, 14), "", "", "", ""]);
    expect(note).toMatch(/4 outputs with a bias that is still exactly 0 were never trained and are left out/);
    const fresh = new Map([...entriesOf(tensors), ["classifier.bias", floats(EIGHTEEN.map(() => 0))]]);
    expect(recogniseFamily(evidence({ tensors: fresh }))!.card.labels).toEqual(EIGHTEEN);
  });

  test.each<[string, Partial<Evidence>]>([
    ["three channels", { inChannels: 3 }],
    ["14 outputs", { numLabels: 14 }],
    ["another class and no points", { modules: [moduleOf("torchvision.models.densenet.DenseNet")] }],
    [
      "op_threshs that are no probabilities",
      { modules: [], tensors: new Map([["op_threshs", floats(EIGHTEEN.map(() => 3))]]) },
    ],
  ])("%s is not of it", (_, more) => {
    expect(recogniseFamily(evidence(more))).toBeUndefined();
  });
});

describe("reproduce-chexnet", () => {
  const saved = {
    modules: [moduleOf("torchvision.models.densenet.DenseNet")],
    siblings: ["model", "best_loss", "epoch", "rng_state", "LR"],
    tensors: new Map([["classifier.0.weight", floats([1])]]),
    numLabels: 14,
    inChannels: 3,
  };

  test("is known by what it saves beside the module", () => {
    const { card, note } = recogniseFamily(evidence(saved))!;
    expect(card.labels!.at(-1)).toBe("Hernia");
    expect(card.preparation!.map(({ step }) => step)).toEqual([
      "rgb",
      "resize-shorter",
      "center-crop",
      "normalise",
    ]);
    expect(note).toMatch(/reproduce-chexnet.*its labels and its preparation/);
    expect(recogniseFamily(evidence({ ...saved, labels: ["a"] }))!.note).toMatch(/, so its preparation/);
  });

  test("and by nothing less", () => {
    expect(
      recogniseFamily(evidence({ ...saved, siblings: ["model", "best_loss", "epoch"] })),
    ).toBeUndefined();
    expect(recogniseFamily(evidence({ ...saved, numLabels: 5 }))).toBeUndefined();
  });
});

test.each([
  ["module.densenet121.classifier.0.weight", true],
  ["densenet121.classifier.0.weight", true],
  ["classifier.0.weight", true],
  ["classifier.weight", false],
  ["model.classifier.0.weight", false],
])("%s: may be a CheXNet reimplementation, %s", (name, expected) => {
  expect(resemblesChexnet(new Map([[name, floats([1])]]))).toBe(expected);
});
