/** Made-up features, and the figures that scripts/reference/known_images.py fits to them. */

import { KNOWN_FEATURES, type KnownImages } from "../../src/checks/known-images.ts";
import { fixtureJson } from "../fixtures.ts";
import { pattern } from "../image/pattern.ts";

/** Written by scripts/reference/known_images.py. */
export const EXPECTED = fixtureJson<{
  known: KnownImages;
  shrinkage: number;
  distances: Record<"like" | "alive" | "other", number[]>;
}>("known-images/figures.json");

const FACTORS = [8, 4, 2, 1];

/** The features of `features` in the script. */
export function features(seed: number, images: number, { dead = true, loadings = 99 } = {}): Float32Array[] {
  const noise = pattern("noise", seed, images * KNOWN_FEATURES);
  const factors = pattern("noise", seed + 1, images * FACTORS.length);
  const shares = pattern("noise", loadings, FACTORS.length * KNOWN_FEATURES);
  return Array.from({ length: images }, (_, i) =>
    Float32Array.from({ length: KNOWN_FEATURES }, (_, j) => {
      if (dead && j === 5) return 0;
      const parts = FACTORS.map(
        (weight, k) => factors[i * FACTORS.length + k]! * weight * shares[k * KNOWN_FEATURES + j]!,
      );
      return noise[i * KNOWN_FEATURES + j]! / 256 + parts.reduce((sum, one) => sum + one, 0) / 65536;
    }),
  );
}
