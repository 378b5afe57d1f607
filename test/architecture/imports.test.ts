import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  importsOf,
  packageOf,
  ROOT,
  roomOf,
  SOURCES,
  type SourceFile,
  targetOf,
  withoutComments,
} from "./source.ts";

/** The rooms from top to bottom. A room imports from itself and from rooms below it, not from others in its row. */
const ORDER: readonly (readonly string[])[] = [
  ["cli"],
  ["server"],
  ["index.ts", "browser.ts"],
  ["app"],
  ["node", "browser"],
  ["report"],
  ["engine"],
  ["results"],
  ["training"],
  ["evaluation"],
  ["dataset"],
  ["models"],
  ["calibration"],
  ["checks"],
  ["heatmaps"],
  ["image"],
  ["formats"],
  ["lowering"],
  ["graph"],
  ["findings.ts"],
  ["view-words.ts"],
  ["random.ts"],
  ["tensor.ts"],
  ["text.ts"],
  ["version.ts"],
  ["schema"],
  ["errors.ts"],
  ["errors"],
];

/** Rooms that run in a browser. */
const PURE = [
  "browser.ts",
  "browser",
  "evaluation",
  "engine",
  "report",
  "results",
  "training",
  "calibration",
  "checks",
  "dataset",
  "models",
  "heatmaps",
  "lowering",
  "graph",
  "image",
  "formats",
  "findings.ts",
  "view-words.ts",
  "text.ts",
  "random.ts",
  "tensor.ts",
  "schema",
  "version.ts",
  "errors.ts",
  "errors",
];

const rank = (path: string): number => ORDER.findIndex((row) => row.includes(roomOf(path)));

/** Every import of a file of ours, as `a.ts → b.ts`. */
const EDGES = SOURCES.flatMap((file) =>
  file.imports.flatMap((specifier) => {
    const to = targetOf(file, specifier);
    return to === undefined ? [] : [{ from: file.path, to }];
  }),
);
const show = ({ from, to }: { from: string; to: string }) => `${from} → ${to}`;

test("imports are found in every form, and not in comments", () => {
  const code = withoutComments(`
    import a from "./a.ts"; import "./b.ts"; export * from "./c.ts"; import type { D } from "./d.ts";
    import {
      e,
    } from "./e.ts";
    await import("./f.ts"); require("g");
    // from "./no.ts"
    /* import "./no.ts" */
    const text = "// from"; export { i } from "./i.ts";`);
  expect(importsOf(code).sort()).toEqual([
    ...["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts", "./i.ts", "g"],
  ]);
});

test("no import at the beginning of a line is missed in src/", () => {
  const missed = SOURCES.flatMap(({ path, text, imports }) =>
    [...text.matchAll(/^(?:import|export|\}).*\bfrom "([^"]+)";$/gm)]
      .map((match) => match[1]!)
      .filter((specifier) => !imports.includes(specifier))
      .map((specifier) => `${path}: ${specifier}`),
  );
  expect(missed).toEqual([]);
});

test("every file of src/ stands in a room of the order, and every import leads to a file", () => {
  const paths = new Set(SOURCES.map(({ path }) => path));
  expect(SOURCES.length).toBeGreaterThan(50);
  expect(SOURCES.map(({ path }) => path).filter((path) => rank(path) < 0)).toEqual([]);
  expect(EDGES.filter(({ to }) => !paths.has(to)).map(show)).toEqual([]);
  expect(EDGES.length).toBeGreaterThan(SOURCES.length);
});

test("imports point down the rooms", () => {
  const upwards = EDGES.filter(({ from, to }) => rank(to) < rank(from));
  expect(upwards.map(show)).toEqual([]);
});

/** The files that form a circle of imports with `start`, or undefined. Imports of types count. */
function circleFrom(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>();
  const walk = (at: string, path: readonly string[]): string[] | undefined => {
    for (const to of next.get(at) ?? []) {
      if (to === start) return [...path, to];
      if (seen.has(to)) continue;
      seen.add(to);
      const found = walk(to, [...path, to]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
}

test("no file imports itself by any way round", () => {
  const next = new Map(
    SOURCES.map(({ path }) => [path, EDGES.filter(({ from }) => from === path).map(({ to }) => to)]),
  );
  const circles = SOURCES.flatMap(({ path }) => circleFrom(path, next)?.join(" → ") ?? []);
  expect(circles).toEqual([]);
});

/** A file's folder. A file directly in src/ is its own room. */
const folderOf = (path: string): string => (path.includes("/") ? dirname(path) : path);

/** Pairs of folders each of which imports the other, directly or not. */
function circularFolders(edges: readonly { from: string; to: string }[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    const [a, b] = [folderOf(from), folderOf(to)];
    if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b));
  }
  const reached = (start: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const waiting = [start];
    for (const at of waiting) {
      for (const to of next.get(at) ?? []) if (!seen.has(to) && seen.add(to)) waiting.push(to);
    }
    return seen;
  };
  const reach = new Map([...next.keys()].map((folder) => [folder, reached(folder)]));
  return [...reach].flatMap(([a, those]) =>
    [...those].filter((b) => a < b && reach.get(b)?.has(a)).map((b) => `${a} ↔ ${b}`),
  );
}

test("circles of folders are found, a folder within another too", () => {
  const edges = [
    { from: "a/x.ts", to: "a/b/y.ts" },
    { from: "a/b/y.ts", to: "c/z.ts" },
    { from: "c/w.ts", to: "a/v.ts" },
    { from: "a/x.ts", to: "d.ts" },
    { from: "e.ts", to: "a/x.ts" },
  ];
  expect(circularFolders(edges).sort()).toEqual(["a ↔ a/b", "a ↔ c", "a/b ↔ c"]);
  expect(circularFolders(edges.slice(0, 2))).toEqual([]);
});

test("no folder imports itself by any way round", () => {
  expect(circularFolders(EDGES)).toEqual([]);
});

const importersOf = (matches: (specifier: string, file: SourceFile) => boolean): string[] =>
  SOURCES.filter((file) => file.imports.some((specifier) => matches(specifier, file))).map(
    ({ path }) => path,
  );

test.each([
  ["onnxruntime-common", ["browser/session.ts", "node/session.ts"]],
  ["onnxruntime-node", ["node/session.ts"]],
  ["onnxruntime-web", ["browser/session.ts"]],
  ["sharp", ["node/raster.ts"]],
  ["wasm-vips", ["browser/raster.ts"]],
  ["valibot", ["schema/schema.ts", "schema/setting.ts"]],
])("%s is imported in its adapters alone", (name, files) => {
  expect(importersOf((specifier) => packageOf(specifier) === name)).toEqual(files);
});

test("rooms that stand side by side do not import from one another", () => {
  const sideways = EDGES.filter(({ from, to }) => roomOf(from) !== roomOf(to) && rank(from) === rank(to));
  expect(sideways.map(show)).toEqual([]);
});

test("the pure rooms use nothing of Node", () => {
  const foreign = (specifier: string) =>
    /^(node:|sharp|onnxruntime-node|undici|env-paths|tinyglobby)/.test(specifier);
  const isPure = ({ path }: SourceFile) => PURE.includes(roomOf(path));
  expect(importersOf((specifier, file) => isPure(file) && foreign(specifier))).toEqual([]);
  const globals = /\b(?:process\.|Buffer\b|__dirname\b|setImmediate\b)/;
  expect(SOURCES.filter((file) => isPure(file) && globals.test(file.code)).map(({ path }) => path)).toEqual(
    [],
  );
});

/** Packages that `dist/browser` contains whole, so that they are not dependencies. */
const BUNDLED = ["onnxruntime-web", "wasm-vips"];

test("what is imported from elsewhere is a dependency of the package, and each dependency is imported", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(BUNDLED.filter((name) => devDependencies[name] === undefined)).toEqual([]);
  const used = SOURCES.flatMap(({ imports }) => imports)
    .filter((specifier) => !/^(\.|node:)/.test(specifier))
    .map(packageOf);
  expect([...new Set(used)].sort()).toEqual([...Object.keys(dependencies), ...BUNDLED].sort());
});

const PAGE = join(ROOT, "docs", "architecture.md");
test("docs/architecture.md lists the rooms in this order", () => {
  const rows = readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `src/"));
  const rooms = rows.flatMap((line) =>
    [...line.split("|")[1]!.matchAll(/`src\/([\w.]+)`/g)].map((match) => match[1]!),
  );
  expect(rooms.map(rank)).toEqual(rooms.map(rank).toSorted((a, b) => a - b));
  expect(rooms).toEqual([...new Set(ORDER.flat())].filter((room) => rooms.includes(room)));
});

test("the rooms that use nothing of Node are those that are checked without its types", () => {
  const { include } = JSON.parse(readFileSync(join(ROOT, "tsconfig.portable.json"), "utf8"));
  expect(include.filter((path: string) => path.startsWith("src/")).toSorted()).toEqual(
    PURE.map((room) => `src/${room}`).toSorted(),
  );
});
