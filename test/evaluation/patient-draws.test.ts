import { expect, test } from "vitest";
import { PatientDraws } from "../../src/evaluation/patient-draws.ts";

/** The weights of each replicate, as they are and unpacked. */
function weightsOf(patients: readonly (string | number)[], replicates: number) {
  const draws = new PatientDraws(patients as readonly string[], { replicates, seed: 2 });
  const plain: number[][] = [];
  draws.forEach((weights) => {
    plain.push([...weights]);
  });
  const unpacked: number[][] = [];
  const lanesSeen = new Set<number>();
  draws.forEachPacked((weights, bits, replicate, lanes) => {
    lanesSeen.add(lanes);
    for (let lane = 0; lane < lanes; lane++) {
      const place = 2 ** (bits * lane);
      unpacked[replicate + lane] = Array.from(weights, (weight) =>
        lanes === 1 ? weight : Math.floor(weight / place) % 2 ** bits,
      );
    }
  });
  return { plain, unpacked, lanesSeen: [...lanesSeen] };
}

test.each([
  ["a few images", 50, [3, 1]],
  ["as many as three still fit with", 119_000, [3, 1]],
  ["more", 120_000, [2, 1]],
])("packed weights of %s are the plain ones", (_, images, lanes) => {
  const patients = Array.from({ length: images }, (_, i) => i % Math.ceil(images / 3));
  const { plain, unpacked, lanesSeen } = weightsOf(patients, lanes[0] === 3 ? 4 : 3);
  expect(lanesSeen).toEqual(lanes);
  expect(unpacked).toEqual(plain);
});

test("where one patient has so many images that a draw does not fit, replicates come one by one", () => {
  // 100,000 images of one patient of two: drawn twice, they weigh 200,000, more than 17 bits hold.
  const patients = [...new Array<string>(100_000).fill("a"), "b"];
  const { plain, unpacked, lanesSeen } = weightsOf(patients, 6);
  expect(lanesSeen).toContain(1);
  expect(unpacked).toEqual(plain);
});
