/** What a whole module says of its form. The classes' meaning is PyTorch's; live predictions are in test/parity. */
import { describe, expect, test } from "vitest";
import type { PickleDict, PickleObject, PickleValue } from "../../src/formats/pickle/values.ts";
import { readModuleForm } from "../../src/models/module-form.ts";
import { childOf, denseNetModule, moduleOf, replaceChild } from "../support/modules.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const { tensors } = seededWeights(31);
const network = () => denseNetModule(tensors);
const nn = (name: string, attributes: Record<string, PickleValue> = {}) =>
  moduleOf(`torch.nn.modules.${name}`, {}, attributes);
const sequential = (...children: PickleObject[]) =>
  moduleOf(
    "torch.nn.modules.container.Sequential",
    Object.fromEntries(children.map((child, i) => [String(i), child])),
  );

const withHead = (...after: PickleObject[]): PickleObject => {
  const module = network();
  replaceChild(module, "classifier", sequential(childOf(module, "classifier"), ...after));
  return module;
};
const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("torchvision's own module leaves its logits as they are", () => {
  expect(readModuleForm(network(), "")).toEqual({ activation: undefined, by: undefined });
});

test.each<[string, Record<string, PickleValue>, string]>([
  ["activation.Sigmoid", {}, "sigmoid"],
  ["activation.LogSigmoid", {}, "sigmoid"],
  ["activation.Softmax", { dim: 1 }, "softmax"],
  ["activation.Softmax", { dim: -1 }, "softmax"],
  ["activation.Softmax", { dim: null }, "softmax"],
  ["activation.LogSoftmax", { dim: 1 }, "softmax"],
])("a head that ends in %s %j means %s", (name, attributes, activation) => {
  expect(readModuleForm(withHead(nn(name, attributes)), "")).toEqual({ activation, by: "classifier.1" });
});

test("what does nothing in a prediction is passed over", () => {
  const module = withHead(
    nn("dropout.Dropout", { p: 0.5 }),
    nn("linear.Identity"),
    nn("activation.Softmax", { dim: 1 }),
  );
  expect(readModuleForm(module, "")).toEqual({ activation: "softmax", by: "classifier.3" });
});

test.each([
  ["activation.Tanh", {}, /pass through a Tanh \(classifier\.1\)/],
  ["activation.ReLU", {}, /pass through a ReLU/],
  ["activation.Hardsigmoid", {}, /pass through a Hardsigmoid/],
  ["activation.Softmax", { dim: 0 }, /pass through a Softmax over dimension 0/],
])("a head with %s %j cannot be applied, and a card may say what holds", (name, attributes, message) => {
  const module = withHead(nn(name, attributes));
  expect(() => readModuleForm(module, "")).toThrow(refused("checkpoint/other-head", message));
  expect(() => readModuleForm(module, "")).toThrow(/"activation": "sigmoid"/);
  expect(readModuleForm(module, "", true).activation).toBeUndefined();
});

test("a class of one's own behind the linear layer is refused: nobody can tell what it does", () => {
  const module = withHead(moduleOf("mylab.heads.Scaled"));
  expect(() => readModuleForm(module, "")).toThrow(refused("checkpoint/other-head", /mylab\.heads\.Scaled/));
});

test("two activations are refused", () => {
  const module = withHead(nn("activation.Sigmoid"), nn("activation.Softmax", { dim: 1 }));
  expect(() => readModuleForm(module, "")).toThrow(
    refused("checkpoint/other-head", /two activations \(classifier\.1, classifier\.2\)/),
  );
});

describe("a network inside another module", () => {
  test("a Sequential applies what follows it", () => {
    const module = sequential(network(), nn("activation.Softmax", { dim: 1 }));
    expect(readModuleForm(module, "0.")).toEqual({ activation: "softmax", by: "1" });
  });

  test("a class of one's own has its softmax beside it", () => {
    const module = moduleOf("lab.Net", {
      backbone: network(),
      softmax: nn("activation.Softmax", { dim: 1 }),
    });
    expect(readModuleForm(module, "backbone.")).toEqual({ activation: "softmax", by: "softmax" });
  });

  test("what a Sequential puts before the network would prepare its images, and is refused", () => {
    const module = sequential(moduleOf("kornia.enhance.Normalize"), network());
    expect(() => readModuleForm(module, "1.")).toThrow(
      refused(
        "checkpoint/other-module",
        /its module 0 .*a kornia\.enhance\.Normalize stands before the network/,
      ),
    );
  });
});

/** The state of a module in the features, changed. */
function changed(path: string, change: (state: PickleDict) => void): PickleObject {
  const module = network();
  change(childOf(module, path).state as PickleDict);
  return module;
}

test.each([
  ["features.norm5", "eps", 1e-3, /features\.norm5 .*its eps is 0\.001, not 0\.00001/],
  ["features.conv0", "stride", [1, 1], /features\.conv0 .*its stride is 1, not 2/],
  ["features.denseblock2.denselayer3.conv2", "dilation", [2, 2], /dilation is 2/],
  ["features.denseblock2.denselayer3.conv2", "padding_mode", "reflect", /padding_mode is "reflect"/],
  ["features.transition1.pool", "kernel_size", 3, /kernel_size is 3, not 2/],
])("%s with another %s computes something else, and is refused", (path, key, value, message) => {
  const module = changed(path, (state) => state.set(key, value as PickleValue));
  expect(() => readModuleForm(module, "")).toThrow(refused("checkpoint/other-module", message));
});

test.each([
  ["features.denseblock1.denselayer1.relu1", "activation.LeakyReLU", /its class is LeakyReLU/],
  ["features.relu0", "activation.SiLU", /its class is SiLU/],
  ["features.relu0", "linear.Identity", /its class is Identity/],
  ["features.transition2.pool", "pooling.MaxPool2d", /its class is MaxPool2d/],
  ["features.pool0", "pooling.AvgPool2d", /its class is AvgPool2d/],
])("%s that is a %s computes something else, and is refused", (path, name, message) => {
  const module = network();
  replaceChild(module, path, nn(name));
  expect(() => readModuleForm(module, "")).toThrow(refused("checkpoint/other-module", message));
});
