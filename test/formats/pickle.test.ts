import { existsSync } from "node:fs";
import { afterAll, expect, test, vi } from "vitest";
import { ByteReader } from "../../src/formats/bytes.ts";
import { unpickle } from "../../src/formats/pickle/unpickle.ts";
import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "../../src/formats/pickle/values.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../fixtures.ts";

/** A value in the form in which scripts/reference/pickles.py records Python's values. */
function plain(value: PickleValue): unknown {
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return Number.isFinite(value) ? value : { float: String(value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return { set: [...value].map(plain).sort(byJson) };
  if (value instanceof PickleGlobal) return { global: value.path };
  if (value instanceof PickleDict) {
    const state = value.state === undefined ? {} : { state: plain(value.state) };
    return { dict: pairs(value), ...state };
  }
  if (value instanceof PickleObject) {
    return {
      object: value.className,
      args: plain(value.args),
      state: value.state === undefined ? null : plain(value.state),
      items: value.items.map(plain),
      entries: pairs(value.entries),
    };
  }
  return value;
}

const pairs = (dict: PickleDict): unknown[] => [...dict].map(([key, item]) => [plain(key), plain(item)]);

function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

const load = (bytes: Uint8Array): PickleValue => unpickle(new ByteReader(bytes));
const pickle = (text: string): PickleValue => load(new Uint8Array(Buffer.from(text, "latin1")));

test.each(fixtureFiles("pickles/read"))("%s reads as Python's own machine reads it", (file) => {
  expect(plain(load(fixtureBytes(`pickles/read/${file}`)))).toEqual(fixtureJson(`pickles/read/${file}.json`));
});

test.each(fixtureFiles("pickles/refused"))("%s is refused", (file) => {
  const code = expect.stringMatching(/^(pickle\/bad-pickle|format\/(truncated|absurd-size))$/);
  expect(() => load(fixtureBytes(`pickles/refused/${file}`))).toThrow(
    expect.objectContaining({ name: "XrayError", code }),
  );
});

test("a pickle that asks for os.system gives an inert record and runs nothing", () => {
  const value = load(fixtureBytes("pickles/read/os-system-p2.pkl"));
  expect(value).toBeInstanceOf(PickleObject);
  const { className, args } = value as PickleObject;
  expect([className, args]).toEqual(["posix.system", ["touch pwned"]]);
});

afterAll(() => {
  // None of the hostile pickles above has had an effect.
  expect(existsSync("pwned")).toBe(false);
});

test("one object pickled twice is one object, and its memo keeps it so", () => {
  const [first, second, dict] = load(fixtureBytes("pickles/read/shared-p2.pkl")) as [
    PickleValue,
    PickleValue,
    PickleDict,
  ];
  expect(second).toBe(first);
  expect(dict.get("again")).toBe(first);
});

test("a list may contain itself", () => {
  const list = pickle("]q\0h\0a.") as PickleValue[];
  expect(list).toHaveLength(1);
  expect(list[0]).toBe(list);
});

test("an array of 100000 marks is read without recursion", () => {
  const depth = 100_000;
  let value = pickle(`${"(".repeat(depth)}${"l".repeat(depth)}.`);
  let levels = 0;
  while (Array.isArray(value)) {
    levels += 1;
    value = value[0] ?? null;
  }
  expect(levels).toBe(depth);
});

test("the reader is left just behind STOP", () => {
  const reader = new ByteReader(new Uint8Array(Buffer.from("K\x07.K\x08.", "latin1")));
  expect([unpickle(reader), unpickle(reader), reader.remaining]).toEqual([7, 8, 0]);
});

test("persistent ids of both forms go to persistentLoad", () => {
  const persistentLoad = vi.fn((id: PickleValue) => [id, "loaded"]);
  const bytes = new Uint8Array(Buffer.from("(Pabc\nK\x05Ql.", "latin1"));
  expect(unpickle(new ByteReader(bytes), { persistentLoad })).toEqual([
    ["abc", "loaded"],
    [5, "loaded"],
  ]);
});

test("a known constructor is called with its arguments, others are not", () => {
  const constructors = new Map([["a.known", (args: PickleValue[]) => args.length]]);
  const bytes = new Uint8Array(Buffer.from("(ca\nknown\nK\x01K\x02\x86Rca\nother\n)Rl.", "latin1"));
  const [known, other] = unpickle(new ByteReader(bytes), { constructors }) as PickleValue[];
  expect(known).toBe(2);
  expect(plain(other!)).toEqual({ object: "a.other", args: [], state: null, items: [], entries: [] });
});

test("an error names the byte where the pickle went wrong", () => {
  expect(() => pickle("K\x01\xff.")).toThrow("unknown opcode 0xff (at byte 2)");
});
