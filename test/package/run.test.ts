import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { documentedExamples } from "./example-files.ts";
import { COMPILERS, type Compiler, compile, deno, QUIET, type Ran, start } from "./tools.ts";

const folder = inject("folder");
const entries = readdirSync(folder);
const examples = documentedExamples();
const runnable = examples.filter(({ entry }) => entry !== "medical-x/browser");

/** Run all examples in a project as it was installed, and say which of them failed. */
function failures(files: readonly string[], run: (...args: string[]) => Ran): unknown[] {
  const results = join(folder, "results.json");
  for (const made of readdirSync(folder).filter((name) => ![...entries, "out"].includes(name)))
    rmSync(join(folder, made), { recursive: true });
  expect(run("run-examples.mjs", results, ...files)).toMatchObject({ code: 0 });
  const outcomes: { readonly error?: string }[] = JSON.parse(readFileSync(results, "utf8"));
  expect(outcomes).toHaveLength(runnable.length);
  return outcomes.filter(({ error }) => error !== undefined);
}

describe.each(Object.keys(COMPILERS) as Compiler[])("compiled by %s", (compiler) => {
  test("the examples run in Node", () => {
    const options = { module: "NodeNext", lib: ["ES2022"], types: ["node"], noEmit: false, outDir: "out" };
    const parts = ["examples/*.d.ts", "examples/medical-x", "examples/medical-x-evaluation"];
    expect(compile(folder, compiler, parts, { ...options, rootDir: "examples" })).toEqual(QUIET);
    const files = runnable.map(({ path }) => `${path.replace("examples", "out")}.js`);
    expect(failures(files, (...args) => start(folder, process.execPath, ...args))).toEqual([]);
  });
});

describe("Deno", () => {
  const files = runnable.map(({ path }) => `${path}.ts`);

  test("the examples compile", () => {
    const checked = deno(folder, "check", "--node-modules-dir=manual", "examples/shown.d.ts", ...files);
    expect(checked).toMatchObject({ code: 0 });
  });

  test("the examples run", () => {
    const run = (...args: string[]): Ran => deno(folder, "run", "-A", "--node-modules-dir=manual", ...args);
    expect(failures(files, run)).toEqual([]);
  });
});

describe.each(["medical-x", "medical-x/browser", "medical-x/evaluation"])("%s", (name) => {
  test("has an example of each function and class that it exports at run time", () => {
    const list = `const all = Object.entries(await import("${name}"));
      console.log(all.filter(([, value]) => typeof value === "function").map(([id]) => id).join(" "))`;
    const exported = start(folder, process.execPath, "--input-type=module", "-e", list)
      .output.trim()
      .split(" ");
    expect(exported.length).toBeGreaterThan(1);
    const shown = examples.filter(({ entry }) => entry === name).map((example) => example.of);
    expect(exported.filter((id) => !shown.includes(id))).toEqual([]);
  });

  test("can be required by a CommonJS module", () => {
    writeFileSync(join(folder, "common.cjs"), `console.log(typeof require("${name}"));`);
    expect(start(folder, process.execPath, "--no-warnings", "common.cjs")).toEqual({
      code: 0,
      output: "object\n",
    });
  });
});
