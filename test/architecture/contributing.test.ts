/** CONTRIBUTING.md names what is there: files, scripts and parts of CI. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { ROOT } from "./source.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const page = read("CONTRIBUTING.md");

test("every file and folder that it names is there", () => {
  const paths = [...page.matchAll(/`((?:src|test|scripts|docs|fixtures)\/[\w./-]*)`/g)].map(
    ([, path]) => path!,
  );
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("it says what every script of package.json is for", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const isNamed = (name: string) =>
    [`\`${name}\``, `npm run ${name}`, `npm ${name}`].some((words) => page.includes(words));
  expect(scripts.filter((name) => !isNamed(name))).toEqual([]);
});

test("its table has the parts of .ci/run, in their order", () => {
  const parts = [...read(".ci/run").matchAll(/^part_([a-z-]+)\(\) \{ # ./gm)].map(([, name]) => name);
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\|.*\| *\d+ +\|$/gm)].map(([, name]) => name);
  expect(parts.length).toBeGreaterThan(10);
  expect(rows).toEqual(parts);
});

test("the suites of .ci/run are those that the scripts of package.json run", () => {
  const suites = [...read(".ci/run").matchAll(/^ {2}suite ([a-z]+)/gm)].map(([, name]) => name);
  const scripts = Object.values<string>(JSON.parse(read("package.json")).scripts).join("\n");
  const run = [...scripts.matchAll(/vitest run --config test\/([a-z]+)\/vitest\.config\.ts/g)].map(
    ([, name]) => name,
  );
  expect(new Set(suites)).toEqual(new Set(run));
});

test("the changelog begins with the version that package.json has", () => {
  expect(/^## \[([^\]]+)\] - (Unreleased|\d{4}-\d{2}-\d{2})$/m.exec(read("CHANGELOG.md"))?.[1]).toBe(VERSION);
});
