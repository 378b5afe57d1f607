import { expect, test } from "vitest";
import { Random } from "../src/random.ts";

const draw = (random: Random, n: number) => Array.from({ length: n }, () => random.next());

test("a stream is its keys': the same ones repeat it, others do not", () => {
  expect(draw(Random.of(1, "a", 2), 5)).toEqual(draw(Random.of(1, "a", 2), 5));
  const first = [Random.of(1, "a", 2), Random.of(2, "a", 2), Random.of(1, "b", 2), Random.of(1, "a", "2")];
  expect(new Set(first.map((random) => random.next())).size).toBe(4);
});

test("uniform numbers have a uniform's mean, variance and neighbours", () => {
  const values = draw(Random.of(7), 200_000);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  const lag =
    values.slice(1).reduce((sum, x, i) => sum + (x - mean) * (values[i]! - mean), 0) / values.length;
  expect(mean).toBeCloseTo(0.5, 2);
  expect(variance).toBeCloseTo(1 / 12, 3);
  expect(lag / variance).toBeCloseTo(0, 2);
});

test("first draws of neighbouring streams are independent of their keys", () => {
  const first = Array.from({ length: 20_000 }, (_, i) => Random.of(3, "image", i).next());
  const mean = first.reduce((sum, x) => sum + x, 0) / first.length;
  const lag = first.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (first[i]! - 0.5), 0) / first.length;
  expect(mean).toBeCloseTo(0.5, 2);
  expect(lag * 12).toBeCloseTo(0, 1);
});

test("normal numbers have mean 0, variance 1 and a normal's tails", () => {
  const random = Random.of(11);
  const values = Array.from({ length: 200_000 }, () => random.normal());
  expect(values.reduce((sum, x) => sum + x, 0) / values.length).toBeCloseTo(0, 2);
  expect(values.reduce((sum, x) => sum + x * x, 0) / values.length).toBeCloseTo(1, 1);
  expect(values.filter((x) => Math.abs(x) > 1.959964).length / values.length).toBeCloseTo(0.05, 2);
});

test("a permutation holds every number once, each place as likely as another", () => {
  const firsts = new Array<number>(5).fill(0);
  for (let seed = 0; seed < 5_000; seed++) {
    const order = Random.of(seed).permutation(5);
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
    firsts[order[0]!]! += 1;
  }
  for (const count of firsts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});
