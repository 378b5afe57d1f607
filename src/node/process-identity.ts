/**
 * Identifies a process and its machine, so that another process can tell whether it is still running.
 *
 * A process number alone proves nothing: another host, or another container on this one, has processes with the same
 * number, and systems reuse numbers. On Linux a process is identified by the kernel's boot, the namespace that numbers
 * it, its number, and its start time. Elsewhere a host is identified by its name and its network cards.
 *
 * Knows:      /proc and system calls. Not what processes hold.
 * Reference:  proc(5), `boot_id` and `stat`; namespaces(7), `/proc/self/ns/pid`.
 */

import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { systemCode } from "./files.ts";

/** A process, in the form that is written to files. */
export interface ProcessIdentity {
  /** For people to read. */
  readonly host: string;
  /** The numbering that `pid` belongs to: a kernel's boot and a namespace, or a host; null if unknown. */
  readonly system: string | null;
  readonly pid: number;
  /** Start time, in the system's own units; null if unknown. */
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

/** Clock ticks from boot to a process's start: field 22 of its `stat`. The second field may contain any character. */
function startOf(process: string): string | null {
  const stat = readIfThere(`/proc/${process}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function linuxSystem(): string | null {
  const boot = readIfThere("/proc/sys/kernel/random/boot_id");
  const namespace = linkIfThere("/proc/self/ns/pid");
  return boot === undefined || namespace === undefined ? null : `${boot} ${namespace}`;
}

/** Hosts with the same name may share a drive, but their network cards differ. */
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

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  own ??= {
    host: hostname(),
    system: isLinux ? linuxSystem() : hostSystem(),
    pid: process.pid,
    started: isLinux ? startOf("self") : null,
  };
  return own;
}

/** Whether a process with this number runs in our own namespace. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but belongs to someone else.
    return systemCode(error) !== "ESRCH";
  }
}

/** Whether /proc shows our own namespace. In another one, our numbers stand for other processes. */
const isOwnProc = (): boolean => linkIfThere("/proc/self") === String(process.pid);

/**
 * Find out what is known about a process.
 *
 * @returns  `dead` if it has provably ended; `unknown` if it may be running on a system that cannot be asked.
 */
export function processState({ system, pid, started }: ProcessIdentity): "alive" | "dead" | "unknown" {
  const self = ownIdentity();
  if (system === null || system !== self.system) return "unknown";
  if (!isRunning(pid)) return "dead";
  const now = isLinux && isOwnProc() ? startOf(String(pid)) : null;
  return now !== null && started !== null && now !== started ? "dead" : "alive";
}

/** The identity as text for a file. */
export const identityText = (identity: ProcessIdentity): string => `${JSON.stringify(identity)}\n`;

/** Parse such a text; undefined if it is anything else. */
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
