import { readdirSync } from "node:fs";
import { expect, test } from "vitest";

const files = (folder: string) => readdirSync(new URL(folder, import.meta.url));

test("every op has a test file of its own", () => {
  const ops = files("../../../src/graph/ops/").map((name) => name.replace(/\.ts$/, ".test.ts"));
  expect(ops.length).toBeGreaterThan(10);
  expect(ops.filter((name) => !files(".").includes(name))).toEqual([]);
});

test("every op's test file has an op", () => {
  const ops = files("../../../src/graph/ops/");
  const tested = files(".").filter((name) => name !== "coverage.test.ts");
  expect(tested.filter((name) => !ops.includes(name.replace(/\.test\.ts$/, ".ts")))).toEqual([]);
});
