/** Pickles made to hang, crash or fool their reader. */

import { describe, test } from "vitest";
import { ByteReader } from "../../src/formats/bytes.ts";
import { unpickle } from "../../src/formats/pickle/unpickle.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { concat, latin1, repeat, u8, u32, u64 } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { torchLegacy, torchZip } from "./builders/torch.ts";
import { refuses } from "./refusal.ts";

const read = (pickle: Uint8Array) => unpickle(new ByteReader(pickle));
const huge = 2n ** 60n;

describe("a pickle that promises more than it has is refused", () => {
  const cases: readonly [string, Uint8Array, RegExp][] = [
    ["BINBYTES8 of 2^60 bytes", concat(u8(0x8e), u64(huge)), /^format\//],
    ["BINBYTES8 of 2^64 − 1 bytes", concat(u8(0x8e), u64(2n ** 64n - 1n)), /^format\//],
    ["BYTEARRAY8 of 2^60 bytes", concat(u8(0x96), u64(huge)), /^format\//],
    ["BINUNICODE8 of 2^60 bytes", concat(u8(0x8d), u64(huge)), /^format\//],
    ["BINUNICODE of 4 GiB", concat(u8(0x58), u32(0xffffffff)), /^format\//],
    ["BINBYTES of 4 GiB", concat(u8(0x42), u32(0xffffffff)), /^format\//],
    ["BINSTRING of −1 bytes", concat(u8(0x54), u32(0xffffffff)), /^format\//],
    ["LONG4 of −1 bytes", concat(u8(0x8b), u32(0xffffffff)), /^format\//],
    ["LONG4 of a million bytes", concat(u8(0x8b), u32(1e6), repeat(u8(1), 1e6)), "pickle/bad-pickle"],
    ["FRAME of 2^60 bytes", concat(u8(0x95), u64(huge)), /^format\//],
    [
      "LONG of 60,000 digits",
      concat(latin1("L"), repeat(u8(0x39), 60_000), latin1("L\n")),
      "pickle/bad-pickle",
    ],
    ["GLOBAL without an end of line", concat(latin1("c"), repeat(u8(0x61), 1e6)), "format/truncated"],
  ].map(
    ([name, bytes, code]) => [name, bytes, code instanceof RegExp ? code : new RegExp(`^${code}$`)] as never,
  );
  test.for(cases)("%s", ([, bytes, code]) => refuses(() => read(p.pickle(bytes)), code));
});

describe("a pickle that misuses the machine is refused", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["nothing at all", new Uint8Array(0)],
    ["STOP on an empty stack", p.STOP],
    ["POP on an empty stack", p.pickle(p.POP)],
    ["a tuple without a mark", p.pickle(p.TUPLE)],
    ["STOP inside a mark", p.pickle(p.NONE, p.MARK)],
    ["REDUCE that reaches below a mark", p.pickle(p.NONE, p.NONE, p.MARK, p.REDUCE)],
    ["a memo that was never set", p.pickle(p.get(7))],
    ["a memo index of 600 digits", p.pickle(p.NONE, latin1(`p${"9".repeat(600)}\n`))],
    ["a negative memo index", p.pickle(p.NONE, latin1("p-1\n"))],
    ["APPEND to a number", p.pickle(p.int(1), p.NONE, p.APPEND)],
    ["SETITEM on a list", p.pickle(p.EMPTY_LIST, p.NONE, p.NONE, p.SETITEM)],
    ["SETITEMS with a key and no value", p.pickle(p.EMPTY_DICT, p.MARK, p.NONE, p.SETITEMS)],
    ["STACK_GLOBAL of two numbers", p.pickle(p.int(1), p.int(2), u8(0x93))],
    ["an extension code", p.pickle(u8(0x82), u8(1))],
    ["an unknown opcode", p.pickle(u8(0xff))],
    ["protocol 6", concat(u8(0x80), u8(6), p.NONE, p.STOP)],
    ["a buffer outside the pickle", p.pickle(u8(0x97))],
    ["a persistent id in a plain pickle", p.pickle(p.text("x"), p.BINPERSID)],
    ["OBJ without a class", p.pickle(p.MARK, p.OBJ)],
    ["an unquoted string", p.pickle(latin1("Sabc\n"))],
    ["a float of letters", p.pickle(latin1("Fabc\n"))],
  ];
  test.for(cases)("%s", ([, pickle]) => refuses(() => read(pickle), /^(pickle|format)\//));
});

/** a = [b, b], b = [c, c], …: 2^depth leaves in a few bytes each. Deeper ones are in `cost-walks.test.ts`. */
function laughs(depth: number): Uint8Array {
  const level = (i: number) => concat(p.TUPLE2, p.put(i), p.get(i));
  return concat(p.text("ha"), p.DUP, ...Array.from({ length: depth }, (_, i) => level(i)), p.TUPLE2);
}

/** Nested tuples, as deep as the bound on opcodes lets them be. */
const deep = concat(p.NONE, repeat(p.TUPLE1, 900_000));
/** A list that contains itself. */
const recursive = concat(p.EMPTY_LIST, p.put(0), p.get(0), p.APPEND);

describe("a value that cannot be printed or walked is still described in one line", () => {
  const values = {
    "a billion laughs": laughs(20),
    "900,000 nested tuples": deep,
    "a list in itself": recursive,
  };
  const files = Object.entries(values).flatMap(([name, value]): [string, Uint8Array][] => [
    [`${name} as the root`, p.pickle(value)],
    [`${name} as a dict's key`, p.pickle(p.EMPTY_DICT, value, p.NONE, p.SETITEM)],
    [`${name} as state_dict`, p.pickle(p.dict(p.text("state_dict"), value))],
    [`${name} as the callable of an object`, p.pickle(value, p.EMPTY_TUPLE, p.NEWOBJ)],
    [`${name} as the state of an object`, p.pickle(p.object("a", "B", value))],
  ]);
  test.for(files)("%s", ([, pickle]) => {
    refuses(() => readCheckpoint(torchZip(pickle)), "checkpoint/no-state-dict");
    refuses(() => readCheckpoint(torchLegacy(pickle)), "checkpoint/no-state-dict");
  });

  test.for(Object.entries(values))("%s in a legacy file's list of storages", ([, value]) => {
    const head = torchLegacy(p.pickle(p.EMPTY_DICT)).subarray(0, -p.pickle(p.list()).length);
    refuses(
      () => readCheckpoint(concat(head, p.pickle(p.EMPTY_LIST, value, p.APPEND))),
      /^torch\/bad-storage$/,
    );
  });

  test.for(Object.entries(values))("%s as a persistent id", ([, value]) => {
    refuses(() => readCheckpoint(torchZip(p.pickle(value, p.BINPERSID))), "torch/bad-storage");
  });
});

test("a pickle that copies one list again and again is refused", () => {
  const items = repeat(p.NONE, 10_000);
  const copy = concat(p.global("collections", "OrderedDict"), p.get(0), p.TUPLE1, p.REDUCE, p.POP);
  const pickle = p.pickle(p.EMPTY_LIST, p.put(0), p.MARK, items, p.APPENDS, repeat(copy, 1000));
  refuses(() => read(pickle), "pickle/bad-pickle");
});

test("text that is copied into bytes again and again is refused", () => {
  const copy = concat(p.global("_codecs", "encode"), p.get(0), p.get(1), p.TUPLE2, p.REDUCE, p.POP);
  const memo = concat(p.text("x".repeat(100_000)), p.put(0), p.text("latin1"), p.put(1));
  refuses(() => read(p.pickle(memo, repeat(copy, 10_000), p.NONE)), "pickle/bad-pickle");
});

test("2^24 memo entries are more than JavaScript's Map holds, and are refused", () => {
  refuses(() => read(p.pickle(p.NONE, repeat(p.MEMOIZE, 2 ** 24 + 1))), /^pickle\//);
});

test("a legacy file with another magic number is no checkpoint", () => {
  refuses(() => readCheckpoint(p.pickle(p.int(1))), "torch/not-a-checkpoint");
  refuses(() => readCheckpoint(p.pickle(recursive)), "torch/not-a-checkpoint");
});

test("a name from the file cannot break the line of a message or write to the terminal", () => {
  const evil = "x\n\u001b[2Jy\u2028\u0085\u007f";
  const files = [
    torchZip(p.pickle(p.stackGlobal(evil, evil))),
    torchZip(p.pickle(p.stackGlobal(evil, evil), p.EMPTY_TUPLE, p.NEWOBJ)),
    torchZip(p.pickle(p.dict(p.text(evil), p.NONE))),
  ];
  for (const file of files) refuses(() => readCheckpoint(file), "checkpoint/no-state-dict");
});

test("a name of a megabyte does not fill the screen", () => {
  const long = "x".repeat(1_000_000);
  refuses(() => readCheckpoint(torchZip(p.pickle(p.stackGlobal(long, "y")))), "checkpoint/no-state-dict");
  refuses(() => readCheckpoint(torchZip(p.pickle(p.dict(p.text(long), p.NONE)))), "checkpoint/no-state-dict");
});
