/** Small pickles that take long to walk, each read in its own process within 5 seconds and 1 GB. */

import { describe, test } from "vitest";
import { concat, latin1, repeat, u8 } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { ONE, storage, tensor, torchLegacy, torchZip } from "./builders/torch.ts";
import { costsLittle } from "./measure.ts";

/** a = [b, b], b = [c, c], …, 200 levels. */
const laughs = concat(
  p.text("ha"),
  p.DUP,
  ...Array.from({ length: 200 }, (_, i) => concat(p.TUPLE2, p.put(i), p.get(i))),
  p.TUPLE2,
);

/** Text keys k0, k1, …, each with a value. */
const junk = (count: number, value = p.NONE): Uint8Array =>
  concat(
    ...Array.from({ length: count }, (_, i) =>
      concat(u8(0x8c), u8(6), latin1(`k${String(i).padStart(5, "0")}`), value),
    ),
  );

const HOLDERS = [
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "network",
  "model_state",
  "weights",
  "params",
  "ema",
  "module",
];

/** A dict that contains itself under every usual key, and much else. */
const selfHolder = concat(
  p.EMPTY_DICT,
  p.put(0),
  p.MARK,
  ...HOLDERS.flatMap((key) => [p.text(key), p.get(0)]),
  junk(99_999),
  p.SETITEMS,
);

/** Levels of modules that have the next level `width` times each. `extra` is part of every state. */
function wideModules(
  depth: number,
  width: number,
  extra: Uint8Array,
  wrapState = (state: Uint8Array) => state,
): Uint8Array {
  const module = (children: Uint8Array) =>
    p.object(
      "a",
      "B",
      wrapState(concat(p.EMPTY_DICT, p.MARK, extra, p.text("_modules"), children, p.SETITEMS)),
    );
  let inner = module(p.EMPTY_DICT);
  for (let i = 0; i < depth; i++) {
    const entries = Array.from({ length: width }, (_, k) => concat(p.text(String(k)), p.get(1000 + i)));
    const children = concat(p.EMPTY_DICT, p.MARK, ...entries, p.SETITEMS);
    inner = concat(inner, p.put(1000 + i), p.POP, module(children));
  }
  return inner;
}

/** 20,000 parameters, shared by every module. */
const parameters = concat(
  p.text("_parameters"),
  concat(
    p.EMPTY_DICT,
    p.MARK,
    tensor(storage("0", 1), [1]),
    p.put(7),
    p.POP,
    junk(20_000, p.get(7)),
    p.SETITEMS,
  ),
);
/** Each state is a tuple like that of `__slots__`, but with 300,000 Nones before the dict. */
const longStates = wideModules(2, 300, new Uint8Array(0), (state) =>
  concat(p.MARK, repeat(p.NONE, 300_000), state, p.TUPLE),
);
const longName = concat(p.text("x".repeat(1_000_000)), p.put(9), p.POP);

const WALKS: readonly [string, Uint8Array][] = [
  ["a billion laughs as a key", p.dict(laughs, p.NONE)],
  [
    "a billion laughs as a child's name",
    p.object(
      "a",
      "B",
      p.dict(
        p.text("_modules"),
        p.dict(laughs, p.object("a", "B", p.dict(p.text("_modules"), p.EMPTY_DICT))),
      ),
    ),
  ],
  ["a dict of 100,000 keys that holds itself under every usual key", selfHolder],
  ["90,000 modules that share 20,000 parameters", wideModules(2, 300, parameters)],
  ["90,000 modules that share a state of 300,000 Nones", longStates],
  [
    "90,000 modules that share 100,000 buffers of None",
    wideModules(2, 300, concat(p.text("_buffers"), p.EMPTY_DICT, p.MARK, junk(99_999), p.SETITEMS)),
  ],
  [
    "modules with names of a megabyte",
    concat(
      longName,
      wideModules(
        2,
        300,
        concat(p.text("_buffers"), p.EMPTY_DICT, p.get(9), tensor(storage("0", 1), [1]), p.SETITEM),
      ),
    ),
  ],
];

describe("a small pickle that is long to walk", () => {
  test.for(WALKS)("%s", ([, root]) => {
    // A child whose name is not text is skipped, so that a file with one can be read.
    costsLittle("checkpoint", torchZip(p.pickle(root), { 0: ONE }), /^(read$|(checkpoint|pickle|torch)\/)/);
  });

  test("a billion laughs as a legacy file's key", () => {
    const head = torchLegacy(p.pickle(p.EMPTY_DICT)).subarray(0, -p.pickle(p.list()).length);
    costsLittle("checkpoint", concat(head, p.pickle(p.EMPTY_LIST, laughs, p.APPEND)), /^torch\//);
  });

  test("half a million persistent ids with a key of 60,000 characters", () => {
    const key = "k".repeat(60_000);
    const id = p.tuple(p.text("storage"), p.global("torch", "FloatStorage"), p.text(key), p.NONE, p.int(1));
    const pickle = p.pickle(id, p.put(0), repeat(concat(p.get(0), p.BINPERSID, p.POP), 500_000), p.NONE);
    costsLittle("checkpoint", torchZip(pickle, { [key]: ONE }), /^(checkpoint|torch|pickle)\//);
  });
});
