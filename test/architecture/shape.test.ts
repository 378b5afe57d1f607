import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { filesBelow, ROOT, roomOf, SOURCES } from "./source.ts";

/** Files that are generated. */
const GENERATED = ["report/overlay/glyph-data.ts"];
const LONGEST = 300;

test("no file of src/ is longer than 300 lines", () => {
  const long = SOURCES.filter(({ path }) => !GENERATED.includes(path))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > LONGEST);
  expect(long).toEqual([]);
});

test("exports have names", () => {
  const unnamed = SOURCES.filter(({ code }) =>
    /\bexport\s+default\b|\bas\s+default\b|\bexport\s*=/.test(code),
  );
  expect(unnamed.map(({ path }) => path)).toEqual([]);
});

test("every file but generated ones begins by saying what it is", () => {
  const silent = SOURCES.filter(({ path, text }) => {
    const start = text.replace(/^#!.*\n/, "");
    return !GENERATED.includes(path) && !/^(\/\*\*|\/\/ Generated)/.test(start);
  });
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test("the version is package.json's", () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version);
});

const FOLDERS = [...new Set(SOURCES.map(({ path }) => roomOf(path)))].filter((room) => !room.endsWith(".ts"));
for (const page of ["README.md", "docs/architecture.md"]) {
  const path = join(ROOT, page);
  test(`${page} mentions every folder of src/`, () => {
    const text = readFileSync(path, "utf8");
    const missing = FOLDERS.filter((folder) => !new RegExp(`src/${folder}\\b`).test(text));
    expect(missing).toEqual([]);
  });
}

test("each op of the graph has a test or an oracle of its own name", () => {
  const ops = SOURCES.filter(({ path }) => path.startsWith("graph/ops/")).map(({ path }) =>
    path.replace(/^.*\/|\.ts$/g, ""),
  );
  expect(ops.length).toBeGreaterThan(10);
  const tests = ["test/graph", "test/oracle"].flatMap((folder) =>
    filesBelow(folder).map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
  );
  const mentioned = tests.join("\n");
  expect(ops.filter((op) => !mentioned.includes(`ops/${op}.ts`))).toEqual([]);
});
