/**
 * Runs the fuzzer by hand, for as long as you like:
 *
 *   npm run fuzz -- --minutes 60 --seed 7          all targets in turn, until the first failure
 *   npm run fuzz -- --target zip --keep-going      one target; one failure of each kind is printed
 *   npm run fuzz -- --target zip --seed 7 --iteration 1234        one iteration again
 *   npm run fuzz -- --target zip --bytes UEsDB…                   these bytes, in base64
 */

import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { type Failure, Fuzzer, report, tryBytes } from "./harness.ts";
import { TARGETS } from "./targets.ts";

const PROGRESS_MS = 5000;
const HANG_SECONDS = 60;
/** Iterations of one target before the next has its turn. */
const TURN = 200;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    target: { type: "string" },
    iteration: { type: "string" },
    bytes: { type: "string" },
    "keep-going": { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  console.error(`no target ${values.target}; there are ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

/** Target and iteration at work, for the watchdog: a reader that hangs cannot tell. */
const now = new Int32Array(new SharedArrayBuffer(8));
const WATCHDOG = `
  const { workerData: { now, names, seed, seconds } } = require("node:worker_threads");
  const { writeSync } = require("node:fs");
  let last = "", since = Date.now();
  setInterval(() => {
    const at = now.join();
    if (at !== last) { last = at; since = Date.now(); return; }
    if (Date.now() - since < seconds * 1000) return;
    writeSync(2, "hangs: npm run fuzz -- --target " + names[now[0]] + " --seed " + seed + " --iteration " + now[1] + "\\n");
    process.kill(process.pid, "SIGKILL");
  }, 1000);
`;

/** What two failures have in common when only their numbers and names differ. */
const kindOf = ({ target, problem }: Failure): string => {
  const kind = problem.includes("control character") ? "control character" : problem;
  return `${target} ${kind.replace(/"[^"]*"|\d+/g, "_").slice(0, 80)}`;
};

async function runForever(): Promise<number> {
  const names = targets.map(({ name }) => name);
  new Worker(WATCHDOG, { eval: true, workerData: { now, names, seed, seconds: HANG_SECONDS } }).unref();
  console.error(`seed ${seed}, ${values.minutes} minutes, ${names.join(", ")}`);
  const fuzzers = await Promise.all(targets.map((target) => Fuzzer.create(target, seed)));
  const end = Date.now() + Number(values.minutes) * 60_000;
  const kinds = new Set<string>();
  let nextProgress = Date.now() + PROGRESS_MS;
  for (let first = 0; Date.now() < end; first += TURN) {
    for (const [index, fuzzer] of fuzzers.entries()) {
      now[0] = index;
      for (let iteration = first; iteration < first + TURN && Date.now() < end; iteration++) {
        now[1] = iteration;
        const failure = await fuzzer.run(iteration);
        if (failure !== undefined && !kinds.has(kindOf(failure))) {
          kinds.add(kindOf(failure));
          console.log(report(failure));
          if (!values["keep-going"]) return 1;
        }
        if (Date.now() < nextProgress) continue;
        nextProgress = Date.now() + PROGRESS_MS;
        console.error(`${fuzzer.target.name} ${iteration}, seed ${seed}, ${kinds.size} kinds of failure`);
      }
    }
  }
  return kinds.size === 0 ? 0 : 1;
}

/** One iteration or one file again. */
async function runOnce(): Promise<number> {
  const target = targets[0]!;
  if (values.bytes !== undefined) {
    const problem = await tryBytes(target, new Uint8Array(Buffer.from(values.bytes, "base64")));
    console.log(problem ?? "read, or refused in one line");
    return problem === undefined ? 0 : 1;
  }
  const failure = await (await Fuzzer.create(target, seed)).run(Number(values.iteration));
  console.log(failure === undefined ? "read, or refused in one line" : report(failure));
  return failure === undefined ? 0 : 1;
}

const isOnce = values.iteration !== undefined || values.bytes !== undefined;
process.exit(await (isOnce ? runOnce() : runForever()));
