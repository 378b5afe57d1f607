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

// A change here is a change of what users build on: update with `vitest run -u test/architecture` and say so.
test.each(["index.d.ts", "tasks/library.d.ts"])("the types of dist/%s are as they were", (file) => {
  expect(readFileSync(built(file), "utf8")).toMatchSnapshot();
});
