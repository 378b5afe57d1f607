import type { EvaluatedFinding } from "../../src/evaluation/evaluate.ts";
import { PatientDraws } from "../../src/evaluation/patient-draws.ts";
import { Random } from "../../src/random.ts";

/** Patients with 1 to 5 images each, findings with coarse scores of which a tenth is unknown, and a group for each image. */
export function drawnSet(seed: number, { patients: count = 40, findings = 2, groups = 3 } = {}) {
  const random = Random.of(seed, "drawn set");
  const patients = Array.from({ length: count }, (_, p) =>
    new Array<string>(1 + random.int(5)).fill(`p${p}`),
  ).flat();
  const finding = (): EvaluatedFinding => {
    const truths = Float32Array.from(patients, () => (random.chance(0.1) ? Number.NaN : random.int(2)));
    const scores = Float64Array.from(truths, (truth) => (random.int(20) + 4 * (truth || 0)) / 25);
    return { scores, truths, threshold: 0.5 };
  };
  const groupOf = patients.map(() => random.int(groups));
  return {
    patients,
    findings: Array.from({ length: findings }, finding),
    groups: Array.from({ length: groups }, (_, g) => groupOf.flatMap((group, i) => (group === g ? [i] : []))),
  };
}

/** The images of each replicate, each as often as its patient was drawn. */
export function imagesOfReplicates(
  patients: readonly string[],
  replicates: number,
  seed: number,
): number[][] {
  const drawn: number[][] = [];
  new PatientDraws(patients, { replicates, seed }).forEach((weights) => {
    drawn.push([...weights.keys()].flatMap((i) => new Array<number>(weights[i]!).fill(i)));
  });
  return drawn;
}

/** The values of some images. */
export const pick = (values: ArrayLike<number>, images: readonly number[]): Float64Array =>
  Float64Array.from(images, (i) => values[i]!);
