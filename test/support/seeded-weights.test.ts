import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bytesOf } from "../../src/tensor.ts";
import { readFixture } from "./densenet-fixtures.ts";
import { seededWeights } from "./seeded-weights.ts";

interface SeededHash {
  readonly seed: number;
  readonly labels: number;
  readonly channels: 1 | 3;
  readonly sha256: string;
}

test.each(readFixture<SeededHash[]>("seeded-weights.json"))(
  "seed $seed with $labels labels and $channels channels gives NumPy's weights to the bit",
  ({ seed, labels, channels, sha256 }) => {
    const hash = createHash("sha256");
    for (const { data } of seededWeights(seed, labels, channels).tensors.values()) hash.update(bytesOf(data));
    expect(hash.digest("hex")).toBe(sha256);
  },
);
