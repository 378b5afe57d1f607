/** Runs the built command as a user does, in its own process and its own folder. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { type Preparation, plainPreparation } from "../../src/image/preparation.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const ROOT = new URL("../../", import.meta.url);

/** The command as package.json names it. */
export const MAIN = fileURLToPath(
  new URL(JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")).bin["medical-x"], ROOT),
);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment without anything that changes what the command does. */
function environment(folder: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(medical_x_.*|(http|https|no)_proxy)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), MEDICAL_X_CACHE: join(folder, "cache"), ...extra };
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts the command, as Ctrl+C does. */
  readonly signal?: AbortSignal;
  /** Called with what came on stdout. */
  readonly onStdout?: (piece: string, child: ChildProcess) => void;
  /** Called with all that came on stderr so far. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
  /** Called when the process has been started. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** A folder in which commands are run. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "medical-x-cli-"));

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  put(name: string, content: string | Uint8Array | readonly Uint8Array[]): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Array.isArray(content) ? Buffer.concat(content) : (content as string | Uint8Array));
    return path;
  }

  /** `medical-x <args>` in this folder. */
  run(
    args: readonly string[],
    { env = {}, signal, onStdout, onStderr, onStart }: RunOptions = {},
  ): Promise<Ended> {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: environment(this.folder, env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    onStart?.(child);
    signal?.addEventListener("abort", () => child.kill("SIGINT"));
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text.stdout += piece;
      onStdout?.(piece, child);
    });
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      text.stderr += piece;
      onStderr?.(text.stderr, child);
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, ...text }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const modelFiles = new Map<string, readonly Uint8Array[]>();

/** A DenseNet121 with made-up weights and 14 outputs, as a file of this ending. Made once for all test files. */
export function modelFile(ending: "pth" | "safetensors", seed: number): readonly Uint8Array[] {
  const key = `${seed}.${ending}`;
  const made = modelFiles.get(key);
  if (made !== undefined) return made;
  const { tensors } = seededWeights(seed);
  const pieces = ending === "pth" ? torchPieces(tensors) : safetensorsPieces(tensors);
  modelFiles.set(key, pieces);
  return pieces;
}

/**
 * The demo model as a file of its own that looks at 112 × 112 pixels: a quarter of the time.
 *
 * @param name         Ends in `.safetensors`.
 * @param preparation  Instead of stretching images to that size.
 */
export function putSmallDemo(
  desk: Desk,
  name: string,
  preparation: Preparation = plainPreparation(112),
): void {
  desk.put(name, readFileSync(new URL("models/demo.safetensors", ROOT)));
  desk.put(`${name}.json`, JSON.stringify({ preparation }));
}

/**
 * The environment of a command whose opened files are counted.
 *
 * @returns  What to run it with, and how often it opened a file of this name.
 */
export function countingOpens(desk: Desk): {
  env: Readonly<Record<string, string>>;
  opened: (name: string) => number;
} {
  const log = desk.put("opened.txt", "");
  const hook = new URL("count-opens.mjs", import.meta.url).href;
  return {
    env: { OPENED_FILES: log, NODE_OPTIONS: `--import ${hook}` },
    opened: (name) =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((path) => basename(path) === name).length,
  };
}

/** The arguments of a line without quotes. */
export const words = (line: string): string[] => line.split(" ");
