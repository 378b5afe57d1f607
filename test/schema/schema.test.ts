import { expect, test } from "vitest";
import {
  above,
  anyWords,
  below,
  between,
  byName,
  check,
  checkText,
  either,
  inOrder,
  just,
  list,
  maybe,
  number,
  object,
  oneKind,
  oneOf,
  orNull,
  pair,
  passedOver,
  problemIn,
  type Schema,
  some,
  text,
  where,
  whole,
  yesOrNo,
} from "../../src/schema/schema.ts";
import { asWritten, outlineOf, setting } from "../../src/schema/setting.ts";

const REFUSAL = { code: "card/invalid", what: "its card is not valid" } as const;
const refused = (schema: Schema, value: unknown) => {
  try {
    check(schema, value, REFUSAL);
  } catch (error) {
    return (error as Error).message.replace("its card is not valid: ", "");
  }
  return undefined;
};

test.each<[string, Schema, unknown[], [unknown, string][]]>([
  [
    "text",
    text(),
    ["", "a"],
    [
      [1, "it must be text, but is 1"],
      [null, "it must be text, but is null"],
      [undefined, "it must be text, but is missing"],
    ],
  ],
  [
    "a number",
    number(),
    [0, -1.5],
    [
      ["1", 'it must be a number, but is "1"'],
      [Number.POSITIVE_INFINITY, "it must be a number, but is Infinity"],
      [Number.NaN, "it must be a number, but is NaN"],
    ],
  ],
  [
    "a number between",
    between(0, 1),
    [0, 1],
    [
      [1.01, "it must be a number from 0 to 1, but is 1.01"],
      [-0.01, "it must be a number from 0 to 1, but is -0.01"],
    ],
  ],
  ["a number below", below(0, 1), [0, 0.99], [[1, "it must be a number from 0 to below 1, but is 1"]]],
  [
    "a number above",
    above(0, 1),
    [1e-300, 1],
    [
      [0, "it must be a number above 0 and at most 1, but is 0"],
      [1.1, "it must be a number above 0 and at most 1, but is 1.1"],
    ],
  ],
  [
    "a whole number",
    whole(0),
    [0, 2 ** 53 - 1],
    [
      [2 ** 53, "it must be a whole number, 0 or more, but is 9007199254740992"],
      [0.5, "it must be a whole number, 0 or more, but is 0.5"],
      [-1, "it must be a whole number, 0 or more, but is -1"],
    ],
  ],
  ["one word of several", oneOf(["a", "b"]), ["a"], [["c", 'it must be one of a, b, but is "c"']]],
  ["one value", just("x@1"), ["x@1"], [["x@2", 'it must be "x@1", but is "x@2"']]],
  ["a switch", yesOrNo(), [true], [[0, "it must be true or false, but is 0"]]],
  [
    "a list",
    list(number()),
    [[], [1]],
    [
      [{}, "it must be a list, but is an object"],
      [[1, [2]], "[1] must be a number, but is a list"],
    ],
  ],
  [
    "a list of one or more",
    some(text()),
    [["a"]],
    [[[], "it must be a list of one or more, but is an empty list"]],
  ],
  [
    "a pair",
    pair(number(), text(), "n and t"),
    [[1, "a"]],
    [
      [[1], "[1] must be text, but is missing"],
      [[1, "a", 2], "[2] is one value too many in a pair of n and t"],
      [{ 0: 1, 1: "a" }, "it must be a pair of n and t, but is an object"],
    ],
  ],
  [
    "a list in order",
    inOrder(list(number()), (item, before) => (item > before ? undefined : "does not rise")),
    [[], [1, 2]],
    [[[1, 2, 2], "[2] does not rise"]],
  ],
  ["a condition", where(text(), (name) => name !== "b", "is b"), ["a"], [["b", "it is b"]]],
  ["null or a number", orNull(number()), [null, 1], [["1", 'it must be a number, but is "1"']]],
  [
    "either",
    either(number(), just("card"), "must be a number or card"),
    [1, "card"],
    [["x", 'it must be a number or card, but is "x"']],
  ],
  [
    "an object by names",
    byName(between(0, 1)),
    [{}, { a: 1 }],
    [
      [[], "it must be a JSON object, but is an empty list"],
      [{ a: 2 }, "a must be a number from 0 to 1, but is 2"],
      [{ "a b\n": 2 }, '["a b\\u000a"] must be a number from 0 to 1, but is 2'],
    ],
  ],
  [
    "an object",
    object({ a: number(), b: maybe(object({ c: text() })) }),
    [{ a: 1 }, { a: 1, b: { c: "" } }],
    [
      [{}, "a must be a number, but is missing"],
      [{ a: 1, b: {} }, "b.c must be text, but is missing"],
      [{ a: 1, b: [] }, "b must be a JSON object, but is an empty list"],
      [[{ a: 1 }], "it must be a JSON object, but is a list"],
      ["a", 'it must be a JSON object, but is "a"'],
    ],
  ],
  [
    "one kind of several",
    oneKind("kind", [object({ kind: just("x"), n: number() }), object({ kind: just("y") })], ["x", "y"]),
    [{ kind: "x", n: 1 }, { kind: "y" }],
    [
      [{ kind: "z" }, 'kind must be one of x, y, but is "z"'],
      [{ kind: "__proto__" }, 'kind must be one of x, y, but is "__proto__"'],
      [{}, "kind must be one of x, y, but is missing"],
      [{ kind: "x" }, "n must be a number, but is missing"],
      [[], "it must be a JSON object, but is an empty list"],
      [null, "it must be a JSON object, but is null"],
    ],
  ],
])("%s", (_, schema, good, bad) => {
  for (const value of good) expect(check(schema, value, REFUSAL)).toEqual(value);
  for (const [value, problem] of bad) expect(refused(schema, value)).toBe(problem);
});

test("what comes back is a copy with the known fields alone", () => {
  const value = { a: [1], more: { deep: [] } };
  const checked = check(object({ a: list(number()) }), value, REFUSAL);
  expect(checked).toEqual({ a: [1] });
  value.a[0] = 2;
  expect(checked.a[0]).toBe(1);
});

test("words that decide nothing are passed over", () => {
  const schema = object({ words: anyWords(), other: passedOver(text()) });
  expect(check(schema, { words: 1, other: [] }, REFUSAL)).toEqual({ words: "", other: undefined });
  expect(check(schema, {}, REFUSAL)).toEqual({ words: "" });
});

test("a refusal has a code, which may follow from the field, and the field's path", () => {
  const code = (field: string) =>
    field.startsWith("a.b") ? ("preparation/invalid" as const) : ("card/invalid" as const);
  const schema = object({ a: object({ b: number() }) });
  expect(() => check(schema, { a: { b: "" } }, { code, what: "no" })).toThrow(
    expect.objectContaining({
      code: "preparation/invalid",
      message: 'no: a.b must be a number, but is ""',
      details: { field: "a.b" },
    }),
  );
  expect(() => check(list(number()), [""], { code, what: "no", field: "c" })).toThrow(
    expect.objectContaining({ code: "card/invalid", message: 'no: c[0] must be a number, but is ""' }),
  );
});

test("a setting tells what it was written with", () => {
  const rate = setting("how fast", above(0), { default: 2, value: "rate" });
  expect(outlineOf(rate)).toEqual({
    type: "number",
    description: "how fast",
    default: 2,
    value: "rate",
    choices: [],
  });
  const kind = setting("which", orNull(oneOf(["a", "b"])), { default: null, value: "kind" });
  expect(outlineOf(kind)).toMatchObject({ type: "choice", default: null, choices: ["a", "b"] });
  expect(check(object({ rate, kind }), { kind: "b" }, REFUSAL)).toEqual({ rate: 2, kind: "b" });
  expect(check(asWritten({ rate, kind }), { kind: "b" }, REFUSAL)).toEqual({ kind: "b" });
  expect(problemIn(rate, 0)).toEqual({ field: "", needs: "must be a number above 0", found: 0 });
});

test("a message is one short line, whatever the value is", () => {
  const long = "x\n".repeat(1e6);
  const lists = refused(list(number()), [long])!;
  expect(lists).toMatch(/^.{1,400}$/);
  expect(refused(byName(number()), { [long]: long })!).toMatch(/^.{1,600}$/);
});

test("hostile JSON ends soon: many faults, many fields, deep brackets, names of every object's own", () => {
  const faults = JSON.stringify(
    Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, "no"])),
  );
  const started = performance.now();
  expect(() => checkText(byName(number()), faults, REFUSAL)).toThrow("k0 must be a number");
  expect(checkText(object({ a: maybe(number()) }), faults, REFUSAL)).toEqual({});
  expect(() => checkText(object({}), "[".repeat(300_000), REFUSAL)).toThrow(/it is not JSON/);
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  expect(() => checkText(object({ a: object({ a: number() }) }), deep, REFUSAL)).toThrow(
    "a.a must be a number, but is an object",
  );
  expect(performance.now() - started).toBeLessThan(20_000);
  const odd = checkText(byName(number()), '{"__proto__": 1, "constructor": 2, "a": 3}', REFUSAL);
  expect(odd).toEqual({ a: 3 });
  expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
});
