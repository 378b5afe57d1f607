/** Made-up rows of label tables, and rows in another order. */

import type { LabelledImage } from "../../src/dataset/label-table.ts";
import { Random } from "../../src/random.ts";

/** Images of `patients` people, with one to four images each. */
export function madeUpImages(patients: number, seed = 0): LabelledImage[] {
  const random = Random.of(seed, "rows");
  return Array.from({ length: patients }, (_, patient) =>
    Array.from({ length: 1 + random.int(4) }, (_, i) => ({
      image: `${String(patient).padStart(8, "0")}_${String(i).padStart(3, "0")}.png`,
      patient: String(patient),
      labels: Float32Array.of(random.int(2), random.int(2)),
    })),
  ).flat();
}

export function shuffled<T>(rows: readonly T[], seed: number): T[] {
  return Array.from(Random.of(seed, "shuffle").permutation(rows.length), (i) => rows[i]!);
}
