import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StudyRecord } from "../../scripts/study/record.ts";

const out = mkdtempSync(join(tmpdir(), "medical-x-heatmap-study-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

function run(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
}

const study = (folder: string, ...args: readonly string[]): StudyRecord => {
  run("build/scripts/study/main.js", "--quick", "--out", join(out, folder), ...args);
  return JSON.parse(readFileSync(join(out, folder, "heatmap-study.json"), "utf8"));
};

beforeAll(() => run("node_modules/typescript/bin/tsc", "-p", "tsconfig.tools.json"));

test("the study runs on a few phantoms, and its parts agree with each other", () => {
  const record = study("phantoms");
  expect(record.compared.at(-1)!.pointing).toBeGreaterThan(record.control + 0.4);
  expect(record.deletion.rows.at(-1)!.deletionMore!.value).toBeGreaterThan(0.1);
  expect(record.sizes.sizes.map(({ width }) => width)).toEqual([160, 224]);
  for (const { correlation } of Object.values(record.sanity.stages.at(0)!.rows))
    expect(correlation).toBeLessThan(0.9);
  expect(statSync(join(out, "phantoms", "heatmap-study.jpg")).size).toBeGreaterThan(10_000);
  expect(readFileSync(join(out, "phantoms", "heatmap-study.md"), "utf8")).toContain("Effusion");
});

test("a folder is divided into two halves, each judged with the other's choice", () => {
  const folder = join(out, "data");
  run("dist/bin/medical-x.js", "data", "phantom", "--out", folder, "--count", "24", "--seed", "501");
  const record = study("halves", "--data", folder);
  expect(record.chosenOn).toBe(record.judgedOn);
  expect(record.forAll).toHaveLength(2);
});
