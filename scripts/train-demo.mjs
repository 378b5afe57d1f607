/**
 * Trains the model behind `--model demo` with nothing but the package's own commands: phantoms are drawn, and a
 * DenseNet121 learns them from random weights, first at a quarter of the pixels, then at 224 × 224.
 *
 * Run by `npm run train:demo`; takes about two hours on two cores. If interrupted, it resumes when started again.
 * It writes `models/demo.safetensors` (float16) and, to `models/demo/`, the record of its training.
 * `npm run train:demo -- --quick` does all of this in a minute with a few phantoms, and writes to `runs/demo-quick/`.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";

const isQuick = process.argv.includes("--quick");
const WORK = isQuick ? "runs/demo-quick" : "runs/demo";
const MODEL = isQuick ? `${WORK}/demo.safetensors` : "models/demo.safetensors";
const RECORD = isQuick ? `${WORK}/record` : "models/demo";
const LOG = `${WORK}/log.txt`;

/** The first stage uses eight thousand phantoms, the second six thousand others. */
const STAGES = [
  {
    name: "112",
    phantoms: { count: 8000, seed: 101, size: 256 },
    train: {
      backbone: "random",
      "input-size": 112,
      "batch-size": 16,
      epochs: 5,
      lr: 1e-3,
      "val-fraction": 0.05,
    },
  },
  {
    name: "224",
    phantoms: { count: 6000, seed: 102, size: 512 },
    train: {
      backbone: `${WORK}/112/model.safetensors`,
      "input-size": 224,
      "batch-size": 8,
      epochs: 3,
      lr: 3e-4,
      "val-fraction": 0.1,
    },
  },
];

/** The phantoms whose boxes say which heatmaps point best, and on which sensitivity and specificity are measured. */
const UNSEEN = { count: 2000, seed: 501 };

/** Heatmaps are chosen at the end, for the rounded weights. */
const COMMON = [
  ...["--unfreeze", "all", "--batch-norm", "train", "--schedule", "cosine", "--seed", "1"],
  "--no-choose-maps",
];

/** The files of a run's folder that are worth keeping. */
const KEPT = ["config.json", "metrics.ndjson", "curves.svg", "model-card.md"];

const quick = {
  phantoms: { count: 48, size: 128 },
  train: { "input-size": 64, epochs: 1, "val-fraction": 0.25 },
};

const flags = (options) => Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);

function show(text) {
  process.stdout.write(text);
  appendFileSync(LOG, text);
}

/** Run a script, showing and keeping its output. */
async function run(script, ...args) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", show);
  child.stderr.on("data", show);
  const [code] = await once(child, "close");
  if (code !== 0) process.exit(code ?? 1);
}

/** Run a command of the package. */
async function medicalX(...args) {
  show(`\nmedical-x ${args.join(" ")}\n`);
  await run("dist/bin/medical-x.js", ...args);
}

async function train({ name, phantoms, train }) {
  const data = `${WORK}/phantoms-${phantoms.seed}`;
  const out = `${WORK}/${name}`;
  await medicalX(
    "data",
    "phantom",
    "--out",
    data,
    ...flags({ ...phantoms, ...(isQuick ? quick.phantoms : {}) }),
  );
  const settings = [...flags({ ...train, ...(isQuick ? quick.train : {}) }), ...COMMON];
  // A run with other settings is refused instead of resumed.
  const resume = existsSync(`${out}/config.json`) ? ["--resume"] : [];
  await medicalX("train", "--data", data, "--out", out, ...settings, ...resume);
  mkdirSync(`${RECORD}/${name}`, { recursive: true });
  for (const file of KEPT) copyFileSync(`${out}/${file}`, `${RECORD}/${name}/${file}`);
  copyFileSync(`${data}/phantom.json`, `${RECORD}/${name}/phantom.json`);
}

if (isQuick) rmSync(WORK, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });
for (const stage of STAGES) await train(stage);
await medicalX("models", "convert", `${WORK}/224/model.safetensors`, "--to", MODEL, "--dtype", "float16");
// The figures on known images are those of the rounded weights.
await run("scripts/demo-known-images.mjs", MODEL, `${WORK}/phantoms-${STAGES.at(-1).phantoms.seed}`);
// So are the figures on heatmaps and the ROC curves, on phantoms that the model was not trained on.
const unseen = `${WORK}/phantoms-${UNSEEN.seed}`;
await medicalX(
  "data",
  "phantom",
  "--out",
  unseen,
  ...flags({ ...UNSEEN, ...(isQuick ? quick.phantoms : {}) }),
);
await run("scripts/demo-maps.mjs", MODEL, unseen);
await run("scripts/demo-roc.mjs", MODEL, unseen);
copyFileSync(LOG, `${RECORD}/log.txt`);
