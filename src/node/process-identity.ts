/**
 * Which process this is, on which machine, so that another one can tell whether it still runs.
 *
 * A process number alone proves nothing: another host, or another container on this one, has processes of the same
 * number, and a system gives numbers again. On Linux a process is told by the kernel's boot, the namespace that numbers
 * it, its number and the moment at which it started. Elsewhere a host is told by its name and its network cards.
 *
 * Knows:      /proc and the system's calls. Not what processes hold.
 * Reference:  proc(5), `boot_id` and `stat`; namespaces(7), `/proc/self/ns/pid`.
 */

import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { systemCode } from "./files.ts";

/** A process, as it is written into files. */
export interface ProcessIdentity {
  /** For people. */
  readonly host: string;
  /** What numbers the process: a kernel's boot and a namespace, or a host; null where nothing tells. */
  readonly system: string | null;
  readonly pid: number;
  /** When it started, in the system's own terms; null where nothing tells. */
  readonly started: string | null;
}

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
};

const linkIfThere = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

/** Clock ticks from the boot to a process's start: field 22 of its `stat`. The second field may hold any character. */
function startOf(process: string): string | null {
  const stat = readIfThere(`/proc/${process}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function linuxSystem(): string | null {
  const boot = readIfThere("/proc/sys/kernel/random/boot_id");
  const namespace = linkIfThere("/proc/self/ns/pid");
  return boot === undefined || namespace === undefined ? null : `${boot} ${namespace}`;
}

/** Hosts of one name may share a drive; their network cards differ. */
function hostSystem(): string {
  const cards = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ mac }) => mac);
  const hash = createHash("sha256").update([...new Set(cards)].sort().join());
  return `${process.platform} ${hostname()} ${hash.digest("hex").slice(0, 16)}`;
}

const isLinux = process.platform === "linux";
let own: ProcessIdentity | undefined;

/** This process. */
export function ownIdentity(): ProcessIdentity {
  own ??= {
    host: hostname(),
    system: isLinux ? linuxSystem() : hostSystem(),
    pid: process.pid,
    started: isLinux ? startOf("self") : null,
  };
  return own;
}

/** Whether a process of this number runs in our own namespace. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and belongs to someone else.
    return systemCode(error) !== "ESRCH";
  }
}

/** /proc may be another namespace's, where our numbers mean other processes. */
const isOwnProc = (): boolean => linkIfThere("/proc/self") === String(process.pid);

/**
 * What is known of a process.
 *
 * @returns  `dead` where it is proven that it has ended; `unknown` where it may run on a system that cannot be asked.
 */
export function processState({ system, pid, started }: ProcessIdentity): "alive" | "dead" | "unknown" {
  const self = ownIdentity();
  if (system === null || system !== self.system) return "unknown";
  if (!isRunning(pid)) return "dead";
  const now = isLinux && isOwnProc() ? startOf(String(pid)) : null;
  return now !== null && started !== null && now !== started ? "dead" : "alive";
}

/** Text for a file. */
export const identityText = (identity: ProcessIdentity): string => `${JSON.stringify(identity)}\n`;

/** Read such a text; undefined of any other. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const { host, system, pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    const isText = (value: unknown) => value === null || typeof value === "string";
    return typeof host === "string" && Number.isInteger(pid) && isText(system) && isText(started)
      ? { host, system: system!, pid: pid!, started: started! }
      : undefined;
  } catch {
    return undefined;
  }
}
