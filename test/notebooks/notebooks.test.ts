/**
 * The notebooks of `examples/` run from top to bottom, show what they promise, and are in the repository as executed.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import {
  BUILD,
  codeOf,
  executeNotebooks,
  kindsOf,
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
/** How many PNG and JPEG pictures a notebook shows. */
const PICTURES: Record<string, readonly [number, number]> = { training: [4, 3], prediction: [1, 2] };

/** What the notebooks use of Deno. */
const DENO = `
declare namespace Deno.jupyter {
  interface Options { raw: boolean; update?: boolean; display_id?: string }
  function display(shown: unknown, options: Options): Promise<void>;
  function image(bytes: Uint8Array): unknown;
}`;

/** The cells of a notebook import what was built, as they do when they run. */
const TYPES = {
  extends: "../../../tsconfig.json",
  compilerOptions: {
    lib: ["ES2024", "ESNext"],
    paths: {
      "medical-x": ["../../../dist/index.d.ts"],
      "medical-x/evaluation": ["../../../dist/evaluation/index.d.ts"],
    },
  },
  include: ["*.ts"],
  exclude: [],
};

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

  test("each cell put out what its copy in the repository has", () => {
    const [kept, executed] = both(name);
    expect(codeOf(executed!).map(kindsOf)).toEqual(codeOf(kept!).map(kindsOf));
    const printing = codeOf(executed!).filter(({ source }) => textOf(source).includes("console.log("));
    for (const cell of printing) expect(kindsOf(cell)).toContain("stdout");
  });

  test("pictures show something", async () => {
    for (const notebook of both(name)) {
      const pictures = ["image/png", "image/jpeg"].map((kind) => shown(notebook, kind));
      expect(pictures.map(({ length }) => length)).toEqual(PICTURES[name]);
      for (const base64 of pictures.flat()) {
        const picture = sharp(Buffer.from(base64, "base64"), { failOn: "warning" });
        const { width } = await picture.metadata();
        expect(width).toBeGreaterThan(600);
        expect(Math.max(...(await picture.stats()).channels.map(({ stdev }) => stdev))).toBeGreaterThan(10);
      }
    }
  });

  test("cells type-check", () => {
    const cells = codeOf(both(name)[0]!).map(({ source }) => textOf(source));
    const folder = join(BUILD, `${name}-cells`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "deno.d.ts"), DENO);
    writeFileSync(join(folder, "cells.ts"), cells.join("\n").replace('"./', '"../../../examples/'));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TYPES));
    const tsc = spawnSync(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", folder], { encoding: "utf8" });
    expect(tsc.stdout).toBe("");
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
    // A finding in a twentieth of the images or less has labels that are a third wrong; the truth then looks worse.
    const mined = tableOf(notebook, "mined").map((row) => row.slice(1).map(Number.parseFloat));
    expect(mined).toHaveLength(14);
    for (const [drawn, labelled, right, truth] of mined) {
      expect(Math.abs(labelled! - (0.85 * drawn! + 0.02 * (1000 - drawn!)))).toBeLessThan(20);
      expect(right).toBeGreaterThan(50);
      expect(truth).toBeGreaterThan(0.7);
      expect(truth).toBeLessThan(0.98);
    }

    const split = tableOf(notebook, "X-rays of patients who are trained on");
    expect(split.map((row) => Number(row[3]))).toEqual([0, 0, 0, expect.any(Number)]);
    expect(Number(split[3]![3])).toBeGreaterThan(50);

    const figures = tableOf(notebook, "AUROC");
    expect(figures.map(([finding]) => finding)).toEqual([...NAMES, "mean"]);
    const [byLabels, byTruth] = tableOf(notebook, "mean AUROC").map((row) => Number(row[1]));
    expect(Number(figures[14]![2])).toBe(byLabels);
    expect(byLabels).toBeGreaterThan(0.75);
    expect(byTruth).toBeGreaterThan(0.95);
    expect(byTruth! - byLabels!).toBeGreaterThan(0.05);

    const decisions = tableOf(notebook, "found at 0.5");
    expect(decisions.map(([finding]) => finding)).toEqual(NAMES.toSorted());
    const prevalences = tableOf(notebook, "share of alarms that are right").map((row) =>
      Number.parseFloat(row[4]!),
    );
    expect(prevalences).toEqual(prevalences.toSorted((a, b) => b - a));
  }
});

test("prediction: the demo model finds what was drawn, and the CSV file has it", () => {
  for (const notebook of both("prediction")) {
    const decisions = tableOf(notebook, "image");
    expect(decisions).toHaveLength(12);
    expect(decisions.find(([image]) => image === "00000004_000.png")![1]).toBe("Effusion, Mass");
    expect(printed(notebook, "stdout")).toMatch(/says nothing about|drawn|phantoms/i);
  }
  const csv = readFileSync(join(ROOT, "examples", "work", "predictions.csv"), "utf8")
    .trimEnd()
    .split("\n");
  expect(csv[0]).toBe(["Image Index", ...FINDING_NAMES.map((name) => `prob_${name}`)].join(","));
  expect(csv).toHaveLength(13);
});
