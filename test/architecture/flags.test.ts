import { expect, test } from "vitest";
import { SOURCES } from "./source.ts";

/**
 * Strings of code without comments: what stands in quotes on a line, and in templates, whose insertions count too.
 */
const stringsOf = (code: string): string[] =>
  code.match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];

/** A flag such as `--out`, not a custom property of CSS; or a command, as a person would type it. */
const ADVICE =
  /(?<![\w-])--[a-z][a-z-]*(?![a-z-]*:)|medical-x (?:predict|train|evaluate|calibrate|serve|models|data)\b/;

/** Files that may name them, each for a reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  "report/evaluation/html/style.ts": "custom properties of CSS",
  "report/training/model-card-texts.ts": "a model card shows how its model is used on the command line",
  "server/docs/shell-examples.ts": "options of curl",
  "node/heap-growth.ts": "a flag of V8",
  "results/documents.ts": "descriptions of schemas say which command prints a document",
};

const namingFlags = SOURCES.filter(
  ({ path, code }) => !path.startsWith("cli/") && stringsOf(code).some((text) => ADVICE.test(text)),
).map(({ path }) => path);

test("flags and commands are found in strings", () => {
  const code = 'f("give --out"); g(`run medical-x models list`); h("a--b", "--soft:#fff", "-- ");';
  expect(stringsOf(code).map((text) => ADVICE.test(text))).toEqual([true, true, false, false, false]);
});

test("no string outside src/cli names a flag or a command as the way on: the command line adds them", () => {
  expect(namingFlags.filter((path) => !Object.hasOwn(ALLOWED, path))).toEqual([]);
});

test("every exception is needed", () => {
  expect(Object.keys(ALLOWED).filter((path) => !namingFlags.includes(path))).toEqual([]);
});
