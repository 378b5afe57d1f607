import { describe, expect, test } from "vitest";
import {
  type PickleDict,
  PickleGlobal,
  PickleObject,
  type PickleValue,
} from "../../src/formats/pickle/values.ts";
import { isAveragedKey } from "../../src/models/averaged.ts";
import { averagedLists } from "../../src/models/averaged-lists.ts";
import { chooseWeights } from "../../src/models/choose-weights.ts";
import { matchDenseNet } from "../../src/models/match.ts";
import { findStateDicts } from "../../src/models/state-dict.ts";
import type { Tensor } from "../../src/tensor.ts";
import { differing, renamed } from "../support/checkpoints.ts";
import { denseNetModule, dict, moduleOf, pickledTensor } from "../support/modules.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const PLAIN = seededWeights(41).tensors;
const EMA = seededWeights(42).tensors;

const stateDict = (tensors: ReadonlyMap<string, Tensor>, prefix = ""): PickleDict =>
  dict(Object.fromEntries([...tensors].map(([name, tensor]) => [prefix + name, pickledTensor(tensor)])));

const scalar = (value: number): PickleValue =>
  pickledTensor({ dtype: "int64", shape: [], data: BigInt64Array.of(BigInt(value)) });

/** Which of the two sets of weights was chosen, and the notes on it. */
function choose(root: PickleValue, wanted?: "plain" | "ema") {
  const { network, notes } = chooseWeights(findStateDicts(root), wanted, averagedLists(root));
  const { tensors } = matchDenseNet(network.parameters);
  const isPlain = differing(tensors, PLAIN).length === 0;
  const isEma = differing(tensors, EMA).length === 0;
  return { chosen: isPlain ? "plain" : isEma ? "ema" : "neither", kind: network.kind, notes };
}

/** Files with both, as training code writes them. */
const BOTH: readonly (readonly [string, PickleValue])[] = [
  ["timm's state_dict_ema", dict({ state_dict: stateDict(PLAIN), state_dict_ema: stateDict(EMA), epoch: 3 })],
  ["model_ema, in DataParallel", dict({ model: stateDict(PLAIN), model_ema: stateDict(EMA, "module.") })],
  ["ema", dict({ ema: stateDict(EMA), model: stateDict(PLAIN) })],
  [
    "ema within a dict",
    dict({ state_dict: stateDict(PLAIN), ema: dict({ state_dict: stateDict(EMA), decay: 0.99 }) }),
  ],
  ["swa_state_dict", dict({ state_dict: stateDict(PLAIN), swa_state_dict: stateDict(EMA) })],
  ["a whole ema module", dict({ model: denseNetModule(PLAIN), ema: denseNetModule(EMA) })],
  [
    "torch.optim.swa_utils.AveragedModel",
    dict({
      model: denseNetModule(PLAIN),
      swa: moduleOf(
        "torch.optim.swa_utils.AveragedModel",
        { module: denseNetModule(EMA) },
        {
          _buffers: dict({ n_averaged: scalar(7) }),
        },
      ),
    }),
  ],
  [
    "both in one state dict, as Lightning has them",
    dict({
      state_dict: dict({
        ...entries(stateDict(EMA, "ema_model.module.")),
        ...entries(stateDict(PLAIN, "model.")),
      }),
    }),
  ],
  [
    "student and teacher",
    dict({
      state_dict: dict({ ...entries(stateDict(PLAIN, "student.")), ...entries(stateDict(EMA, "teacher.")) }),
    }),
  ],
];

function entries(of: PickleDict): Record<string, PickleValue> {
  return Object.fromEntries(of as Map<string, PickleValue>);
}

describe.each(BOTH)("%s", (_, root) => {
  test("the plain weights are used, and the averaged ones named", () => {
    const { chosen, kind, notes } = choose(root);
    expect({ chosen, kind }).toEqual({ chosen: "plain", kind: "plain" });
    expect(notes).toEqual([
      expect.stringMatching(
        /^used the plain weights at .*averaged \(EMA\) ones at .*; the option weights, set to ema, chooses them$/,
      ),
    ]);
  });

  test("--weights ema takes the averaged ones", () => {
    const { chosen, kind, notes } = choose(root, "ema");
    expect({ chosen, kind }).toEqual({ chosen: "ema", kind: "ema" });
    expect(notes).toEqual([expect.stringMatching(/^used the averaged \(EMA\) weights at /)]);
  });
});

test.each([
  ["under a key", dict({ model: null, ema: stateDict(EMA) })],
  [
    "as AveragedModel's own state dict",
    dict({ n_averaged: scalar(3), ...entries(stateDict(EMA, "module.")) }),
  ],
])("a file with averaged weights alone, %s, is read, and that is said", (_, root) => {
  const { chosen, kind, notes } = choose(root);
  expect({ chosen, kind }).toEqual({ chosen: "ema", kind: "ema" });
  expect(notes).toEqual([expect.stringMatching(/are averaged \(EMA\); the file has no others$/)]);
  expect(() => choose(root, "plain")).toThrow(
    expect.objectContaining({
      code: "checkpoint/no-such-weights",
      message: expect.stringMatching(/holds only averaged \(EMA\) weights, at /),
    }),
  );
});

test("where there are no averaged weights, asking for them is refused", () => {
  expect(() => choose(dict({ state_dict: stateDict(PLAIN) }), "ema")).toThrow(
    expect.objectContaining({
      code: "checkpoint/no-such-weights",
      message: expect.stringMatching(
        /holds only plain weights, at checkpoint\["state_dict"\]; leave the choice out/,
      ),
    }),
  );
  expect(choose(dict({ state_dict: stateDict(PLAIN) })).notes).toEqual([]);
});

test("an average of parameters alone has the plain network's running statistics", () => {
  const learned = new Map([...EMA].filter(([name]) => !/running|num_batches/.test(name)));
  const { network, notes } = chooseWeights(
    findStateDicts(dict({ model: stateDict(PLAIN), ema: stateDict(learned, "module.") })),
    "ema",
  );
  const { tensors } = matchDenseNet(network.parameters);
  const expected = new Map([...PLAIN].map(([name, tensor]) => [name, learned.get(name) ?? tensor]));
  expect(differing(tensors, expected)).toEqual([]);
  expect(notes.at(-1)).toBe(
    'the averaged weights have no running statistics; those of checkpoint["model"] are used',
  );
});

test("further plain weights are named; other networks and the optimiser are not", () => {
  const other = dict({ "conv.weight": scalar(1), "conv.bias": scalar(2) });
  const optimizer = dict({ state: dict({ exp_avg: scalar(1), exp_avg_sq: scalar(1) }) });
  const root = dict({ model: stateDict(PLAIN), best: stateDict(EMA), discriminator: other, optimizer });
  expect(choose(root)).toMatchObject({
    chosen: "plain",
    notes: ['the file holds more plain weights, at checkpoint["best"], which are not used'],
  });
});

test("a DenseNet is found under any key, before another network under a usual one", () => {
  const other = dict({ "fc.weight": scalar(1), "fc.bias": scalar(2) });
  expect(choose(dict({ model: other, my_backbone: stateDict(PLAIN) }))).toMatchObject({
    chosen: "plain",
    notes: [],
  });
});

test("an old naming behind two wrappers is still found", () => {
  const wrapped = renamed(PLAIN, (name) => `module.densenet121.${name}`);
  expect(choose(dict({ state_dict: stateDict(wrapped) })).chosen).toBe("plain");
  expect(denseNetModule(PLAIN)).toBeInstanceOf(PickleObject);
});

describe("averages that are no state dict", () => {
  const learned = [...EMA].filter(([name]) => !/running|num_batches/.test(name));
  const statistics = [...PLAIN].filter(([name]) => /running|num_batches/.test(name));
  const list = learned.map(([, tensor]) => pickledTensor(tensor));
  const flat = Object.fromEntries(
    learned.map(([name, tensor]) => [`model_ema.${name.replaceAll(".", "")}`, pickledTensor(tensor)]),
  );
  const keeper = (attributes: Record<string, PickleValue>) => {
    const object = new PickleObject(new PickleGlobal("lab.ema", "EMA"), []);
    object.state = dict(attributes);
    return object;
  };

  test.each<[string, PickleValue]>([
    ["torch_ema's list", dict({ model: stateDict(PLAIN), ema: dict({ decay: 0.99, shadow_params: list }) })],
    [
      "a callback's list",
      dict({ state_dict: stateDict(PLAIN), callbacks: dict({ EMA: dict({ ema_weights: list }) }) }),
    ],
    ["LDM's names without dots", dict({ state_dict: dict({ ...entries(stateDict(PLAIN)), ...flat }) })],
    [
      "an object's shadow",
      dict({ model: stateDict(PLAIN), ema: keeper({ decay: 0.9, shadow: stateDict(new Map(learned)) }) }),
    ],
  ])("%s is named, and taken with the plain network's statistics", (_, root) => {
    expect(choose(root)).toMatchObject({
      chosen: "plain",
      notes: [
        expect.stringMatching(/^used the plain weights .*; the option weights, set to ema, chooses them$/),
      ],
    });
    const { network } = chooseWeights(findStateDicts(root), "ema", averagedLists(root));
    const { tensors } = matchDenseNet(network.parameters);
    const expected = new Map(
      [...PLAIN.keys()].map((name) => [name, new Map([...learned, ...statistics]).get(name)!]),
    );
    expect(differing(tensors, expected)).toEqual([]);
  });

  test("a list that does not fit the network is told of", () => {
    const root = dict({ model: stateDict(PLAIN), ema: dict({ shadow_params: list.slice(1) }) });
    expect(() => choose(root, "ema")).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/a list of averages at .*shadow_params.* does not fit/),
      }),
    );
  });
});

test.each([
  ["avg_model", true],
  ["encoder_k", true],
  ["target_network", true],
  ["momentum_encoder", true],
  ["teacher", true],
  ["teacher_state_dict", true],
  ["average_pool_model", false],
  ["teacher_free", false],
  ["avgpool", false],
  ["target", false],
  ["model", false],
  ["schema", false],
])("%s says that it is averaged: %s", (key, expected) => {
  expect(isAveragedKey(key)).toBe(expected);
});
