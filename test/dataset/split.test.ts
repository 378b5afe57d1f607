import { expect, test } from "vitest";
import { findListed } from "../../src/dataset/image-list.ts";
import type { LabelledImage } from "../../src/dataset/label-table.ts";
import { type SplitIndices, splitByLists, splitByPatient } from "../../src/dataset/split.ts";
import { madeUpImages, shuffled } from "./rows.ts";

const namesOf = (images: readonly LabelledImage[], indices: Iterable<number>) =>
  Array.from(indices, (i) => images[i]!.image);
const patientsOf = (images: readonly LabelledImage[], indices: Iterable<number>) =>
  new Set(Array.from(indices, (i) => images[i]!.patient));
const sizes = ({ train, val }: SplitIndices) => [train.length, val.length];

test("every image is in one part, in the file's order, and no patient is in both", () => {
  const images = madeUpImages(500);
  const { train, val } = splitByPatient(images, { valFraction: 0.2, seed: 1 });
  expect([...train, ...val].sort((a, b) => a - b)).toEqual(images.map((_, i) => i));
  for (const part of [train, val]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
  const inTrain = patientsOf(images, train);
  expect([...patientsOf(images, val)].filter((patient) => inTrain.has(patient))).toEqual([]);
});

test.each([0.05, 0.1, 0.5, 0.9])("of many patients, about %f are for validation", (valFraction) => {
  const images = madeUpImages(5_000);
  const { val } = splitByPatient(images, { valFraction, seed: 0 });
  // Four standard deviations of a binomial share.
  const margin = 4 * Math.sqrt((valFraction * (1 - valFraction)) / 5_000);
  expect(Math.abs(patientsOf(images, val).size / 5_000 - valFraction)).toBeLessThan(margin);
});

test("the order of the rows changes nothing", () => {
  for (let seed = 0; seed < 20; seed++) {
    const images = madeUpImages(3 + seed, seed);
    const other = shuffled(images, seed);
    const a = splitByPatient(images, { valFraction: 0.1, seed });
    const b = splitByPatient(other, { valFraction: 0.1, seed });
    expect(namesOf(other, b.val).sort()).toEqual(namesOf(images, a.val).sort());
    expect(namesOf(other, b.train).sort()).toEqual(namesOf(images, a.train).sort());
  }
});

test("a patient stays where they are when others join, and when their own images grow in number", () => {
  const images = madeUpImages(400);
  const some = images.filter(({ patient }) => Number(patient) % 3 === 0);
  const ofAll = splitByPatient(images, { valFraction: 0.25, seed: 7 });
  const ofSome = splitByPatient(some, { valFraction: 0.25, seed: 7 });
  const all = patientsOf(images, ofAll.val);
  const expected = [...patientsOf(some, [...some.keys()])].filter((patient) => all.has(patient));
  expect([...patientsOf(some, ofSome.val)]).toEqual(expected);
  expect(expected.length).toBeGreaterThan(10);
});

test("a larger share adds patients to validation and takes none away", () => {
  const images = madeUpImages(300);
  const small = patientsOf(images, splitByPatient(images, { valFraction: 0.1, seed: 3 }).val);
  const large = patientsOf(images, splitByPatient(images, { valFraction: 0.3, seed: 3 }).val);
  expect([...small].filter((patient) => !large.has(patient))).toEqual([]);
  expect(large.size).toBeGreaterThan(small.size);
});

test("another seed holds out other patients", () => {
  const images = madeUpImages(300);
  const a = splitByPatient(images, { valFraction: 0.1, seed: 0 });
  const b = splitByPatient(images, { valFraction: 0.1, seed: 1 });
  expect([...a.val]).not.toEqual([...b.val]);
});

test("of two patients or more, neither part is empty, whatever the share", () => {
  for (let seed = 0; seed < 50; seed++) {
    for (const valFraction of [1e-9, 0.1, 0.9, 1 - 1e-9]) {
      const images = madeUpImages(2 + (seed % 3), seed);
      expect(Math.min(...sizes(splitByPatient(images, { valFraction, seed })))).toBeGreaterThan(0);
    }
  }
});

test("one patient, or a share of 0: all for training", () => {
  expect(sizes(splitByPatient(madeUpImages(1), { valFraction: 0.9, seed: 0 }))[1]).toBe(0);
  const images = madeUpImages(30);
  expect(sizes(splitByPatient(images, { valFraction: 0, seed: 0 }))).toEqual([images.length, 0]);
  expect(sizes(splitByPatient([], { valFraction: 0.1, seed: 0 }))).toEqual([0, 0]);
});

test.each([1, 1.5, -0.1, Number.NaN])("a share of %f is refused", (valFraction) => {
  expect(() => splitByPatient(madeUpImages(3), { valFraction, seed: 0 })).toThrow(
    expect.objectContaining({ code: "split/bad-fraction", details: { valFraction } }),
  );
});

const image = (name: string, patient: string): LabelledImage => ({
  image: name,
  patient,
  labels: Float32Array.of(1),
});
const FEW = [image("a1", "a"), image("a2", "a"), image("b1", "b"), image("c1", "c"), image("d1", "d")];
const list = (...names: string[]) => findListed(FEW, names);

test("two lists are taken as they are; shared patients are counted", () => {
  const split = splitByLists(FEW, {
    train: list("b1", "a1", "gone"),
    val: list("c1", "a2", "lost", "astray"),
  });
  expect([...split.train]).toEqual([0, 2]);
  expect([...split.val]).toEqual([1, 3]);
  expect(split).toMatchObject({ keptOut: 0, sharedPatients: 1 });
});

test("beside a validation list alone, training is all but its patients", () => {
  const split = splitByLists(FEW, { val: list("a2", "c1") });
  expect([...split.train]).toEqual([2, 4]);
  expect([...split.val]).toEqual([1, 3]);
  expect(split).toMatchObject({ keptOut: 1, sharedPatients: 0 });
});

test("an image in both lists is refused, in whatever spelling", () => {
  for (const name of ["b1", "images/b1", "./b1"]) {
    const val = list(name);
    expect(() => splitByLists(FEW, { train: list("a1", "b1"), val })).toThrow(
      expect.objectContaining({ code: "split/lists-overlap", details: { count: 1, first: "b1" } }),
    );
  }
});
