import { describe, expect, test } from "vitest";
import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "../../src/formats/pickle/values.ts";
import { TorchStorage } from "../../src/formats/torch/storage.ts";
import { TorchTensor } from "../../src/formats/torch/tensors.ts";
import { findStateDict } from "../support/checkpoints.ts";

function tensor(...values: number[]): TorchTensor {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return new TorchTensor(new TorchStorage("float32", values.length, () => bytes), 0, [values.length], [1]);
}

const dict = (items: Record<string, PickleValue>): PickleDict => new PickleDict(Object.entries(items));

/** An `nn.Module` as it is pickled: its `__dict__` with parameters, buffers and children. */
function module(
  parameters: Record<string, PickleValue>,
  children: Record<string, PickleValue> = {},
  attributes: Record<string, PickleValue> = {},
): PickleObject {
  const object = new PickleObject(new PickleGlobal("some.package", "Net"), []);
  object.state = dict({
    training: false,
    _parameters: dict(parameters),
    _buffers: dict({}),
    _modules: dict(children),
    ...attributes,
  });
  return object;
}

const STATE = dict({ "conv.weight": tensor(1), "conv.bias": tensor(2) });
const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("a plain state dict is found", () => {
  const { tensors, where } = findStateDict(STATE);
  expect([...tensors.keys()]).toEqual(["conv.weight", "conv.bias"]);
  expect([...(tensors.get("conv.bias")!.read().data as Float32Array)]).toEqual([2]);
  expect(where).toBe("checkpoint");
});

test.each(["state_dict", "model_state_dict", "model", "net", "network", "weights", "module"])(
  'a state dict under "%s" is found among other things',
  (key) => {
    const checkpoint = dict({ epoch: 7, best_loss: 0.1, optimizer: dict({ state: dict({}) }), [key]: STATE });
    expect(findStateDict(checkpoint)).toMatchObject({
      where: `checkpoint["${key}"]`,
      tensors: new Map(STATE as never),
    });
  },
);

test("a state dict two levels down is found", () => {
  const { where, tensors } = findStateDict(dict({ model: dict({ state_dict: STATE, epoch: 1 }) }));
  expect(where).toBe('checkpoint["model"]["state_dict"]');
  expect(tensors.size).toBe(2);
});

test("tensors beside a state dict do not make one of the dict that holds both", () => {
  const root = dict({ pos_weight: tensor(1), mean: tensor(2), std: tensor(3), state_dict: STATE });
  expect(findStateDict(root)).toMatchObject({
    where: 'checkpoint["state_dict"]',
    tensors: new Map(STATE as never),
  });
});

test("entries that are no tensors are left out of a state dict", () => {
  const mixed = dict({ a: tensor(1), b: tensor(2), version: 3 });
  expect([...findStateDict(mixed).tensors.keys()]).toEqual(["a", "b"]);
});

describe("a pickled module", () => {
  test("gives its tensors the names that Module.state_dict() gives them", () => {
    const inner = module({ weight: tensor(1), bias: null }, {});
    const root = module({ scale: tensor(3) }, { features: module({}, { conv0: inner }), classifier: inner });
    const { tensors, where, module: whole } = findStateDict(root);
    expect([...tensors.keys()]).toEqual(["scale", "features.conv0.weight", "classifier.weight"]);
    expect(where).toBe("module some.package.Net");
    expect(whole?.className).toBe("some.package.Net");
  });

  test("is found under a key, with the keys beside it", () => {
    const found = findStateDict(dict({ epoch: 3, model: module({ w: tensor(1) }), LR: 0.1 }));
    expect(found).toMatchObject({ where: "module some.package.Net", path: 'checkpoint["model"]' });
    expect(found.siblings).toEqual(["epoch", "model", "LR"]);
  });

  test("that contains itself is refused", () => {
    const root = module({ w: tensor(1) });
    (root.attribute("_modules") as PickleDict).set("self", root);
    expect(() => findStateDict(root)).toThrow(thrown("checkpoint/recursive-module", /contains itself/));
  });

  test("that shares a child with itself millions of times is refused, in no time", () => {
    let node = module({ w: tensor(1) });
    for (let i = 0; i < 30; i++) node = module({}, { a: node, b: node });
    const start = performance.now();
    expect(() => findStateDict(node)).toThrow(thrown("checkpoint/recursive-module", /without end/));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

test("strings of a state dict's _metadata are kept, versions of modules are not", () => {
  const state = new PickleDict(STATE);
  state.state = dict({ _metadata: dict({ card: "{}", "": dict({ version: 1 }) }) });
  expect(findStateDict(state).metadata).toEqual({ card: "{}" });
});

test.each<[PickleValue, RegExp]>([
  [dict({ epoch: 1, lr: 0.1 }), /a dict with the keys "epoch", "lr"/],
  [dict(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, i]))), /"k7", …/],
  [new PickleObject(new PickleGlobal("os", "system"), ["true"]), /an object of os\.system/],
  [tensor(1), /a single tensor/],
  [[1, 2, 3], /a list of 3/],
  [null, /None/],
])("what is no model is refused in words: %#", (value, words) => {
  expect(() => findStateDict(value)).toThrow(thrown("checkpoint/no-state-dict", words));
});
