/** Timing of whole processes and of repeated work, and the statistics of it. */

import { spawn } from "node:child_process";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Wall seconds of one process from start to exit. Throws where it fails. */
export function timeProcess(command: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += String(chunk);
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`${command.join(" ")} ended with ${code}: ${complaint}`));
    });
  });
}

/** Two works in turn, A B A B …, after one run of each that is not counted. */
export async function alternate(
  repeats: number,
  a: () => Promise<number>,
  b: (() => Promise<number>) | undefined,
): Promise<{ a: number[]; b: number[] }> {
  const result = { a: [] as number[], b: [] as number[] };
  await a();
  await b?.();
  for (let i = 0; i < repeats; i++) {
    result.a.push(await a());
    if (b !== undefined) result.b.push(await b());
  }
  return result;
}
