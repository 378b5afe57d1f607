import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./source.ts";

const built = (file: string): string => join(ROOT, "dist", file);

test("the library exports these names", async () => {
  const library: Record<string, unknown> = await import(built("index.js"));
  expect(Object.fromEntries(Object.entries(library).map(([name, value]) => [name, typeof value]))).toEqual({
    FINDINGS: "object",
    FINDING_NAMES: "object",
    HEATMAP_LAYERS: "object",
    HEATMAP_METHODS: "object",
    XrayError: "function",
    loadModel: "function",
  });
});

test("medical-x/browser exports what the library does, and the names of colours", async () => {
  const name = "medical-x/browser";
  const here: Record<string, unknown> = await import(built("index.js"));
  const there: Record<string, unknown> = await import(/* @vite-ignore */ name);
  expect(Object.keys(there).sort()).toEqual(["COLORMAP_NAMES", ...Object.keys(here).sort()]);
});

test("medical-x/evaluation exports the room's functions, and works by that name", async () => {
  const name = "medical-x/evaluation";
  const library: Record<string, unknown> = await import(/* @vite-ignore */ name);
  expect(Object.keys(library).sort()).toMatchSnapshot();
  expect(Object.values(library).every((value) => typeof value === "function")).toBe(true);
  const { auroc } = library as { auroc: (scores: number[], truths: number[]) => number | null };
  expect(auroc([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])).toBe(0.875);
});

// A change here is a change of what users build on: update with `vitest run -u test/architecture` and say so.
test.each([
  "index.d.ts",
  "browser.d.ts",
  "browser/load-model.d.ts",
  "evaluation/index.d.ts",
  "engine/model.d.ts",
])("the types of dist/%s are as they were", (file) => {
  expect(readFileSync(built(file), "utf8")).toMatchSnapshot();
});
