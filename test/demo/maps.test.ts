/** The heatmaps that the demo model's card names, on a thousand phantoms that took no part in the choice. */

import { beforeAll, expect, inject, test } from "vitest";
import { type Figures, judge } from "./judge.ts";

/** Findings with boxes. */
const BOXED = 11;

type Localisations = Figures["localisation"]["findings"];
let plain: Localisations;
let card: Localisations;
beforeAll(() => {
  const folder = inject("phantoms");
  plain = judge("demo", folder).figures.localisation.findings;
  card = judge("demo", folder, ["--method", "card"]).figures.localisation.findings;
});

const pointing = (of: Localisations): Record<string, number> =>
  Object.fromEntries(Object.entries(of).map(([label, { model }]) => [label, model.pointing]));
const mean = (shares: Record<string, number>): number =>
  Object.values(shares).reduce((sum, share) => sum + share, 0) / Object.keys(shares).length;

test("they point into boxes: 0.96 in the mean, Nodule 0.95, every finding 0.85 at least", () => {
  const shares = pointing(card);
  expect(Object.keys(shares)).toHaveLength(BOXED);
  expect(mean(shares)).toBeGreaterThanOrEqual(0.96);
  expect(shares["Nodule"]).toBeGreaterThanOrEqual(0.95);
  expect(Object.entries(shares).filter(([, share]) => share < 0.85)).toEqual([]);
});

test("no finding's points less often than Grad-CAM at norm5, which reaches 0.75 at most in the mean", () => {
  const [named, last] = [pointing(card), pointing(plain)];
  expect(Object.keys(named)).toEqual(Object.keys(last));
  expect(Object.entries(named).filter(([label, share]) => share < last[label]!)).toEqual([]);
  expect(mean(last)).toBeLessThan(0.75);
});

test("their regions find more boxes than those of Grad-CAM at norm5, with fewer false ones, and controls find next to none", () => {
  const regions = (of: Localisations, map: "model" | "random" | "centre") => {
    const figures = Object.values(of).map((one) => one.regions[map]);
    const average = (share: (one: (typeof figures)[number]) => number | null) =>
      figures.reduce((sum, one) => sum + (share(one) ?? 0), 0) / figures.length;
    return {
      precision: average((one) => one.precision["0.3"]!),
      recall: average((one) => one.recall["0.3"]!),
    };
  };
  const [named, last] = [regions(card, "model"), regions(plain, "model")];
  expect(named.recall).toBeGreaterThan(last.recall + 0.1);
  expect(named.precision).toBeGreaterThan(last.precision + 0.1);
  for (const map of ["random", "centre"] as const) expect(regions(card, map).recall, map).toBeLessThan(0.25);
});
