import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { documentedExamples } from "./example-files.ts";
import { COMPILERS, type Compiler, compile, deno, QUIET, start } from "./tools.ts";

const folder = inject("folder");
const examples = documentedExamples();
const runnable = examples.filter(({ entry }) => entry !== "medical-x/browser");

/** What the runner says of the examples that failed. */
function failed(): unknown[] {
  const outcomes = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  expect(outcomes).toHaveLength(runnable.length);
  return outcomes.filter(({ error }: { error?: string }) => error !== undefined);
}

describe.each(Object.keys(COMPILERS) as Compiler[])("compiled by %s", (compiler) => {
  test("the examples run in Node", () => {
    const options = { module: "NodeNext", lib: ["ES2022"], types: ["node"], noEmit: false, outDir: "out" };
    const parts = ["examples/*.d.ts", "examples/medical-x", "examples/medical-x-evaluation"];
    const compiled = compile(folder, compiler, parts, { ...options, rootDir: "examples" });
    expect(compiled).toEqual(QUIET);
    const files = runnable.map(({ path }) => `${path.replace("examples", "out")}.js`);
    expect(start(folder, process.execPath, "run-examples.mjs", "results.json", ...files)).toMatchObject({
      code: 0,
    });
    expect(failed()).toEqual([]);
  });
});

describe("Deno", () => {
  const flags = ["--node-modules-dir=manual"];

  test("the examples compile", () => {
    const files = runnable.map(({ path }) => `${path}.ts`);
    expect(deno(folder, "check", ...flags, "examples/shown.d.ts", ...files)).toMatchObject({ code: 0 });
  });

  test("the examples run", () => {
    const files = runnable.map(({ path }) => `${path}.ts`);
    const ran = deno(folder, "run", "-A", ...flags, "run-examples.mjs", "results.json", ...files);
    expect(ran).toMatchObject({ code: 0 });
    expect(failed()).toEqual([]);
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
