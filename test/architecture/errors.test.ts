import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CATEGORY_OF, type ErrorCode } from "../../src/errors/codes.ts";
import { ERROR_AREAS, ERROR_TEXTS } from "../../src/errors/texts/all.ts";
import { filesBelow, ROOT, SOURCES } from "./source.ts";

const CODES = Object.keys(CATEGORY_OF) as ErrorCode[];

const folder = mkdtempSync(join(tmpdir(), "medical-x-errors-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Codes that stand in quotes in none of these texts. */
const notQuotedIn = (texts: readonly string[]): ErrorCode[] => {
  const all = texts.join("\n");
  return CODES.filter((code) => !all.includes(`"${code}"`));
};

test("docs/errors.md is what scripts/make-errors.mjs makes", () => {
  const made = join(folder, "errors.md");
  execFileSync(process.execPath, [join(ROOT, "scripts/make-errors.mjs"), made]);
  expect(readFileSync(join(ROOT, "docs/errors.md"), "utf8")).toBe(readFileSync(made, "utf8"));
});

test("each code stands in one area, and its texts are sentences", () => {
  const listed = ERROR_AREAS.flatMap(({ errors }) => Object.keys(errors));
  expect(listed.sort()).toEqual([...CODES].sort());
  const texts = CODES.flatMap((code) => [ERROR_TEXTS[code].cause, ERROR_TEXTS[code].wayOn]);
  expect(texts.filter((text) => !/^[A-Z].*\.$/.test(text) || /--[a-z]/.test(text))).toEqual([]);
});

test("each code is used in src/", () => {
  const code = SOURCES.filter(({ path }) => !path.startsWith("errors/")).map((file) => file.code);
  expect(notQuotedIn(code)).toEqual([]);
});

test("no program loads the texts", () => {
  const loading = SOURCES.filter(
    ({ path, imports }) =>
      !path.startsWith("errors/texts/") && imports.some((specifier) => specifier.includes("errors/texts")),
  );
  expect(loading.map(({ path }) => path)).toEqual([]);
});

test("each code is raised by a test", () => {
  const tests = filesBelow("test")
    .filter((path) => path !== "architecture/errors.test.ts")
    .map((path) => join(ROOT, "test", path));
  // Tables that test/dataset/label-files.test.ts reads, each with the error that it must raise.
  const cases = readdirSync(join(ROOT, "fixtures/labels")).filter((name) => name.endsWith(".json"));
  const files = [...tests, ...cases.map((name) => join(ROOT, "fixtures/labels", name))];
  expect(notQuotedIn(files.map((file) => readFileSync(file, "utf8")))).toEqual([]);
});
