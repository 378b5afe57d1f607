/** A run in which an earlier version was interrupted (fixtures/runs/README.md) continues as that version would have. */

import { cpSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSafetensors, safetensorsPieces } from "../../src/formats/safetensors.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { Desk, words } from "./run.ts";
import { bytesIn, metricsOf } from "./train-data.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/runs/version-0.1/", import.meta.url));
const text = (name: string): string => readFileSync(`${FIXTURE}${name}`, "utf8");
const STATE = "medical-x/training-state@1";

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
});
afterAll(() => desk.remove());

/** A copy of the interrupted run, which a test may change. */
function stopped(run: string): void {
  cpSync(`${FIXTURE}cut`, desk.path(run), { recursive: true });
}

const resume = (run: string) =>
  desk.run(words(`train --data ${FIXTURE}phantoms --out ${run} --resume --threads 1`));

test("its epochs, its best epoch and its weights are those of a run that was not stopped", async () => {
  stopped("cut");
  const { code, stderr } = await resume("cut");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const expected = text("finished/metrics.ndjson")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const epochs = metricsOf(desk, "cut");
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const [i, { train_loss, val_loss, val_auroc, lr }] of epochs.entries()) {
    expect(train_loss).toBeCloseTo(expected[i].train_loss, 5);
    expect(val_loss).toBeCloseTo(expected[i].val_loss, 5);
    expect({ val_auroc, lr }).toEqual({ val_auroc: expected[i].val_auroc, lr: expected[i].lr });
  }
  const { tensors } = readSafetensors(bytesIn(desk, "cut"));
  const head = JSON.parse(text("finished/head.json"));
  for (const name of ["classifier.weight", "classifier.bias"]) {
    const weights = tensors.get(name)!.read().data as Float32Array;
    expect(weights).toHaveLength(head[name].length);
    const worst = weights.reduce((most, w, i) => Math.max(most, Math.abs(w - head[name][i])), 0);
    expect(worst).toBeLessThan(1e-6);
  }
});

interface State {
  tensors: Map<string, Tensor>;
  json: Record<string, unknown>;
}

/** Change the saved state. */
function spoil(run: string, change: (state: State) => void): void {
  stopped(run);
  const { tensors, metadata } = readSafetensors(bytesIn(desk, run, "last/state.safetensors"));
  const state: State = {
    tensors: new Map([...tensors].map(([name, entry]) => [name, entry.read()])),
    json: JSON.parse(metadata[STATE]!),
  };
  change(state);
  desk.put(
    `${run}/last/state.safetensors`,
    safetensorsPieces(state.tensors, { [STATE]: JSON.stringify(state.json) }),
  );
}

test.each<[string, (state: State) => void, RegExp]>([
  [
    "no loop",
    ({ json }) => delete json["loop"],
    /this is not the state of a run: loop must be a JSON object, but is missing/,
  ],
  [
    "metrics in words",
    ({ json }) => Object.assign(json["loop"] as object, { metrics: [{ epoch: 1, train_loss: "low" }] }),
    /loop\.metrics\[0\]\.train_loss must be a number, but is "low"/,
  ],
  [
    "steps below 0",
    ({ json }) => Object.assign(json, { steps: -4 }),
    /steps must be a whole number, 0 or more, but is -4/,
  ],
  [
    "another schedule",
    ({ json }) => Object.assign(json["schedule"] as object, { watches: "moon\n" }),
    /schedule\.watches must be one of auroc, loss, but is "moon\\u000a"/,
  ],
  [
    "no word on early stopping, which this run has",
    ({ json }) => Object.assign(json, { earlyStopping: null }),
    /it was saved without early stopping; resume with the patience that the run was started with/,
  ],
  ["no weights", ({ tensors }) => tensors.delete("weights"), /it has no "weights"/],
  [
    "weights of another network",
    ({ tensors }) => tensors.set("weights", float32([2], new Float32Array(2))),
    /it has 2 weights, but this run has 3075/,
  ],
  [
    "weights of another type",
    ({ tensors }) => tensors.set("weights", { dtype: "int64", shape: [1], data: new BigInt64Array(1) }),
    /its "weights" is int64, not float32/,
  ],
])("a state with %s is refused in one line that names the file", async (what, change, problem) => {
  const run = `bad-${what.replaceAll(/\W+/g, "-")}`;
  spoil(run, change);
  const { code, stderr } = await resume(run);
  expect(code).toBe(1);
  const lines = stderr.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(problem);
  expect(lines.at(-1)).toContain("last/state.safetensors: ");
  expect(stderr).not.toContain("    at ");
});

test.each<[string, string, RegExp]>([
  ["no JSON", "{", /config\.json: this is not the configuration of a run: it is not JSON/],
  [
    "a list",
    "[]",
    /config\.json: this is not the configuration of a run: it must be a JSON object, but is an empty list/,
  ],
  [
    "a batch of no images",
    text("cut/config.json").replace('"batchSize": 6', '"batchSize": 0'),
    /settings\.batchSize must be a whole number from 1 to 1024, but is 0/,
  ],
  ["deep brackets", "[".repeat(1_000_000), /it is not JSON/],
])("a configuration with %s is refused in one line", async (what, content, problem) => {
  const run = `config-${what.replaceAll(/\W+/g, "-")}`;
  stopped(run);
  desk.put(`${run}/config.json`, content);
  const { code, stderr } = await resume(run);
  expect({ code, lines: stderr.trimEnd().split("\n").length }).toEqual({ code: 1, lines: 1 });
  expect(stderr).toMatch(problem);
});
