/**
 * Slurm on this machine, for as long as a test needs it: munged, slurmctld and slurmd in a temporary folder.
 *
 * Knows:  Debian's packages slurm-wlm and munge, and how their daemons are started and ended.
 * Not:    what the jobs do.
 */

import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, tmpdir, totalmem } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePorts } from "../support/free-ports.ts";

const run = promisify(execFile);

const DAEMONS = ["slurmd", "slurmctld", "munged"] as const;
const COMMANDS = [...DAEMONS, "sbatch", "squeue", "scancel", "scontrol"];

/** Where Debian keeps daemons, which is not always in a user's PATH. */
const PATH = [process.env["PATH"], "/usr/sbin", "/sbin"].join(delimiter);

/** Why Slurm cannot run here, in words for the skipped test's name; undefined if it can. */
export function whyNoSlurm(): string | undefined {
  const missing = COMMANDS.filter(
    (name) => !PATH.split(delimiter).some((folder) => existsSync(join(folder, name))),
  );
  if (missing.length > 0) return `${missing.join(", ")} not found: apt-get install slurm-wlm munge`;
  return process.getuid?.() === 0 ? undefined : "Slurm's daemons must be started as root";
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One cluster of one node, which is this machine. */
export class Slurm {
  readonly folder = mkdtempSync(join(tmpdir(), "medical-x-slurm-"));
  readonly #conf = join(this.folder, "slurm.conf");

  /** Start the daemons. If one does not start, the others are ended before the error is thrown. */
  static async start(): Promise<Slurm> {
    const slurm = new Slurm();
    // Also when the test process ends in the middle of a test.
    process.once("exit", slurm.#endAtOnce);
    try {
      await slurm.#start();
      return slurm;
    } catch (error) {
      await slurm.stop();
      throw error;
    }
  }

  /** Run one of Slurm's commands in this folder, where the logs of jobs come to lie. */
  async command(name: string, ...args: readonly string[]): Promise<Said> {
    try {
      const { stdout, stderr } = await run(name, args, { cwd: this.folder, env: this.#env() });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as unknown as Said;
      if (typeof code !== "number") throw error;
      return { code, stdout, stderr };
    }
  }

  /** The same with variables for the jobs, which sbatch passes on. */
  async sbatch(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Said> {
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return await this.command("env", ...set, "sbatch", ...args);
  }

  /** What a job wrote: stdout and stderr, over all of its attempts. */
  log(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** A job's or a task's state, such as PENDING or COMPLETED, and the other fields that scontrol shows. */
  async show(job: string): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await this.command("scontrol", "--oneliner", "show", "job", job);
    return Object.fromEntries(
      stdout
        .trim()
        .split(/\s+/)
        .map((field) => field.split(/=(.*)/, 2)),
    );
  }

  /** Wait until a job or task is in one of these states. */
  async until(job: string, states: readonly string[], seconds = 120): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const state = (await this.show(job))["JobState"] ?? "unknown";
      if (states.includes(state)) return;
      if (Date.now() > end) throw new Error(`job ${job} is ${state} after ${seconds} s, not ${states}`);
      await sleep(200);
    }
  }

  /** End all jobs and then the daemons, whatever state they are in. */
  async stop(): Promise<void> {
    this.#cancelAll();
    for (const daemon of DAEMONS) await this.#end(daemon);
    this.#remove();
    process.off("exit", this.#endAtOnce);
  }

  /** The same without waiting. */
  readonly #endAtOnce = (): void => {
    this.#cancelAll();
    for (const daemon of DAEMONS) signalTo(this.#pid(daemon), "SIGKILL");
    this.#remove();
  };

  #cancelAll(): void {
    if (!existsSync(this.#pidFile("slurmctld"))) return;
    const options = { cwd: this.folder, env: this.#env() };
    spawnSync("scancel", ["--full", "--signal=KILL", "--user=root"], options);
    spawnSync("scancel", ["--user=root"], options);
  }

  #remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #start(): Promise<void> {
    for (const name of ["munge", "state", "spool"]) mkdirSync(join(this.folder, name));
    // munged refuses a socket that others cannot reach, and a key that they can read.
    chmodSync(this.folder, 0o755);
    const munge = (name: string) => join(this.folder, "munge", name);
    writeFileSync(munge("key"), randomBytes(1024), { mode: 0o600 });
    writeFileSync(this.#conf, await this.#configuration());
    await this.#daemon(
      "munged",
      `--key-file=${munge("key")}`,
      `--socket=${munge("socket")}`,
      `--pid-file=${this.#pidFile("munged")}`,
      `--log-file=${munge("log")}`,
      `--seed-file=${munge("seed")}`,
    );
    await this.#daemon("slurmctld", "-f", this.#conf);
    await this.#daemon("slurmd", "-f", this.#conf);
    for (let tries = 0; ; tries++) {
      const { stdout } = await this.command("sinfo", "--noheader", "--format=%T");
      if (stdout.trim() === "idle") return;
      if (tries > 100) throw new Error(`the node is "${stdout.trim()}":\n${this.log("slurmctld.log")}`);
      await sleep(200);
    }
  }

  async #daemon(name: (typeof DAEMONS)[number], ...args: readonly string[]): Promise<void> {
    const { code, stderr } = await this.command(name, ...args);
    if (code !== 0) throw new Error(`${name} did not start (code ${code}): ${stderr}`);
  }

  async #configuration(): Promise<string> {
    const host = hostname().split(".")[0];
    const [controller, node] = await freePorts(2);
    return [
      "ClusterName=test",
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${controller}`,
      `SlurmdPort=${node}`,
      "AuthType=auth/munge",
      "CredType=cred/munge",
      // A task that is put back waits as long as its old credential lives, which is two minutes by default.
      `AuthInfo=socket=${join(this.folder, "munge", "socket")},cred_expire=5`,
      "ProctrackType=proctrack/pgid",
      "TaskPlugin=task/none",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_Core_Memory",
      "SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1",
      "SlurmUser=root",
      `StateSaveLocation=${join(this.folder, "state")}`,
      `SlurmdSpoolDir=${join(this.folder, "spool")}`,
      `SlurmctldPidFile=${this.#pidFile("slurmctld")}`,
      `SlurmdPidFile=${this.#pidFile("slurmd")}`,
      `SlurmctldLogFile=${join(this.folder, "slurmctld.log")}`,
      `SlurmdLogFile=${join(this.folder, "slurmd.log")}`,
      "KillWait=5",
      "ReturnToService=2",
      "MpiDefault=none",
      `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} RealMemory=${Math.floor(totalmem() / 2 ** 20) - 512} State=UNKNOWN`,
      `PartitionName=test Nodes=${host} Default=YES MaxTime=INFINITE State=UP`,
      "",
    ].join("\n");
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, PATH, SLURM_CONF: this.#conf };
  }

  #pidFile(daemon: string): string {
    return join(this.folder, `${daemon}.pid`);
  }

  #pid(daemon: string): number | undefined {
    const file = this.#pidFile(daemon);
    return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) || undefined : undefined;
  }

  async #end(daemon: string): Promise<void> {
    const pid = this.#pid(daemon);
    signalTo(pid, "SIGTERM");
    for (let tries = 0; isRunning(pid); tries++) {
      if (tries === 50) signalTo(pid, "SIGKILL");
      if (tries === 100) throw new Error(`${daemon} (process ${pid}) does not end`);
      await sleep(200);
    }
  }
}

function signalTo(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Whether a process runs. One that has ended, and that its parent has not asked about, does not. */
function isRunning(pid: number | undefined): boolean {
  try {
    return pid !== undefined && !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
