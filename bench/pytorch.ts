/** PyTorch's side: checks whether it is installed, and runs a process that times forward passes on request. */

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PYTHON = process.env["PYTHON"] ?? "/usr/bin/python3";

/** Path of one of our scripts, relative to the built file. */
export function script(name: string): string {
  return fileURLToPath(new URL(`../../bench/pytorch/${name}`, import.meta.url));
}

export const python = (name: string, ...args: readonly string[]): string[] => [PYTHON, script(name), ...args];

/** PyTorch's version, or undefined if it is not installed. */
export function pytorchVersion(): string | undefined {
  const result = spawnSync(PYTHON, ["-c", "import torch, torchvision; print(torch.__version__)"], {
    encoding: "utf8",
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** A long-running PyTorch process, so that its passes can alternate with ours. */
export class PytorchForward {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static async start(): Promise<PytorchForward> {
    const forward = new PytorchForward(spawn(PYTHON, [script("forward.py")]));
    await forward.#lines.next();
    return forward;
  }

  /** Seconds of one forward pass of `batch` images. */
  async pass(batch: number, threads: number): Promise<number> {
    this.#child.stdin.write(`${batch} 1 ${threads}\n`);
    const { value } = await this.#lines.next();
    return (JSON.parse(value as string) as number[])[0]!;
  }

  stop(): void {
    this.#child.stdin.end();
  }
}
