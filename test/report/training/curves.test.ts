import { expect, test } from "vitest";
import { curvesSvg } from "../../../src/report/training/curves.ts";
import type { EpochMetrics } from "../../../src/training/metrics.ts";

function run(count: number): EpochMetrics[] {
  return Array.from({ length: count }, (_, i) => ({
    epoch: i + 1,
    train_loss: 0.2 - 0.01 * i,
    val_loss: 0.21 - 0.005 * i,
    val_auroc: 0.7 + 0.01 * Math.min(i, 2),
    lr: 0.001,
    seconds: 60,
  }));
}

/** The lines: each path that is not a grid line or mark, by the number of its pieces and points. */
const linesOf = (svg: string) =>
  [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke-width="2.2"[^>]*class="s-(\w+)"/g)].map((match) => ({
    ink: match[2],
    pieces: match[1]!.split("M").length - 1,
    points: match[1]!.split(/[ML]/).length - 1,
  }));

const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

/** Every element is closed by its own name, and nothing in it is no number. */
function expectSound(svg: string): void {
  const open: string[] = [];
  for (const [, closing, name, , self] of svg.matchAll(/<(\/?)(\w+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (closing === "/") expect(open.pop()).toBe(name);
    else if (self !== "/") open.push(name!);
  }
  expect(open).toEqual([]);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
}

test("a line each for training, validation, AUROC and rate, with its last value", () => {
  const svg = curvesSvg(run(4), 3, "a run");
  expectSound(svg);
  expect(linesOf(svg)).toEqual([
    { ink: "blue", pieces: 1, points: 4 },
    { ink: "orange", pieces: 1, points: 4 },
    { ink: "orange", pieces: 1, points: 4 },
    { ink: "grey", pieces: 1, points: 4 },
  ]);
  const texts = textsOf(svg);
  for (const words of ["training 0.17", "validation 0.195", "validation 0.720", "lr 1e-3", "a run"]) {
    expect(texts).toContain(words);
  }
  expect(texts).toContain("4 epochs in 4 min  ·  kept: epoch 3, mean validation AUROC 0.720");
});

test("higher values stand higher, later epochs further right", () => {
  const [first] = [...curvesSvg(run(3)).matchAll(/<path d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)L/g)];
  const [x0, y0, x1, y1] = first!.slice(1).map(Number) as [number, number, number, number];
  expect(x0).toBe(0);
  expect(x1).toBeGreaterThan(x0);
  expect(y1).toBeGreaterThan(y0); // The loss falls; y points down.
});

test("one epoch is a dot of each", () => {
  const svg = curvesSvg(run(1), 1);
  expectSound(svg);
  expect(svg.match(/<circle[^>]*r="4"/g)).toHaveLength(4);
  expect(textsOf(svg)).toContain("1 epoch in 60 s  ·  kept: epoch 1, mean validation AUROC 0.700");
});

test("without a validation there is no AUROC and no orange", () => {
  const svg = curvesSvg(
    run(5).map((metrics) => ({ ...metrics, val_loss: null, val_auroc: null })),
    5,
  );
  expectSound(svg);
  expect(linesOf(svg).map(({ ink }) => ink)).toEqual(["blue", "grey"]);
  expect(textsOf(svg).join()).not.toMatch(/AUROC|validation/);
});

test("a loss that is no number breaks the line and is marked at its epoch", () => {
  const epochs = run(6).map((metrics) =>
    metrics.epoch === 3 || metrics.epoch === 6 ? { ...metrics, train_loss: Number.NaN } : metrics,
  );
  const svg = curvesSvg(epochs, 5);
  expectSound(svg);
  expect(linesOf(svg)[0]).toEqual({ ink: "blue", pieces: 2, points: 4 });
  expect(svg.match(/l8 8m0 -8l-8 8/g)).toHaveLength(2);
  expect(textsOf(svg)).toContain("× the training loss is not a finite number");
  expectSound(curvesSvg(epochs.map((metrics) => ({ ...metrics, train_loss: Number.POSITIVE_INFINITY }))));
});

test("losses far apart are drawn on a log scale", () => {
  const epochs = run(4).map((metrics) => (metrics.epoch === 2 ? { ...metrics, train_loss: 1e12 } : metrics));
  const texts = textsOf(curvesSvg(epochs));
  expectSound(curvesSvg(epochs));
  expect(texts).toContain("Loss: binary cross-entropy (log scale)");
  expect(texts.length).toBeLessThan(45);
});

test("a hundred epochs have round numbers below and a dot at the end alone", () => {
  const svg = curvesSvg(
    run(100).map((metrics) => ({ ...metrics, train_loss: 0.2 })),
    63,
  );
  expectSound(svg);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(["1", "10", "50", "100"]));
  expect(svg.match(/<circle/g)).toHaveLength(5); // Four ends and a ring.
  expect(svg.length).toBeLessThan(12_000);
});

test("no AUROC above 1 is on the axis", () => {
  const svg = curvesSvg(run(3).map((metrics) => ({ ...metrics, val_auroc: 1 })));
  expect(textsOf(svg).filter((words) => /^1\.\d*[1-9]/.test(words!))).toEqual([]);
});

test("a title is text, whatever is in it", () => {
  const svg = curvesSvg(run(2), 1, 'a <b> & "c"\u0007');
  expectSound(svg);
  expect(svg).toContain("a &lt;b&gt; &amp; &quot;c&quot; </text>");
});

test("it reads on dark: every colour has another for dark screens", () => {
  const svg = curvesSvg(run(3), 2);
  const style = /<style>(.*)<\/style>/.exec(svg)![1]!;
  expect(style).toMatch(/^@media \(prefers-color-scheme: dark\)\{/);
  for (const [, name] of svg.matchAll(/class="([fs]-\w+)"/g)) expect(style).toContain(`.${name}{`);
});
