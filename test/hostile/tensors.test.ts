/** Tensors with absurd shapes, strides and offsets, and storages that lie. */

import assert from "node:assert/strict";
import { describe, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { loadDenseNet } from "../../src/models/load.ts";
import { concat, latin1, u64 } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import {
  densenetTensors,
  ONE,
  stateDict,
  storage,
  storageView,
  tensor,
  torchLegacy,
  torchZip,
} from "./builders/torch.ts";
import { refuses } from "./refusal.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const one = storage("0", 1);

/** A state dict of one tensor, in a zip with one float. */
const zip = (tensorBytes: Uint8Array, storages: Record<string, Uint8Array> = { 0: ONE }): Uint8Array =>
  torchZip(p.pickle(stateDict(new Map([["w", tensorBytes]]))), storages);
const legacy = (tensorBytes: Uint8Array, count: number | bigint = 1): Uint8Array =>
  torchLegacy(p.pickle(stateDict(new Map([["w", tensorBytes]]))), [{ key: "0", count, bytes: ONE }]);

/** Read every tensor; what is read must be as long as its shape says. */
function readAll(file: Uint8Array): void {
  for (const entry of readCheckpoint(file).tensors.values()) {
    const { shape, data } = entry.read();
    assert.equal(
      data.length,
      shape.reduce((product, extent) => product * extent, 1),
    );
  }
}

test("one float in a zip and in a legacy file is read", () => {
  readAll(zip(tensor(one, [1])));
  readAll(legacy(tensor(one, [1])));
});

describe("a tensor that leaves its storage or makes no sense is refused", () => {
  const rebuild = (...args: readonly Uint8Array[]) => p.call("torch._utils", "_rebuild_tensor_v2", ...args);
  const cases: readonly [string, Uint8Array][] = [
    ["a shape that is too long", tensor(one, [2])],
    ["an offset beyond the end", tensor(one, [1], [1], 1)],
    ["an offset of 2^53", tensor(one, [1], [1], MAX)],
    ["a shape of 2^53 by 2^53", tensor(one, [MAX, MAX], [0, 0])],
    ["a shape whose product is infinite", tensor(one, Array(32).fill(MAX), Array(32).fill(0))],
    ["2^40 elements through a stride of zero", tensor(one, [2 ** 40], [0])],
    ["2^52 elements through strides of zero", tensor(one, [2 ** 26, 2 ** 26], [0, 0])],
    ["a stride of 2^53", tensor(one, [2], [MAX])],
    ["33 dimensions", tensor(one, Array(33).fill(1), Array(33).fill(1))],
    ["more strides than dimensions", tensor(one, [1], [1, 1])],
    ["a negative offset", rebuild(one, p.int(-1), p.tuple(p.int(1)), p.tuple(p.int(1)))],
    ["a negative stride", rebuild(one, p.int(0), p.tuple(p.int(2)), p.tuple(p.int(-1)))],
    ["a negative shape", rebuild(one, p.int(0), p.tuple(p.int(-1)), p.tuple(p.int(1)))],
    ["a shape beyond 2^53", rebuild(one, p.int(0), p.tuple(p.long(2n ** 62n)), p.tuple(p.int(1)))],
    ["a shape of text", rebuild(one, p.int(0), p.tuple(p.text("1")), p.tuple(p.int(1)))],
    ["a shape that is text", rebuild(one, p.int(0), p.text("1"), p.text("1"))],
    ["a shape that is not a number", rebuild(one, p.int(0), p.tuple(latin1("Fnan\n")), p.tuple(p.int(1)))],
    ["no arguments", rebuild()],
    ["no storage", rebuild(p.NONE, p.int(0), p.tuple(), p.tuple())],
    ["a view of a dtype that does not exist", p.call("torch._utils", "_rebuild_tensor_v3", one, p.int(0))],
  ];
  test.for(cases)("%s", ([, bytes]) => {
    refuses(() => readAll(zip(bytes)), /^(torch\/bad-tensor|checkpoint\/no-state-dict)$/);
    refuses(() => readAll(legacy(bytes)), /^(torch\/bad-tensor|checkpoint\/no-state-dict)$/);
  });
});

describe("a storage that lies is refused", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["2^53 elements in a zip", zip(tensor(storage("0", MAX), [1]))],
    ["2^31 elements in a zip", zip(tensor(storage("0", 2 ** 31), [1]))],
    ["−1 elements", zip(tensor(storage("0", 0xffffffff), [1]))],
    ["a class that is no storage", zip(tensor(storage("0", 1, "system"), [1]))],
    ["a key that is a path", zip(tensor(storage("../data.pkl", 1), [1]))],
    ["a key with line feeds", zip(tensor(storage("a\n\u001b[2J", 1), [1]))],
    ["a key of a megabyte", zip(tensor(storage("x".repeat(1e6), 1), [1]))],
    ["2^53 elements in a legacy file", legacy(tensor(storage("0", MAX), [1]))],
    ["a legacy body of 2^60 elements", legacy(tensor(one, [1]), 2n ** 60n)],
    ["a legacy body of 2^52 elements", legacy(tensor(one, [1]), 2 ** 52)],
    ["a legacy body of no elements", legacy(tensor(one, [1]), 0)],
    ["a legacy view beyond its storage", legacy(tensor(storageView("0", 1, p.int(1), p.int(1)), [1]))],
    ["a legacy view of −1 elements", legacy(tensor(storageView("0", 1, p.int(1), p.int(-1)), [1]))],
    [
      "a legacy view of half an element",
      legacy(tensor(storageView("0", 1, latin1("F0.5\n"), latin1("F0.5\n")), [1])),
    ],
    [
      "a legacy view that is not a number",
      legacy(tensor(storageView("0", 1, latin1("Fnan\n"), p.int(1)), [1])),
    ],
    [
      "a legacy file without its bodies",
      torchLegacy(p.pickle(stateDict(new Map([["w", tensor(one, [1])]])))),
    ],
    [
      "a legacy body that nothing uses",
      torchLegacy(p.pickle(p.EMPTY_DICT), [{ key: "0", count: 1, bytes: ONE }]),
    ],
  ];
  test.for(cases)("%s", ([, file]) => refuses(() => readAll(file), /^(torch|format)\//));
});

test("a persistent id of odd parts is refused", () => {
  const ids = [
    p.NONE,
    p.tuple(),
    p.int(1),
    p.tuple(p.text("storage")),
    p.tuple(p.text("storage"), p.EMPTY_DICT, p.EMPTY_DICT, p.NONE, p.NONE),
  ];
  for (const id of ids) {
    const pickle = p.pickle(id, p.BINPERSID);
    refuses(() => readCheckpoint(torchZip(pickle)), "torch/bad-storage");
    refuses(() => readCheckpoint(torchLegacy(pickle)), "torch/bad-storage");
  }
});

describe("a DenseNet121 of a few kilobytes", () => {
  const model = (replace: Record<string, Uint8Array>, body = ONE, extra: Record<string, Uint8Array> = {}) =>
    torchZip(p.pickle(stateDict(densenetTensors({ replace }))), { 0: body, ...extra });
  const COUNTER = "features.norm0.num_batches_tracked";
  const nan = latin1("\0\0\xc0\x7f");

  test("is loaded when nothing is wrong with it", () => assert.equal(loadDenseNet(model({})).numLabels, 14));

  test("with weights that are not finite is refused", () => {
    refuses(() => loadDenseNet(model({}, nan)), "checkpoint/not-finite");
  });

  test("with integer weights is refused", () => {
    const bytes = model({ "classifier.bias": tensor(storage("0", 1, "IntStorage"), [14], [0]) });
    refuses(() => loadDenseNet(bytes), "checkpoint/bad-dtype");
  });

  test("with a negative variance is refused", () => {
    const replace = { "features.norm5.running_var": tensor(storage("1", 1), [1024], [0]) };
    refuses(
      () => loadDenseNet(model(replace, ONE, { 1: latin1("\0\0\x80\xbf") })),
      "checkpoint/bad-variance",
    );
  });

  test.for(["\0\0\xc0\x7f", "\0\0\x80\x7f", "\0\0\x80\xff"])(
    "with a counter of float %j is refused",
    (bits) => {
      const bytes = model({ [COUNTER]: tensor(storage("1", 1), []) }, ONE, { 1: latin1(bits) });
      refuses(() => loadDenseNet(bytes), /^checkpoint\//);
    },
  );

  test("with a shape of another rank is refused", () => {
    const bytes = model({ "classifier.bias": tensor(one, [14, 1, 1, 1], [0, 0, 0, 0]) });
    refuses(() => loadDenseNet(bytes), "checkpoint/shape-mismatch");
  });

  test("with tensors left over, whose names write to the terminal, is refused", () => {
    const tensors = densenetTensors().set("a\n\u001b[2J", tensor(one, [1]));
    refuses(() => loadDenseNet(torchZip(p.pickle(stateDict(tensors)), { 0: ONE })), "checkpoint/mismatch");
    const long = densenetTensors().set("x".repeat(1e6), tensor(one, [1]));
    refuses(() => loadDenseNet(torchZip(p.pickle(stateDict(long)), { 0: ONE })), "checkpoint/mismatch");
  });

  test("in a legacy file with its bodies cut short is refused", () => {
    const root = p.pickle(stateDict(densenetTensors()));
    const whole = torchLegacy(root, [{ key: "0", count: 1, bytes: ONE }]);
    assert.equal(loadDenseNet(whole).numLabels, 14);
    for (let cut = 1; cut <= 16; cut++) {
      refuses(() => loadDenseNet(whole.subarray(0, -cut)), /^(format|torch|pickle)\//);
    }
    refuses(() => loadDenseNet(concat(whole.subarray(0, -12), u64(2 ** 50))), "format/truncated");
  });
});
