/** Answers each line "batch repeats threads" on stdin with the seconds of each training step and the peak memory. */

import { createInterface } from "node:readline";
import { createSession } from "../src/node/session.ts";
import { featureShape } from "../src/training/suffix.ts";
import { Trainer } from "../src/training/trainer.ts";
import { seededWeights } from "../test/support/seeded-weights.ts";

const shape = featureShape("all", { inChannels: 3, height: 224, width: 224 });
const { tensors } = seededWeights(1);
let trainer: { threads: number; trainer: Trainer } | undefined;

function trainerFor(threads: number): Trainer {
  if (trainer?.threads !== threads) {
    const settings = {
      unfreeze: "all",
      featureShape: shape,
      numLabels: 14,
      batchNorm: "train",
      weightDecay: 0,
    } as const;
    trainer = { threads, trainer: new Trainer(settings, tensors, createSession, { threads }) };
  }
  return trainer.trainer;
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [size, repeats, threads] = line.split(" ").map(Number) as [number, number, number];
  const batch = {
    size,
    features: Float32Array.from({ length: size * 3 * 224 * 224 }, () => Math.random() * 4 - 2),
    labels: Float32Array.from({ length: size * 14 }, () => (Math.random() > 0.9 ? 1 : 0)),
  };
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await trainerFor(threads).step(batch, 1e-4);
    seconds.push((performance.now() - start) / 1000);
  }
  console.log(JSON.stringify({ seconds, peak: process.resourceUsage().maxRSS * 1024 }));
}
