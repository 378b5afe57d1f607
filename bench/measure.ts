/** Times whole processes and repeated work, and computes statistics of the times. */

import { spawn } from "node:child_process";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Wall seconds of one process from start to exit. Throws if it fails. */
export function timeProcess(
  command: readonly string[],
  cwd: string,
  onStderr: (text: string) => void = () => undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += String(chunk);
      onStderr(String(chunk));
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`${command.join(" ")} ended with ${code}: ${complaint}`));
    });
  });
}

/** Reports the peak memory of a Node process, in KiB, when it ends. */
const TELLS_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))`;

/** Wall seconds and peak memory in bytes of a Node script. Throws if it fails. */
export async function peakOfProcess(
  script: readonly string[],
  cwd: string,
): Promise<{ seconds: number; peak: number }> {
  let said = "";
  const seconds = await timeProcess([process.execPath, "--import", TELLS_PEAK, ...script], cwd, (text) => {
    said += text;
  });
  return { seconds, peak: 1024 * Number(/peak (\d+)$/.exec(said)?.[1]) };
}

/** Run two tasks alternately, A B A B …, after one uncounted run of each. */
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
