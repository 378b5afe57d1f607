import { expect, test } from "vitest";
import { leftOutInWords, matchDenseNet } from "../../src/models/match.ts";
import { sideOwner } from "../../src/models/side-tensors.ts";
import type { Tensor } from "../../src/tensor.ts";
import { differing, entriesOf } from "../support/checkpoints.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const { tensors } = seededWeights(51);
const one: Tensor = { dtype: "float32", shape: [1], data: Float32Array.of(1) };

/** Names in the state dicts of Lightning, torchmetrics, torch.optim.swa_utils, timm, LDM and torchxrayvision. */
test.each([
  ["criterion.pos_weight", "a loss"],
  ["pos_weight", "a loss"],
  ["model.loss_fn.weight", "a loss"],
  ["train_criterion.bce.pos_weight", "a loss"],
  ["focal_loss.alpha", "a loss"],
  ["center_loss.centers", "a loss"],
  ["val_auroc.confmat", "a metric"],
  ["train_metrics.MultilabelAccuracy.tp", "a metric"],
  ["metrics.0.preds", "a metric"],
  ["valid_f1.true_positives", "a metric"],
  ["n_averaged", "the averaging of weights"],
  ["model_ema.decay", "the averaging of weights"],
  ["model_ema.num_updates", "the averaging of weights"],
  ["model_ema.featuresconv0weight", "the averaging of weights"],
  ["initted", "the averaging of weights"],
  ["step", "a counter"],
  ["queue", "a queue of examples"],
  ["op_threshs", "the operating points"],
])("%s belongs to %s", (name, owner) => {
  expect(sideOwner(name, one, (flat) => flat === "featuresconv0weight")).toBe(owner);
  const { leftOut, tensors: matched } = matchDenseNet(entriesOf(new Map([...tensors, [name, one]])));
  expect(leftOut).toEqual([{ name, owner }]);
  expect(differing(matched, tensors)).toEqual([]);
});

/** Each of these may change the network's outputs. */
test.each([
  "temperature",
  "normalize.mean",
  "mean",
  "fc.weight",
  "attention.weight",
  "auroc_head.weight",
  "accuracy_net.bias",
  "features.criterion.weight",
  "features.denseblock1.denselayer1.pos_weight",
  "classifier.metrics.confmat",
  "lossless.weight",
  "map.weight",
  "scale",
  "ema.conv.weight",
  "ema_attention.conv.weight",
  "average.weight",
  "acc.gamma",
  "precision_head.scale",
  "recall_gate.running_mean",
  "loss_head.weight",
])("%s is left over, and the file refused", (name) => {
  expect(sideOwner(name, one)).toBeUndefined();
  expect(() => matchDenseNet(entriesOf(new Map([...tensors, [name, one]])))).toThrow(
    expect.objectContaining({
      code: "checkpoint/mismatch",
      details: expect.objectContaining({ leftOver: [name] }),
    }),
  );
});

test("what was left out is said, in one sentence for each owner", () => {
  const leftOut = ["a.tp", "a.fp", "a.tn", "a.fn", "a.n"].map((name) => ({ name, owner: "a metric" }));
  expect(leftOutInWords([{ name: "criterion.pos_weight", owner: "a loss" }, ...leftOut])).toEqual([
    "left out criterion.pos_weight, which by its name belongs to a loss and cannot change the outputs",
    "left out a.tp, a.fp, a.tn, a.fn and 1 more, which by their names belong to a metric and cannot change the outputs",
  ]);
  expect(leftOutInWords([])).toEqual([]);
});

test("a quantised or complex tensor beside the network does no harm, one of the network is refused by name", () => {
  const odd = { dtype: "qint8", shape: [1], read: () => expect.unreachable() };
  const beside = new Map([...entriesOf(tensors), ["criterion.table", odd]]);
  expect(matchDenseNet(beside).leftOut).toEqual([{ name: "criterion.table", owner: "a loss" }]);
  const within = new Map([...entriesOf(tensors), ["classifier.bias", { ...odd, shape: [14] }]]);
  expect(() => matchDenseNet(within)).toThrow(
    expect.objectContaining({
      code: "checkpoint/bad-dtype",
      message: expect.stringMatching(/"classifier\.bias" is qint8/),
    }),
  );
});
