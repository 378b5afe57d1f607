/** What a pickled module says about its form. The classes' meaning is PyTorch's; test/parity compares predictions. */
import { describe, expect, test } from "vitest";
import type { PickleDict, PickleObject, PickleValue } from "../../src/formats/pickle/values.ts";
import { readModuleForm } from "../../src/models/module-form.ts";
import { childOf, denseNetModule, dict, moduleOf, replaceChild } from "../support/modules.ts";
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
  expect(readModuleForm(network(), "")).toEqual({ activation: undefined, notes: [] });
});

test.each<[string, Record<string, PickleValue>, string]>([
  ["activation.Sigmoid", {}, "sigmoid"],
  ["activation.LogSigmoid", {}, "sigmoid"],
  ["activation.Softmax", { dim: 1 }, "softmax"],
  ["activation.Softmax", { dim: -1 }, "softmax"],
  ["activation.Softmax", { dim: null }, "softmax"],
  ["activation.LogSoftmax", { dim: 1 }, "softmax"],
])("a head that ends in %s %j means %s", (name, attributes, activation) => {
  expect(readModuleForm(withHead(nn(name, attributes)), "").activation).toBe(activation);
});

test("what does nothing in a prediction is passed over", () => {
  const module = withHead(
    nn("dropout.Dropout", { p: 0.5 }),
    nn("linear.Identity"),
    nn("activation.Softmax", { dim: 1 }),
  );
  expect(readModuleForm(module, "")).toMatchObject({
    activation: "softmax",
    notes: [expect.stringMatching(/\(classifier\.3\)/)],
  });
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
    refused("checkpoint/other-head", /two activations \(classifier\.1 and classifier\.2\)/),
  );
});

describe("a network inside another module", () => {
  test("a Sequential applies what follows it", () => {
    const module = sequential(network(), nn("activation.Softmax", { dim: 1 }));
    expect(readModuleForm(module, "0.")).toMatchObject({
      activation: "softmax",
      notes: [expect.stringMatching(/\(1\)/)],
    });
  });

  test("a class of one's own has its softmax beside it", () => {
    const module = moduleOf("lab.Net", {
      backbone: network(),
      softmax: nn("activation.Softmax", { dim: 1 }),
    });
    expect(readModuleForm(module, "backbone.")).toMatchObject({
      activation: "softmax",
      notes: [
        expect.stringMatching(/its class lab\.Net is not a known one/),
        expect.stringMatching(/\(softmax\)/),
      ],
    });
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
  [
    "features.denseblock1.denselayer1.relu1",
    "activation.LeakyReLU",
    /its class is torch\.nn\.modules\.\w+\.LeakyReLU/,
  ],
  ["features.relu0", "activation.SiLU", /its class is torch\.nn\.modules\.\w+\.SiLU/],
  ["features.relu0", "linear.Identity", /it has no "relu0"/],
  ["features.transition2.pool", "pooling.MaxPool2d", /its class is torch\.nn\.modules\.\w+\.MaxPool2d/],
  ["features.pool0", "pooling.AvgPool2d", /its class is torch\.nn\.modules\.\w+\.AvgPool2d/],
])("%s that is a %s computes something else, and is refused", (path, name, message) => {
  const module = network();
  replaceChild(module, path, nn(name));
  expect(() => readModuleForm(module, "")).toThrow(refused("checkpoint/other-module", message));
});

/** Changes that keep the names and shapes of all parameters but alter what is computed. */
describe("a module that only looks like the network is refused", () => {
  const module = (change: (module: PickleObject) => void): PickleObject => {
    const made = network();
    change(made);
    return made;
  };
  const own = moduleOf("lab.SimAM");
  const children = (at: PickleObject) => at.attribute("_modules") as PickleDict;
  const cases: readonly (readonly [string, PickleObject, RegExp])[] = [
    [
      "a layer of one's own in the features",
      module((m) => children(childOf(m, "features")).set("att", own)),
      /features .*holds "att" too/,
    ],
    [
      "one in a layer",
      module((m) => replaceChild(m, "features.denseblock1.denselayer1.relu1", own)),
      /relu1 .*its class is lab\.SimAM/,
    ],
    [
      "torchvision's frozen norm",
      module((m) => replaceChild(m, "features.norm0", moduleOf("torchvision.ops.misc.FrozenBatchNorm2d"))),
      /its class is torchvision\.ops\.misc\.FrozenBatchNorm2d/,
    ],
    [
      "a transition without its ReLU",
      module((m) => children(childOf(m, "features.transition1")).delete("relu")),
      /transition1 .*has no "relu"/,
    ],
    [
      "an order of its own",
      module((m) => {
        const features = children(childOf(m, "features"));
        const [norm, relu] = [features.get("norm0")!, features.get("relu0")!];
        const rest = [...features].filter(([key]) => key !== "conv0" && key !== "norm0" && key !== "relu0");
        const conv = features.get("conv0")!;
        features.clear();
        for (const [key, value] of [["conv0", conv], ["relu0", relu], ["norm0", norm], ...rest] as const)
          features.set(key, value);
      }),
      /another order/,
    ],
    [
      "a pool with another divisor",
      changed("features.transition1.pool", (state) => state.set("divisor_override", 3)),
      /divisor_override is 3/,
    ],
    [
      "a sigmoid before the linear layer",
      module((m) =>
        replaceChild(m, "classifier", sequential(nn("activation.Sigmoid"), childOf(m, "classifier"))),
      ),
      /classifier\.0 .*Sigmoid stands before the linear layer/,
    ],
  ];

  test.each(cases)("%s", (_, made, message) => {
    expect(() => readModuleForm(made, "")).toThrow(refused("checkpoint/other-module", message));
  });

  test("a norm without weights behind the classifier", () => {
    expect(() =>
      readModuleForm(withHead(nn("normalization.LayerNorm", { _parameters: dict({ weight: null }) })), ""),
    ).toThrow(refused("checkpoint/other-head", /LayerNorm/));
  });

  test("a module beside the network that may prepare its images", () => {
    const wrapper = moduleOf("lab.Net", {
      normalize: moduleOf("torchvision.transforms.transforms.Normalize"),
      base: network(),
    });
    expect(() => readModuleForm(wrapper, "base.")).toThrow(
      refused(
        "checkpoint/other-module",
        /its module normalize .*stands beside the network, and may prepare its images/,
      ),
    );
    const subclass = network();
    children(subclass).set("normalize", moduleOf("lab.Normalize"));
    expect(() => readModuleForm(subclass, "")).toThrow(
      refused("checkpoint/other-module", /its module normalize .*lab\.Normalize stands beside/),
    );
    const buffers = moduleOf(
      "lab.Net",
      { base: network() },
      {
        _buffers: dict({ mean: null }),
        _non_persistent_buffers_set: new Set<PickleValue>(["mean"]),
      },
    );
    expect(() => readModuleForm(buffers, "base.")).toThrow(
      refused("checkpoint/other-module", /its module mean /),
    );
  });
});

test("a ReLU before the linear layer, and one behind norm5, change nothing", () => {
  const module = network();
  replaceChild(
    module,
    "classifier",
    sequential(nn("activation.ReLU"), nn("dropout.Dropout"), childOf(module, "classifier")),
  );
  (childOf(module, "features").attribute("_modules") as PickleDict).set("relu5", nn("activation.ReLU"));
  expect(readModuleForm(module, "")).toEqual({ activation: undefined, notes: [] });
});

test("a class of one's own is said not to be known, a library's container is not", () => {
  expect(
    readModuleForm(moduleOf("torch.nn.parallel.data_parallel.DataParallel", { module: network() }), "module.")
      .notes,
  ).toEqual([]);
  expect(readModuleForm(moduleOf("__main__.CheXNet", { net: network() }), "net.").notes).toEqual([
    "its class __main__.CheXNet is not a known one: whatever its forward does besides running its layers cannot be read and is not applied",
  ]);
});
