/** Scores a folder while its processes and their workers are killed at random, and starts them again. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Random } from "../../src/random.ts";
import type { Desk, Ended } from "../cli/run.ts";

/** Processes that a process started, by /proc. */
function childrenOf(pid: number): number[] {
  try {
    return execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
      .split("\n")
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

const isPart = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("score-worker");
  } catch {
    return false;
  }
};

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It had ended.
  }
}

/** What happened to a folder's processes. */
export interface Killings {
  /** Worker processes, and processes that had started workers. */
  readonly workers: number;
  readonly processes: number;
}

/**
 * Run `score` until it is done, killing workers and whole runs by chance.
 *
 * @param args  Without `--out`.
 */
export async function scoreUnderFire(
  desk: Desk,
  args: readonly string[],
  out: string,
  seed: number,
): Promise<Killings> {
  const random = Random.of(seed, "killings");
  const killed = { workers: 0, processes: 0 };
  for (;;) {
    let pid = 0;
    const run: Promise<Ended> = desk.run([...args, "--out", out], {
      onStart: (child) => {
        pid = child.pid!;
      },
    });
    const timer = setInterval(() => {
      const workers = childrenOf(pid).filter(isPart);
      // So many that a slow machine still comes to an end.
      if (workers.length > 0 && killed.workers < 12 && random.chance(0.5)) {
        kill(workers[random.int(workers.length)]!);
        killed.workers += 1;
      } else if (killed.processes < 4 && random.chance(0.3)) {
        kill(pid);
        killed.processes += 1;
      }
    }, 1500);
    const { code, stderr } = await run;
    clearInterval(timer);
    if (code === 0) return killed;
    // A process that was killed has no code; one whose workers were killed too often ends with 1.
    if (code !== null && code !== 1) throw new Error(`score ended with ${code}: ${stderr}`);
  }
}

/** The shards of a folder, whole ones only. */
export const shardsIn = (desk: Desk, out: string): string[] =>
  readdirSync(desk.path(out, "shards")).filter((name) => name.endsWith(".parquet"));
