/**
 * The notebooks of `examples/` run from top to bottom, show what they promise, and are in the repository as executed.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import {
  BUILD,
  codeOf,
  executeNotebooks,
  type Notebook,
  printed,
  ROOT,
  readNotebook,
  rowsOf,
  shown,
  textOf,
} from "./notebook.ts";

const LARGEST = 1.5e6;
const NAMES = FINDING_NAMES.map((name) => name.replace("_", " "));

beforeAll(() => executeNotebooks());

/** The notebook as it is in the repository, and as it was executed a moment ago. */
const both = (name: string): Notebook[] =>
  [join(ROOT, "examples"), BUILD].map((folder) => readNotebook(join(folder, `${name}.ipynb`)));

/** A table of a notebook by a word of its head: its rows without the head. */
function tableOf(notebook: Notebook, word: string): string[][] {
  const tables = shown(notebook, "text/html").map(rowsOf);
  const found = tables.find(([head]) => head?.includes(word));
  expect(found, `a table with the column ${word}`).toBeDefined();
  return found!.slice(1);
}

describe.each(["training", "prediction"])("%s.ipynb", (name) => {
  test("every cell was executed, in order, without an error or a warning", () => {
    for (const notebook of both(name)) {
      const cells = codeOf(notebook);
      expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_, i) => i + 1));
      const kinds = cells.flatMap(({ outputs }) => outputs!.map(({ output_type }) => output_type));
      expect(kinds).not.toContain("error");
      expect(printed(notebook, "stderr")).toBe("");
    }
  });

  test("the repository's copy is light, and its cells are those that were executed", () => {
    const [kept, executed] = both(name);
    expect(kept!.cells.map(({ source }) => textOf(source))).toEqual(
      executed!.cells.map(({ source }) => textOf(source)),
    );
    expect(statSync(join(ROOT, "examples", `${name}.ipynb`)).size).toBeLessThan(LARGEST);
  });

  test("pictures are whole", () => {
    for (const notebook of both(name)) {
      const svgs = shown(notebook, "image/svg+xml");
      for (const svg of svgs) expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>\s*$/s);
      const inside = svgs.flatMap((svg) => [...svg.matchAll(/href="data:image\/jpeg;base64,([^"]*)"/g)]);
      const jpegs = [...inside.map(([, base64]) => base64!), ...shown(notebook, "image/jpeg")];
      expect(jpegs.length).toBeGreaterThanOrEqual(12);
      for (const base64 of jpegs) {
        const bytes = Buffer.from(base64, "base64");
        expect(bytes.subarray(0, 2).toString("hex") + bytes.subarray(-2).toString("hex")).toBe("ffd8ffd9");
      }
    }
  });

  test("cells type-check", () => {
    const cells = codeOf(both(name)[0]!).map(({ source }) => textOf(source));
    const file = join(BUILD, `${name}.cells.ts`);
    writeFileSync(file, cells.join("\n"));
    const deno = join(ROOT, "node_modules", ".bin", "deno");
    const env = { ...process.env, DENO_DIR: join(BUILD, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    const args = ["check", "--config", join(ROOT, "examples", "deno.json"), file];
    expect(() => execFileSync(deno, args, { env, stdio: "pipe" })).not.toThrow();
  });

  test.skipIf(process.env["CI"] === undefined && spawnSync("strace", ["-V"]).status !== 0)(
    "connects to nothing but this machine",
    () => {
      const calls = readFileSync(join(BUILD, `${name}.connections`), "utf8").match(/connect\(.*/g) ?? [];
      // Jupyter and its kernel talk to each other.
      expect(calls.filter((call) => call.includes("127.0.0.1")).length).toBeGreaterThan(0);
      expect(calls.filter((call) => !/AF_UNIX|inet_addr\("127\.0\.0\.1"\)/.test(call))).toEqual([]);
    },
  );
});

test("training: figures are there, and are what such a training reaches", () => {
  for (const notebook of both("training")) {
    const noise = tableOf(notebook, "NPV");
    expect(noise).toHaveLength(5);
    // Measured on 20,000 images of which a tenth is positive: the standard error is about 0.006.
    for (const [, , expected, measured] of noise)
      expect(Math.abs(Number(expected) - Number(measured))).toBeLessThan(0.025);

    const split = tableOf(notebook, "X-rays of patients who are trained on");
    expect(split.map((row) => Number(row[3]))).toEqual([0, 0, 0, expect.any(Number)]);
    expect(Number(split[3]![3])).toBeGreaterThan(50);

    const figures = tableOf(notebook, "AUROC");
    expect(figures.map(([finding]) => finding)).toEqual([...NAMES, "mean"]);
    expect(Number(figures[14]![2])).toBeGreaterThan(0.8);
    expect(Number(figures[14]![2])).toBeLessThan(1);

    const decisions = tableOf(notebook, "found at 0.5");
    expect(decisions.map(([finding]) => finding)).toEqual(NAMES);
    const prevalences = tableOf(notebook, "share of alarms that are right").map((row) => Number.parseFloat(row[4]!));
    expect(prevalences).toEqual(prevalences.toSorted((a, b) => b - a));
    expect(shown(notebook, "image/svg+xml").some((svg) => svg.includes("validation"))).toBe(true);
  }
});

test("prediction: the demo model finds what was drawn, and the CSV file has it", () => {
  for (const notebook of both("prediction")) {
    const decisions = tableOf(notebook, "image");
    expect(decisions).toHaveLength(12);
    expect(decisions.find(([image]) => image === "00000004_000.png")![1]).toBe("Effusion, Mass");
    expect(printed(notebook, "stdout")).toMatch(/says nothing about|drawn|phantoms/i);
  }
  const csv = readFileSync(join(ROOT, "examples", "work", "predictions.csv"), "utf8").trimEnd().split("\n");
  expect(csv[0]).toBe(["Image Index", ...FINDING_NAMES.map((name) => `prob_${name}`)].join(","));
  expect(csv).toHaveLength(13);
});
