/**
 * The cost of a hostile file: CPU seconds and peak memory of a process that reads it and nothing else.
 *
 * The process runs the built package, `dist/`, which `npm run test:cost` builds first. CPU time is measured instead of
 * wall time, relative to a loop that shows how slow the machine is, so that tests do not fail on a busy machine.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ErrorCode, XrayError } from "../../src/errors.ts";
import { refusalProblem } from "./refusal.ts";

const MAX_SECONDS = 5;
const MAX_BYTES = 1e9;
const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));
/** Seconds that `loop` took on the machine on which the limits were set. */
const REFERENCE_LOOP = 0.2;

/** What to do with the file: see `child.mjs`. */
export type Action =
  | "checkpoint"
  | "tensors"
  | "model"
  | "image"
  | "prepared"
  | "shorter"
  | "names"
  | "dicom"
  | "frame";

interface Outcome {
  readonly ended: "read" | "thrown" | "memory" | "time";
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly seconds: number;
  readonly rss: number;
}

/** Integer and memory work, as decoders do. */
function loop(): number {
  const started = process.cpuUsage();
  const table = new Uint32Array(1 << 16);
  for (let i = 0, x = 1; i < 1e8; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    table[x >>> 16] = x;
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

let slowness: number | undefined;

/** 1 on the machine on which the limits were set, more on a slower one. */
function machineSlowness(): number {
  slowness ??= Math.max(1, loop() / REFERENCE_LOOP);
  return slowness;
}

/** Read a file in its own process. */
export function measure(action: Action, file: Uint8Array): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-hostile-"));
  try {
    const path = join(folder, "file");
    writeFileSync(path, file);
    const timeout = Math.ceil(4 * MAX_SECONDS * machineSlowness() * 1000);
    const options = { encoding: "utf8", timeout, killSignal: "SIGKILL" } as const;
    const { stdout, stderr, error } = spawnSync(process.execPath, [CHILD, action, path], options);
    if (stdout !== "") return { seconds: 0, ...JSON.parse(stdout.trim().split("\n")[0]!) };
    if (error !== undefined) return { ended: "time", seconds: timeout / 1000, rss: 0 };
    throw new Error(`the process died: ${stderr.slice(0, 2000)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Expect under 5 s of CPU time and 1 GB, and the right end: this code, or "read". */
export function costsLittle(action: Action, file: Uint8Array, expected: string | RegExp): void {
  const outcome = measure(action, file);
  const { ended, seconds, rss, message = "" } = outcome;
  assert.notEqual(ended, "time", `still not done after ${seconds.toFixed(0)} s`);
  assert.notEqual(ended, "memory", `ended at ${(rss / 1e9).toFixed(2)} GB`);
  const limit = MAX_SECONDS * machineSlowness();
  assert.ok(seconds <= limit, `${seconds.toFixed(1)} s of CPU; ${limit.toFixed(1)} s are allowed here`);
  assert.ok(rss <= MAX_BYTES, `${(rss / 1e9).toFixed(2)} GB; 1 GB is allowed`);
  const isRead = expected instanceof RegExp ? expected.test("read") : expected === "read";
  if (ended === "read") {
    assert.ok(isRead, `it was read, but should be refused with ${expected}`);
    return;
  }
  const thrown = outcome.name === "XrayError" ? new XrayError(outcome.code as ErrorCode, message) : message;
  const problem = refusalProblem(thrown);
  if (problem !== undefined) assert.fail(`${problem} (${outcome.name})`);
  if (expected instanceof RegExp) assert.match(outcome.code ?? "", expected);
  else assert.equal(outcome.code, expected);
}
