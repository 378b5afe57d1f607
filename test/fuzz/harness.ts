/**
 * The fuzzer: one iteration, or many. Every iteration depends only on its target's name, the seed and its number,
 * so that a failure can be reproduced without the iterations before it.
 */

import { refusalProblem } from "../hostile/refusal.ts";
import { mutate } from "./mutate.ts";
import { mix, Random } from "./random.ts";
import type { Target } from "./targets.ts";

const MAX_SECONDS = 5;

export interface Failure {
  readonly target: string;
  readonly seed: number;
  readonly iteration: number;
  readonly problem: string;
  readonly bytes: Uint8Array;
}

/** Run a reader on these bytes; what is wrong with how it ended, or undefined. */
export async function tryBytes(target: Target, bytes: Uint8Array): Promise<string | undefined> {
  const started = process.cpuUsage();
  try {
    await target.read(bytes);
  } catch (thrown) {
    const problem = refusalProblem(thrown);
    if (problem !== undefined) return problem;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  return seconds > MAX_SECONDS ? `it took ${seconds.toFixed(1)} s of CPU` : undefined;
}

/** A target with its seeds made. */
export class Fuzzer {
  readonly target: Target;
  readonly seed: number;
  readonly #seeds: readonly Uint8Array[];

  private constructor(target: Target, seed: number, seeds: readonly Uint8Array[]) {
    this.target = target;
    this.seed = seed;
    this.#seeds = seeds;
  }

  /** Throws where one of the seeds itself is not read. */
  static async create(target: Target, seed: number): Promise<Fuzzer> {
    const seeds = await target.seeds();
    for (const bytes of seeds) await target.read(bytes);
    return new Fuzzer(target, seed, seeds);
  }

  async run(iteration: number): Promise<Failure | undefined> {
    const { target, seed } = this;
    const random = new Random(mix(target.name, seed, iteration));
    const bytes = (target.mutate ?? mutate)(random, this.#seeds);
    const problem = await tryBytes(target, bytes);
    return problem === undefined ? undefined : { target: target.name, seed, iteration, problem, bytes };
  }
}

/** A failure with all that is needed to run it again. */
export function report({ target, seed, iteration, problem, bytes }: Failure): string {
  return [
    `${target}: ${problem}`,
    `again: npm run fuzz -- --target ${target} --seed ${seed} --iteration ${iteration}`,
    `bytes: ${Buffer.from(bytes).toString("base64")}`,
  ].join("\n");
}
