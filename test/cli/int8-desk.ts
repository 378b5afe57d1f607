/** A desk with phantoms, the demo model in int8, and ways to ask for more. */

import { expect } from "vitest";
import type { CardQuantised } from "../../src/models/card-quantised.ts";
import { Desk, putSmallDemo, words } from "./run.ts";

/** What is read of `models inspect --format json`. */
interface Inspected {
  readonly quantised: CardQuantised | null;
  readonly unmatched: readonly string[];
  readonly tensors: readonly { readonly name: string; readonly dtype: string }[];
}

/** What is read of `predict --format json`. */
interface Predicted {
  readonly probabilities: Readonly<Record<string, number>>;
}

export class Int8Desk extends Desk {
  /** Draw 60 phantoms, and put a model that looks at 112 × 112 pixels, for where its findings do not matter. */
  async prepare(): Promise<void> {
    putSmallDemo(this, "small.safetensors");
    expect((await this.run(words("data phantom --out p --count 60 --seed 41"))).code).toBe(0);
  }

  /** Also write the demo model in int8, with ranges from ten of them. */
  async prepareDemo(): Promise<void> {
    await this.prepare();
    const ended = await this.convert("p", "demo.int8.onnx", "--limit 10", "demo");
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 0, stdout: "" });
    expect(ended.stderr).toMatch(/wrote demo\.int8\.onnx \(8 MB\)\n$/);
  }

  convert(calibrate: string, to: string, more = "", model = "small.safetensors") {
    const args = `models convert ${model} --to ${to} --dtype int8 --calibrate ${calibrate} ${more}`;
    return this.run(words(args.trim()));
  }

  async inspect(name: string): Promise<Inspected> {
    return JSON.parse((await this.run(words(`models inspect ${name} --format json`))).stdout);
  }

  async predict(model: string, image: string, more = ""): Promise<Predicted[]> {
    const args = `predict --model ${model} --image ${image} --format json ${more}`;
    return [JSON.parse((await this.run(words(args.trim()))).stdout)].flat();
  }
}

/** Mean and largest difference of probabilities. */
export function differences(ours: readonly Predicted[], theirs: readonly Predicted[]) {
  const found = ours.flatMap(({ probabilities }, i) =>
    Object.entries(probabilities).map(([label, p]) => Math.abs(p - theirs[i]!.probabilities[label]!)),
  );
  return { mean: found.reduce((a, b) => a + b, 0) / found.length, largest: Math.max(...found) };
}
