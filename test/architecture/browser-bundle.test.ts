import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeNamesIn } from "./free-names.ts";
import { ROOT } from "./source.ts";

const BUNDLE = join(ROOT, "dist/browser");

/** Third-party scripts that also run in Node. They check where they run, and use these names only there. */
const EMSCRIPTEN = {
  names: ["global", "import module", "import worker_threads", "process", "require"],
  reason: "Emscripten's scripts look for `process.versions.node` before they use any of these",
};
const EXCEPTIONS: Readonly<Record<string, { readonly names: readonly string[]; readonly reason: string }>> = {
  "ort-wasm-simd-threaded.mjs": EMSCRIPTEN,
  "ort-wasm-simd-threaded.asyncify.mjs": EMSCRIPTEN,
  "rolldown-runtime.js": {
    names: ["require"],
    reason: "rolldown's stand-in for `require`, which throws where there is none",
  },
};

const scripts = readdirSync(BUNDLE).filter((file) => /\.m?js$/.test(file));

test("names of Node's are found wherever they are used, and not where they are something's own", () => {
  expect(nodeNamesIn("const { a } = process; f(Buffer.from([1])); typeof require")).toEqual([
    "Buffer",
    "process",
    "require",
  ]);
  expect(nodeNamesIn('import fs from "node:fs"; export * from "os"; await import("module")')).toEqual([
    "import module",
    "import node:fs",
    "import os",
  ]);
  expect(nodeNamesIn('a.process; ({ Buffer: 1 }); "require"; import "./x.js"; /* global */')).toEqual([]);
});

test.each(scripts)("%s has nothing of Node's", (file) => {
  const names = nodeNamesIn(readFileSync(join(BUNDLE, file), "utf8"));
  expect(names).toEqual(EXCEPTIONS[file]?.names ?? []);
});

test("every exception is of a script that is there", () => {
  expect(Object.keys(EXCEPTIONS).filter((file) => !scripts.includes(file))).toEqual([]);
});

interface Chunk {
  readonly file: string;
  /** Files of this checkout, and of packages. */
  readonly modules: readonly string[];
  readonly imports: readonly string[];
}

const chunks: readonly Chunk[] = JSON.parse(readFileSync(join(BUNDLE, "modules.json"), "utf8"));

test("the bundle is made of portable rooms, and of these packages", () => {
  const modules = chunks.flatMap((chunk) => chunk.modules);
  const rooms = modules.flatMap((path) => /^src\/([\w.-]+)/.exec(path)?.[1] ?? []);
  const packages = modules.flatMap((path) => /^node_modules\/((?:@[\w-]+\/)?[\w-]+)/.exec(path)?.[1] ?? []);
  expect(rooms.length + packages.length).toBe(modules.filter((path) => !path.startsWith("\0")).length);
  expect(rooms.filter((room) => ["app", "cli", "node", "index.ts"].includes(room))).toEqual([]);
  expect([...new Set(packages)].sort()).toEqual([
    "d3-array",
    "d3-contour",
    "fflate",
    "onnxruntime-web",
    "pbf",
    "pure-rand",
    "valibot",
  ]);
});

test("the page loads little: what computes is loaded by the worker", () => {
  const page = chunks.find(({ file }) => file === "medical-x.js")!;
  const files = ["medical-x.js", ...page.imports];
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(BUNDLE, file)).length, 0);
  expect(bytes).toBeLessThan(60_000);
});

test("portable rooms are checked without Node's types", () => {
  const command = join(ROOT, "node_modules/typescript/bin/tsc");
  const listed = execFileSync(
    process.execPath,
    [command, "-p", "tsconfig.portable.json", "--listFilesOnly"],
    { cwd: ROOT, encoding: "utf8" },
  ).split("\n");
  expect(listed.filter((file) => /\/src\/engine\//.test(file)).length).toBeGreaterThan(10);
  expect(
    listed.filter((file) => /\/(?:@types\/node|undici-types)\/|\/src\/(?:app|cli|node)\//.test(file)),
  ).toEqual([]);
});
