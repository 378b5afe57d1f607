/**
 * Other people's programs for a test: whether they are here, and starting and ending them.
 *
 * A program that is started ends with the test process, however that ends: `setpriv` (util-linux) has the kernel send it
 * SIGKILL when its parent is gone.
 */

import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where Debian keeps daemons, which is not always in a user's PATH. */
const PATH = [process.env["PATH"], "/usr/sbin", "/sbin"].join(delimiter);

/** Debian's Python, for which pydicom is packaged. */
export const PYTHON = process.env["MEDICAL_X_PYTHON"] ?? "/usr/bin/python3";

const PACKAGES: Readonly<Record<string, string>> = {
  Orthanc: "orthanc orthanc-dicomweb",
  storescu: "dcmtk",
  storescp: "dcmtk",
  echoscu: "dcmtk",
  dcmcjpeg: "dcmtk",
  dsrdump: "dcmtk",
  dsr2html: "dcmtk",
  dciodvfy: "dicom3tools",
  chromium: "chromium",
  openssl: "openssl",
};

const PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

const isFound = (name: string): boolean =>
  PATH.split(delimiter).some((folder) => existsSync(join(folder, name))) &&
  (name !== "Orthanc" || existsSync(PLUGIN));

/**
 * Why a test cannot run here, in words for the name of what is skipped; undefined if it can. In CI nothing is skipped.
 *
 * @param names  The programs that it needs: `Orthanc` (with its DICOMweb plugin), `storescu`, `dciodvfy` and so on.
 * @throws       Error in CI if one is missing.
 */
export function whyNot(...names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !isFound(name));
  const packages = new Set(missing.map((name) => PACKAGES[name] ?? name));
  if (spawnSync(PYTHON, ["-c", "import numpy, PIL, pydicom"]).status !== 0) {
    missing.push("Python with numpy, PIL and pydicom");
    packages.add("python3-numpy python3-pil python3-pydicom");
  }
  if (missing.length === 0) return undefined;
  const why = `${missing.join(", ")} not found: apt-get install ${[...packages].join(" ")}`;
  if (process.env["CI"] === "true") throw new Error(why);
  return why;
}

/** A program that runs until it is ended. */
export class Program {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #said = "";

  constructor(
    name: string,
    args: readonly string[],
    { cwd, env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.#name = name;
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", "--", name, ...args], {
      cwd,
      env: { ...process.env, PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (piece: string) => {
        this.#said = (this.#said + piece).slice(-100_000);
      });
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error) => {
        this.#said += String(error);
        resolve();
      });
      this.#child.once("close", () => resolve());
    });
  }

  /** The end of what it wrote to stdout and stderr. */
  get said(): string {
    return this.#said;
  }

  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Send a signal and wait until the program is gone. One that has not obeyed after 10 s is killed. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.isRunning) this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Wait until `isReady` says so; fails when the program ends before, or after 30 s. */
  async until(isReady: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 30_000; ; ) {
      if (await isReady()) return;
      if (!this.isRunning) throw new Error(`${this.#name} has ended:\n${this.#said}`);
      if (Date.now() > end) throw new Error(`${this.#name} is not ready after 30 s:\n${this.#said}`);
      await sleep(20);
    }
  }
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a command to its end, whatever its exit code. */
export function run(
  name: string,
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, PATH, ...env }, maxBuffer: 2 ** 28 };
    execFile(name, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}
