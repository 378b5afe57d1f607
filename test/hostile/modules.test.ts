/** Pickled modules that contain themselves or share children without end. */

import { describe, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { concat } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { ONE, storage, tensor, torchZip } from "./builders/torch.ts";
import { readsOrRefuses, refuses } from "./refusal.ts";

/** A module with these children, given as key, value, key, value … */
function module(...children: readonly Uint8Array[]): Uint8Array {
  const state = p.dict(
    p.text("_parameters"),
    p.dict(p.text("w"), tensor(storage("0", 1), [1])),
    p.text("_modules"),
    p.dict(...children),
  );
  return p.object("torch.nn.modules.container", "Sequential", state);
}

const file = (...pieces: readonly Uint8Array[]) => torchZip(p.pickle(...pieces), { 0: ONE });

/** `depth` levels of modules, each of which has the next one twice: 2^depth visits. */
function shared(depth: number): Uint8Array {
  let inner = module();
  for (let i = 0; i < depth; i++) {
    inner = module(p.text("a"), concat(inner, p.put(i)), p.text("b"), p.get(i));
  }
  return inner;
}

describe("a module without end is refused", () => {
  const self = concat(
    p.global("a", "B"),
    p.EMPTY_TUPLE,
    p.NEWOBJ,
    p.put(0),
    p.dict(p.text("_modules"), p.dict(p.text("me"), p.get(0))),
    p.BUILD,
  );
  let line = module();
  for (let i = 0; i < 200; i++) line = module(p.text("a"), line);
  const cases: readonly [string, Uint8Array][] = [
    ["one that is its own child", self],
    ["one nested 200 deep", line],
    ["31 levels that share their children", shared(31)],
  ];
  test.for(cases)("%s", ([, bytes]) => {
    refuses(() => readCheckpoint(file(bytes)), "checkpoint/recursive-module");
    refuses(() => readCheckpoint(file(p.dict(p.text("model"), bytes))), "checkpoint/recursive-module");
  });
});

describe("a holder that holds itself is refused", () => {
  const KEYS = [
    "state_dict",
    "model_state_dict",
    "model",
    "net",
    "network",
    "model_state",
    "weights",
    "params",
  ];
  test("under one key", () => {
    const bytes = concat(p.EMPTY_DICT, p.put(0), p.text("model"), p.get(0), p.SETITEM);
    refuses(() => readCheckpoint(file(bytes)), "checkpoint/no-state-dict");
  });
  test("under every key", () => {
    const entries = KEYS.flatMap((key) => [p.text(key), p.get(0)]);
    const bytes = concat(p.EMPTY_DICT, p.put(0), p.MARK, ...entries, p.SETITEMS);
    refuses(() => readCheckpoint(file(bytes)), "checkpoint/no-state-dict");
  });
});

test("names of children that cannot be printed are no exception", () => {
  const deep = concat(p.NONE, ...Array.from({ length: 100_000 }, () => p.TUPLE1));
  const recursive = concat(p.EMPTY_LIST, p.put(9), p.get(9), p.APPEND);
  for (const key of [p.EMPTY_LIST, p.EMPTY_DICT, p.NONE, recursive])
    readCheckpoint(file(module(key, module())));
  // A name that Python would not allow may be skipped or refused.
  const state = p.dict(p.text("_modules"), p.dict(deep, module(), p.text("a"), module()));
  readsOrRefuses(() => readCheckpoint(file(p.object("a", "B", state))));
});
