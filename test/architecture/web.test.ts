/** The page in web/: what its folders may import, and how its files look. */

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, importsOf, ROOT, withoutComments } from "./source.ts";

/** The folders from top to bottom. A file imports from its own folder and from folders below it. */
const ORDER: readonly string[] = [
  "main.ts",
  "elements",
  "viewer",
  "report",
  "state",
  "storage",
  "engine",
  "service-worker",
];

/** What the page may use of src/: whatever runs in a browser. */
const { include: portable } = JSON.parse(readFileSync(join(ROOT, "tsconfig.portable.json"), "utf8"));

const FILES = filesBelow("web").map((path) => {
  const text = readFileSync(join(ROOT, "web", path), "utf8");
  return { path, text, imports: importsOf(withoutComments(text)) };
});

const folderOf = (path: string): string => path.split("/")[0]!;
const rank = (path: string): number => ORDER.indexOf(folderOf(path));

/** The path from the project's root that a relative import means. */
const target = (path: string, specifier: string): string =>
  posix.normalize(posix.join("web", posix.dirname(path), specifier));

const EDGES = FILES.flatMap(({ path, imports }) =>
  imports
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => ({ from: path, to: target(path, specifier) })),
);
const show = ({ from, to }: { from: string; to: string }) => `${from} → ${to}`;

test("imports of the page point down its folders", () => {
  expect(FILES.length).toBeGreaterThan(2);
  expect(FILES.filter(({ path }) => rank(path) < 0).map(({ path }) => path)).toEqual([]);
  const upwards = EDGES.filter(
    ({ from, to }) => to.startsWith("web/") && rank(to.slice("web/".length)) < rank(from),
  );
  expect(upwards.map(show)).toEqual([]);
});

test("the page uses only rooms of src/ that run in a browser", () => {
  const allowed = (to: string): boolean =>
    portable.some((room: string) => to === room || to.startsWith(`${room}/`));
  const foreign = EDGES.filter(({ to }) => !to.startsWith("web/") && !allowed(to));
  expect(foreign.map(show)).toEqual([]);
});

test("no file of the page imports itself by any way round", () => {
  const next = new Map(
    FILES.map(({ path }) => [`web/${path}`, EDGES.filter(({ from }) => from === path).map(({ to }) => to)]),
  );
  const reaches = (start: string): boolean => {
    const waiting = [...(next.get(start) ?? [])];
    const seen = new Set<string>();
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (at === start) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      waiting.push(...(next.get(at) ?? []));
    }
    return false;
  };
  expect([...next.keys()].filter(reaches)).toEqual([]);
});

test("files of the page begin by saying what they are, and have at most 300 lines", () => {
  const silent = FILES.filter(({ text }) => !text.startsWith("/**"));
  expect(silent.map(({ path }) => path)).toEqual([]);
  const long = FILES.filter(({ text }) => text.split("\n").length > 301);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test("the page refers to nothing by an absolute address, and has no style attributes", () => {
  // Name spaces of SVG are names, not addresses.
  const addresses = /["'`(](?:https?:)?\/\/(?!www\.w3\.org\/)/;
  expect(FILES.filter(({ text }) => addresses.test(withoutComments(text))).map(({ path }) => path)).toEqual(
    [],
  );
  // The content security policy would ignore them.
  expect(FILES.filter(({ text }) => /\sstyle="/.test(text)).map(({ path }) => path)).toEqual([]);
});
