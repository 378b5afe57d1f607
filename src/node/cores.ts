/**
 * How many cores this process may use: on a node of a cluster, seldom all of them.
 *
 * Knows:      the operating system, and what Slurm and a container's limits say.
 * Reference:  Linux, "Control Group v2", cpu.max.
 */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const LIMIT_FILE = "/sys/fs/cgroup/cpu.max";

/** `150000 100000` → 1.5 cores; undefined without a limit. */
export function coresOfLimit(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  const cores = quota! / period!;
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function limitHere(): number | undefined {
  try {
    return coresOfLimit(readFileSync(LIMIT_FILE, "utf8"));
  } catch {
    return undefined;
  }
}

/** At least one: the least of the cores that the system, the container and Slurm grant. */
export function usableCores(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const slurm = Number(env["SLURM_CPUS_PER_TASK"]);
  const granted = [
    availableParallelism(),
    limitHere() ?? Number.POSITIVE_INFINITY,
    Number.isInteger(slurm) && slurm > 0 ? slurm : Number.POSITIVE_INFINITY,
  ];
  return Math.max(1, Math.floor(Math.min(...granted)));
}
