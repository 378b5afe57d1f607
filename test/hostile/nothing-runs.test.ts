/** Pickles whose calls would write a file if a real unpickler ran them. No file may appear. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { ByteReader } from "../../src/formats/bytes.ts";
import { unpickle } from "../../src/formats/pickle/unpickle.ts";
import { PickleObject } from "../../src/formats/pickle/values.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { concat } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { torchLegacy, torchZip } from "./builders/torch.ts";
import { refuses } from "./refusal.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-sentinel-"));
const sentinel = join(folder, "executed");
afterAll(() => rmSync(folder, { recursive: true }));

const shell = p.text(`echo run > '${sentinel}'`);
const python = p.text(`open(${JSON.stringify(sentinel)}, 'w')`);
const javascript = p.text(`require("node:fs").writeFileSync(${JSON.stringify(sentinel)}, "")`);

const CALLS: readonly [string, Uint8Array][] = [
  ["os.system", p.call("os", "system", shell)],
  ["posix.system", p.call("posix", "system", shell)],
  ["nt.system", p.call("nt", "system", shell)],
  ["subprocess.Popen", p.call("subprocess", "Popen", shell)],
  ["subprocess.check_output", p.call("subprocess", "check_output", shell)],
  ["builtins.eval", p.call("builtins", "eval", python)],
  ["__builtin__.eval", p.call("__builtin__", "eval", python)],
  ["builtins.exec", p.call("builtins", "exec", python)],
  ["builtins.getattr", p.call("builtins", "getattr", p.global("os", "system"), p.text("__call__"))],
  ["runpy.run_path", p.call("runpy", "run_path", python)],
  ["torch.hub.load", p.call("torch.hub", "load", python)],
  ["webbrowser.open", p.call("webbrowser", "open", python)],
  ["JavaScript's Function", p.call("globalThis", "Function", javascript)],
  ["JavaScript's constructor", p.call("constructor", "constructor", javascript)],
  ["__proto__", p.call("__proto__", "__proto__", javascript)],
  ["STACK_GLOBAL of os.system", concat(p.stackGlobal("os", "system"), shell, p.TUPLE1, p.REDUCE)],
  ["INST of os.system", concat(p.MARK, shell, p.inst("os", "system"))],
  ["OBJ of os.system", concat(p.MARK, p.global("os", "system"), shell, p.OBJ)],
  ["NEWOBJ of subprocess.Popen", concat(p.global("subprocess", "Popen"), shell, p.TUPLE1, p.NEWOBJ)],
];

describe("a call is kept as an inert record", () => {
  test.for(CALLS)("%s", ([, bytes]) => {
    const value = unpickle(new ByteReader(p.pickle(bytes)));
    assert.ok(value instanceof PickleObject);
    assert.equal(value.state, undefined);
    assert.equal(existsSync(sentinel), false);
  });
});

describe("a checkpoint that calls is refused, and nothing has run", () => {
  test.for(CALLS)("%s", ([, bytes]) => {
    for (const file of [torchZip(p.pickle(bytes)), torchLegacy(p.pickle(bytes))]) {
      refuses(() => readCheckpoint(file), "checkpoint/no-state-dict");
    }
    assert.equal(existsSync(sentinel), false);
  });
});

test("BUILD with __setstate__ or __class__ keys changes no prototype", () => {
  const state = p.dict(p.text("__proto__"), p.dict(p.text("polluted"), p.TRUE), p.text("toString"), p.NONE);
  const file = torchZip(p.pickle(p.object("a", "B", state)));
  refuses(() => readCheckpoint(file), "checkpoint/no-state-dict");
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("a state dict's _metadata named __proto__ changes no prototype", async () => {
  const { stateDict, storage, tensor, ONE } = await import("./builders/torch.ts");
  const dict = stateDict(new Map([["w", tensor(storage("0", 1), [1])]]));
  const metadata = p.dict(p.text("__proto__"), p.text("polluted"));
  const pickle = p.pickle(dict, p.dict(p.text("_metadata"), metadata), p.BUILD);
  assert.equal(readCheckpoint(torchZip(pickle, { 0: ONE })).tensors.size, 1);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});
