import { expect, test } from "vitest";
import { percentileInterval } from "../../src/evaluation/intervals.ts";
import { PatientDraws } from "../../src/evaluation/patient-draws.ts";
import { type RegionFigures, regionFigures, type TalliedPair } from "../../src/evaluation/region-figures.ts";
import { RegionTallier, TALLY, TALLY_WIDTH } from "../../src/evaluation/region-tally.ts";
import { Random } from "../../src/random.ts";
import { regionCases } from "./region-cases.ts";

const drawsOf = (patients: readonly string[], replicates = 50) =>
  new PatientDraws(patients, { replicates, seed: 3 });

test("precision, recall and the free-response curve are those of the reference, by finding and over all pairs", () => {
  const reference = regionCases();
  const tallier = new RegionTallier();
  let image = 0;
  const pairs = reference.findings.map(({ level, pairs }) =>
    pairs.map(
      (pair): TalliedPair => ({
        image: image++,
        counts: tallier.tally(pair, pair, pair.known, level, Random.of(0)),
      }),
    ),
  );
  const { findings, overall } = regionFigures(
    pairs,
    drawsOf(Array.from({ length: image }, (_, i) => `patient ${i}`)),
  );
  const compare = ({ maps, pairs: count }: RegionFigures, wanted: (typeof reference)["overall"]) => {
    const { matches, curve } = maps.model;
    for (const [t, { precision, recall }] of matches.entries()) {
      expect(precision!.value).toBeCloseTo(wanted.precision[t]!, 12);
      expect(recall!.value).toBeCloseTo(wanted.recall[t]!, 12);
    }
    for (const [l, { falseRegions, sensitivity }] of curve.entries()) {
      expect(falseRegions).toBeCloseTo(wanted.curve[l]![0], 12);
      expect(sensitivity!.value).toBeCloseTo(wanted.curve[l]![1], 12);
    }
    expect(curve.map(({ level }) => level)).toEqual(reference.levels);
    return count;
  };
  const counts = findings.map((figures, f) => compare(figures, reference.findings[f]!));
  expect(counts).toEqual(reference.findings.map(({ pairs: its }) => its.length));
  expect(compare(overall, reference.overall)).toBe(image);
});

/** A pair with some regions of the model's map, of which some match at all thresholds. */
function pair(image: number, boxes: number, regions: number, found: number): TalliedPair {
  const counts = new Uint32Array(TALLY_WIDTH);
  counts[TALLY.boxes] = boxes;
  counts[TALLY.regions(0)] = regions;
  for (let t = 0; t < 5; t++) counts[TALLY.matched(0, t)] = found;
  counts[TALLY.curveRegions(0, 4)] = regions + 1;
  counts[TALLY.curveMatched(0, 4)] = found;
  return { image, counts };
}

test("intervals are those of sums that are weighted by how often each patient was drawn", () => {
  const random = Random.of(1, "figures");
  const patients = Array.from({ length: 60 }, (_, i) => `patient ${Math.floor(i / 2)}`);
  // The first ten images have no boxes; some have two findings.
  const pairsOf = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => {
      const regions = random.int(4);
      return pair(from + i, 1 + random.int(2), regions, Math.min(1, random.int(regions + 1)));
    });
  const findings = [pairsOf(10, 60), pairsOf(30, 60)];
  const { findings: figures, overall } = regionFigures(findings, drawsOf(patients, 200));
  const interval = (pairs: readonly TalliedPair[], part: number, whole: number) => {
    const draws: number[] = [];
    drawsOf(patients, 200).forEach((weights) => {
      const sum = (column: number) =>
        pairs.reduce((total, { image, counts }) => total + weights[image]! * counts[column]!, 0);
      draws.push(sum(part) / sum(whole));
    });
    return percentileInterval(Float64Array.from(draws), 0.95)!;
  };
  for (const [{ maps }, pairs] of [
    [figures[0]!, findings[0]!],
    [figures[1]!, findings[1]!],
    [overall, findings.flat()],
  ] as const) {
    const { matches, curve } = maps.model;
    const wanted = [
      interval(pairs, TALLY.matched(0, 2), TALLY.regions(0)),
      interval(pairs, TALLY.matched(0, 2), TALLY.boxes),
      interval(pairs, TALLY.curveMatched(0, 4), TALLY.boxes),
    ];
    const found = [matches[2]!.precision!, matches[2]!.recall!, curve[4]!.sensitivity!].map(
      (figure) => figure.interval!,
    );
    for (const [i, { low, high }] of wanted.entries()) {
      expect(found[i]!.low).toBeCloseTo(low, 12);
      expect(found[i]!.high).toBeCloseTo(high, 12);
      expect(high).toBeGreaterThan(low);
    }
  }
});

test("without any region there is no precision, and the recall is 0", () => {
  const patients = Array.from({ length: 20 }, (_, i) => `patient ${i}`);
  const { overall } = regionFigures([patients.map((_, i) => pair(i, 1, 0, 0))], drawsOf(patients));
  const { regions, matches, curve } = overall.maps.model;
  expect(regions).toBe(0);
  for (const { matched, precision, recall } of matches)
    expect([matched, precision, recall]).toMatchObject([0, null, { value: 0, interval: null }]);
  expect(curve[4]).toMatchObject({ falseRegions: 1, sensitivity: { value: 0 } });
});

test("fewer than ten patients with boxes have no interval, however many images there are without", () => {
  const patients = Array.from({ length: 200 }, (_, i) => `patient ${i}`);
  const recall = (count: number) =>
    regionFigures([Array.from({ length: count }, (_, i) => pair(i, 1, 1, i % 2))], drawsOf(patients, 400))
      .overall.maps.model.matches[0]!.recall!;
  expect(recall(9)).toMatchObject({ value: 4 / 9, interval: null });
  expect(recall(10).interval).not.toBeNull();
});
