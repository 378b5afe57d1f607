/**
 * How much faster two workers are than one, on two idle cores: pairs of runs over drawn chests, and the median of the ratios.
 *
 * npm run bench:workers [-- images]
 *
 * The time to start is measured with a few images and subtracted.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FEW = 16;
const PAIRS = 5;
const images = Number(process.argv[2] ?? 400);
const folder = mkdtempSync(join(tmpdir(), "medical-x-workers-"));
const main = fileURLToPath(new URL("../../dist/bin/medical-x.js", import.meta.url));
const run = (...args: string[]) =>
  execFileSync(process.execPath, [main, ...args], { cwd: folder, stdio: "ignore" });

/** Seconds to score a folder anew. */
function seconds(data: string, workers: number): number {
  const began = performance.now();
  run("score", "--image", `${data}/images`, "--model", "demo", "--out", "out", "--workers", String(workers));
  const ended = performance.now();
  rmSync(join(folder, "out"), { recursive: true });
  return (ended - began) / 1000;
}

run("data", "phantom", "--out", "many", "--count", String(images), "--seed", "9");
run("data", "phantom", "--out", "few", "--count", String(FEW), "--seed", "9");
const ratios: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  const rates = [1, 2].map(
    (workers) => (images - FEW) / (seconds("many", workers) - seconds("few", workers)),
  );
  ratios.push(rates[1]! / rates[0]!);
  console.log(
    `one worker ${rates[0]!.toFixed(1)} images/s, two ${rates[1]!.toFixed(1)}: ${ratios.at(-1)!.toFixed(2)} times`,
  );
}
console.log(`median of ${PAIRS} pairs: ${ratios.sort((a, b) => a - b)[PAIRS >> 1]!.toFixed(2)}`);
rmSync(folder, { recursive: true });
