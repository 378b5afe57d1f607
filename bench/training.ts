/** Rows 5 to 7: a training step of all layers, an epoch of the head, and reading ChestX-ray14's table. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parseLabelTable } from "../src/dataset/label-table.ts";
import { splitByPatient } from "../src/dataset/split.ts";
import { RecordStore } from "../src/node/record-store.ts";
import { createSession } from "../src/node/session.ts";
import { Random } from "../src/random.ts";
import { Trainer } from "../src/training/trainer.ts";
import { seededWeights } from "../test/support/seeded-weights.ts";
import { alternate, median } from "./measure.ts";
import { python } from "./pytorch.ts";
import type { Row } from "./table.ts";

/** A process that performs training steps on request. */
class Stepper {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  peak = 0;

  constructor([command, ...args]: readonly string[]) {
    this.#child = spawn(command!, args);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ready(): Promise<this> {
    await this.#lines.next();
    return this;
  }

  /** Seconds of one step. */
  async step(batch: number, threads: number): Promise<number> {
    this.#child.stdin.write(`${batch} 1 ${threads}\n`);
    const { value } = await this.#lines.next();
    const { seconds, peak } = JSON.parse(value as string) as { seconds: number[]; peak: number };
    this.peak = peak;
    return seconds[0]!;
  }

  stop(): void {
    this.#child.stdin.end();
  }
}

const OURS = fileURLToPath(new URL("train-child.js", import.meta.url));

/**
 * Forward, backward and Adam over all layers, with batch norm in train mode, alternating between ours and PyTorch's.
 */
export async function benchSteps(threads: number, hasPytorch: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [batch, warm, repeats] of [
    [8, 3, 7],
    [32, 2, 3],
  ] as const) {
    const ours = await new Stepper([process.execPath, OURS]).ready();
    const theirs = hasPytorch ? await new Stepper(python("train.py")).ready() : undefined;
    // The first steps of either side allocate memory.
    for (let i = 0; i < warm; i++) {
      await ours.step(batch, threads);
      await theirs?.step(batch, threads);
    }
    const { a, b } = await alternate(
      repeats,
      () => ours.step(batch, threads),
      theirs && (() => theirs.step(batch, threads)),
    );
    ours.stop();
    theirs?.stop();
    const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(2);
    rows.push({
      work: `training step, all layers, batch ${batch}`,
      unit: "ms per image",
      ours: (median(a) * 1000) / batch,
      theirs: b.length === 0 ? undefined : (median(b) * 1000) / batch,
      goal: "≤ 0.80",
      note: `peak memory ${gigabytes(ours.peak)} GB${theirs ? ` against ${gigabytes(theirs.peak)} GB` : ""}`,
    });
  }
  return rows;
}

const TRAIN_IMAGES = 86_524;

/** One epoch of the head on the features of ChestX-ray14's training images, read from a store in random order. */
export async function benchHead(folder: string, threads: number): Promise<Row[]> {
  const store = new RecordStore(join(folder, "features"), 1024, { name: "features", without: "" });
  const record = Float32Array.from({ length: 1024 }, Math.random);
  for (let i = 0; i < TRAIN_IMAGES; i++) store.append(`${i}`, record);
  const settings = {
    unfreeze: "none",
    featureShape: [1024],
    numLabels: 14,
    batchNorm: "frozen",
    weightDecay: 0,
  } as const;
  const trainer = new Trainer(settings, seededWeights(1).tensors, createSession, { threads });
  const labels = Float32Array.from({ length: 32 * 14 }, () => (Math.random() > 0.9 ? 1 : 0));
  const epochs: number[] = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    const start = performance.now();
    const order = Random.of(0, "order", epoch).permutation(TRAIN_IMAGES);
    for (let at = 0; at + 32 <= TRAIN_IMAGES; at += 32) {
      const features = new Float32Array(32 * 1024);
      for (let i = 0; i < 32; i++)
        store.read(`${order[at + i]!}`, features.subarray(i * 1024, (i + 1) * 1024));
      await trainer.step({ size: 32, features, labels }, 1e-3);
    }
    epochs.push((performance.now() - start) / 1000);
  }
  await trainer.release();
  store.close();
  const row = { theirs: 3, theirsName: "the goal", goal: "≤ 1.0" };
  return [{ work: "an epoch of the head, 86,524 cached features", unit: "s", ours: median(epochs), ...row }];
}

/** Read, check and split the table of ChestX-ray14. */
export function benchTable(file: string): Row[] {
  if (!existsSync(file)) return [];
  const text = gunzipSync(readFileSync(file)).toString("utf8");
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    const { images } = parseLabelTable(text);
    splitByPatient(images, { valFraction: 0.1, seed: 0 });
    return (performance.now() - start) / 1000;
  });
  return [
    {
      work: "112,120 rows of Data_Entry read, checked and split, the first time in a process",
      unit: "s",
      ours: times[0]!,
      theirs: 0.7,
      theirsName: "the goal",
      goal: "≤ 1.0",
      note: `again: ${median(times.slice(1)).toFixed(2)} s`,
    },
  ];
}
