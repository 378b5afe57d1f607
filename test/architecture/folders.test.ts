import { posix } from "node:path";
import { expect, test } from "vitest";
import { SOURCES, targetOf } from "./source.ts";

/** Folders that still import each other. */
const KNOWN: readonly (readonly [string, string])[] = [["graph", "graph/ops"]];

const isKnown = (from: string, to: string): boolean =>
  KNOWN.some((pair) => pair.includes(from) && pair.includes(to));

/** The folder that a file lies in, without those below it; a file directly in `src/` stands for itself. */
function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === "." ? path : folder;
}

/** Which folders a folder imports from, and by which files. Imports of types count. */
function foldersAfter(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const after = new Map<string, Map<string, string>>();
  for (const file of SOURCES) {
    const from = folderOf(file.path);
    if (!after.has(from)) after.set(from, new Map());
    for (const specifier of file.imports) {
      const target = targetOf(file, specifier);
      if (target === undefined) continue;
      const to = folderOf(target);
      if (from !== to && !isKnown(from, to)) after.get(from)!.set(to, `${file.path} → ${target}`);
    }
  }
  return after;
}

/** The shortest way from a folder back to itself, import by import; undefined where there is none. */
function circleFrom(
  start: string,
  after: ReadonlyMap<string, ReadonlyMap<string, string>>,
): string[] | undefined {
  const ways: { at: string; way: string[] }[] = [{ at: start, way: [] }];
  const seen = new Set<string>();
  for (const { at, way } of ways) {
    for (const [to, edge] of after.get(at) ?? []) {
      if (to === start) return [...way, edge];
      if (seen.has(to)) continue;
      seen.add(to);
      ways.push({ at: to, way: [...way, edge] });
    }
  }
  return undefined;
}

test("a circle of folders is found, by the shortest way", () => {
  const after = new Map([
    ["a", new Map([["b", "a/1 → b/1"]])],
    ["b", new Map([["c", "b/2 → c/1"]])],
    [
      "c",
      new Map([
        ["d", "c/1 → d/1"],
        ["b", "c/2 → b/3"],
      ]),
    ],
  ]);
  expect(circleFrom("a", after)).toBeUndefined();
  expect(circleFrom("b", after)).toEqual(["b/2 → c/1", "c/2 → b/3"]);
  expect(circleFrom("d", after)).toBeUndefined();
});

test("no folder of src/ imports itself by any way round", () => {
  const after = foldersAfter();
  expect(after.size).toBeGreaterThan(20);
  const circles = [...after.keys()].flatMap((folder) => circleFrom(folder, after)?.join(", ") ?? []);
  expect(circles).toEqual([]);
});

test("folders that are known to import each other still do", () => {
  const imports = (from: string, to: string) =>
    SOURCES.some(
      (file) =>
        folderOf(file.path) === from &&
        file.imports.some((specifier) => folderOf(targetOf(file, specifier) ?? "") === to),
    );
  expect(KNOWN.filter(([a, b]) => !(imports(a, b) && imports(b, a)))).toEqual([]);
});
