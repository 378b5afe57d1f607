/** The same images scored in many ways, all of which must give the same table. */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Desk, putSmallDemo } from "../cli/run.ts";
import { scoreUnderFire, shardsIn } from "./killed-workers.ts";

interface Line {
  readonly image: string;
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Images of a table or of what `predict` printed, one JSON object on each line. */
const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

export class Divided {
  readonly #desk: Desk;
  readonly #count: number;
  readonly #args = ["score", "--image", "data/images", "--model", "small.safetensors"];

  constructor(desk: Desk, count: number) {
    this.#desk = desk;
    this.#count = count;
  }

  /** Draw the images, and score them in one shard with one worker. */
  async prepare(): Promise<void> {
    const desk = this.#desk;
    putSmallDemo(desk, "small.safetensors");
    const drawn = [
      "data",
      "phantom",
      "--out",
      "data",
      "--count",
      `${this.#count}`,
      "--seed",
      "3",
      "--size",
      "256",
    ];
    expect((await desk.run(drawn)).code).toBe(0);
    desk.put("data/images/broken.png", "no picture");
    await this.score("one", ["--shard-size", "100000", "--workers", "1"]);
    await this.#table("one");
  }

  async score(out: string, more: readonly string[]): Promise<void> {
    const { code, stderr } = await this.#desk.run([...this.#args, "--out", out, ...more]);
    expect(code, stderr).toBe(0);
  }

  async #table(out: string): Promise<Buffer> {
    const { code, stderr } = await this.#desk.run(["merge", out, "--to", `${out}.parquet`]);
    expect(code, stderr).toBe(0);
    return readFileSync(this.#desk.path(`${out}.parquet`));
  }

  async expectSame(out: string): Promise<void> {
    expect((await this.#table(out)).equals(readFileSync(this.#desk.path("one.parquet"))), out).toBe(true);
  }

  /** Probabilities are those of `predict`, to 1e-6. */
  async expectPredictions(): Promise<void> {
    const desk = this.#desk;
    await desk.run(["merge", "one", "--to", "one.ndjson"]);
    const scored = linesOf(readFileSync(desk.path("one.ndjson"), "utf8"));
    const { stdout } = await desk.run([
      ...["predict", "--image", "data/images", "--model", "small.safetensors", "--format", "ndjson"],
    ]);
    const predicted = new Map(linesOf(stdout).map((line) => [line.image, line]));
    expect(scored).toHaveLength(this.#count + 1);
    let worst = 0;
    for (const { image, probabilities = {} } of scored)
      for (const [label, value] of Object.entries(probabilities))
        worst = Math.max(worst, Math.abs(value - predicted.get(image)!.probabilities![label]!));
    expect(worst).toBeLessThan(1e-6);
    expect(scored.filter(({ probabilities }) => probabilities !== undefined)).toHaveLength(this.#count);
  }

  /** In so many shards, done by so many processes with so many workers, in falling order of the processes. */
  async divide(out: string, shards: number, processes: number, workers: number): Promise<void> {
    const size = Math.ceil((this.#count + 1) / shards);
    for (let i = processes - 1; i >= 0; i--) {
      const share = ["--shard", `${i}/${processes}`, "--workers", `${workers}`];
      await this.score(out, ["--shard-size", `${size}`, ...share]);
    }
    expect(shardsIn(this.#desk, out)).toHaveLength(shards);
  }

  /** Two processes that do all shards at the same time. */
  async together(out: string, size: number): Promise<void> {
    await Promise.all([1, 2].map(() => this.score(out, ["--shard-size", `${size}`, "--workers", "1"])));
  }

  async underFire(out: string, size: number): Promise<void> {
    const killed = await scoreUnderFire(
      this.#desk,
      [...this.#args, "--shard-size", `${size}`, "--workers", "2"],
      out,
      7,
    );
    expect(killed.workers).toBeGreaterThan(0);
  }
}
