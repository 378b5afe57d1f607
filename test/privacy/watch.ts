/**
 * Runs Node as on a user's machine (an empty home folder, no `CI` variable), in its own network namespace, and reports
 * which files it left and which sockets it opened.
 */

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long a process stays alive after its work, so that delayed reporting would have started. */
const STAYS_MS = 15_000;

/** Keeps the process alive for a while when its work is done. */
const STAY = `
import { isMainThread } from "node:worker_threads";
if (isMainThread) process.once("beforeExit", () => setTimeout(() => {}, ${STAYS_MS}));
`;

const isThere = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** Why processes cannot be watched here; undefined if they can. */
export const CANNOT_WATCH = !isThere("strace", "-V")
  ? "strace is not installed"
  : isThere("unshare", "-n", "true")
    ? undefined
    : "this user may not make a network namespace";

/** Calls that make, bind or use a socket which could lead out of the process, as strace prints them. */
function outgoing(trace: string): string[] {
  const calls = trace
    .split("\n")
    .filter((line) => /\b(socket|connect|bind|sendto|sendmsg|sendmmsg)\(/.test(line));
  // Pairs of sockets within the process are made by socketpair, and need none of these.
  return calls.map((line) => line.replace(/^\d+ +/, ""));
}

/** All files below a folder, relative to it. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** What a watched process did. */
export interface Watched {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Files in its home folder, its folder for temporary files and its working directory when it had ended. */
  readonly home: readonly string[];
  readonly temporary: readonly string[];
  readonly here: readonly string[];
  /** Its calls for sockets. */
  readonly outgoing: readonly string[];
  readonly seconds: number;
}

/**
 * Run Node and watch it.
 *
 * @param args  Of Node.
 * @param env   Beyond PATH, HOME and TMPDIR, which is all that it gets.
 */
export async function watch(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Watched> {
  const root = mkdtempSync(join(tmpdir(), "medical-x-watch-"));
  const [home, temporary, here] = ["home", "tmp", "here"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, temporary, here]) mkdirSync(folder);
  const [stay, trace] = [join(root, "stay.mjs"), join(root, "trace.txt")];
  writeFileSync(stay, STAY);
  const started = performance.now();
  const child = spawn(
    "unshare",
    [
      ...["-n", "strace", "-f", "-qq", "-o", trace, "-e", "trace=%network"],
      ...[process.execPath, "--import", stay, ...args],
    ],
    {
      cwd: here,
      env: { PATH: process.env["PATH"], HOME: home, TMPDIR: temporary, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text.stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    text.stderr += piece;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const watched = {
    code,
    ...text,
    home: filesBelow(home),
    temporary: filesBelow(temporary),
    here: filesBelow(here),
    outgoing: outgoing(readFileSync(trace, "utf8")),
    seconds: (performance.now() - started) / 1000,
  };
  rmSync(root, { recursive: true, force: true });
  return watched;
}
