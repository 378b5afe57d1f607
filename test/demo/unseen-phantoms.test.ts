import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { type Figures, judge, type Localisation } from "./judge.ts";

const PUBLISHED: Figures = JSON.parse(
  readFileSync(new URL("../../models/demo/figures.json", import.meta.url), "utf8"),
);

/** Another processor's last digits may move an image across a border. */
const TOLERANCE = 0.01;

let folder: string;
let figures: Figures;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "medical-x-unseen-"));
  figures = judge("demo", folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("none of the phantoms is of a seed that was trained on", () => {
  const trained = ["112", "224"].map((stage) =>
    JSON.parse(readFileSync(new URL(`../../models/demo/${stage}/phantom.json`, import.meta.url), "utf8")),
  );
  expect(trained.map(({ seed }) => seed)).not.toContain(figures.seed);
  expect([figures.images, trained.length]).toEqual([1000, 2]);
});

test("every finding is told from the others: AUROC 0.95 in the mean, 0.85 at least", () => {
  expect(figures.findings.map(({ finding }) => finding)).toEqual(FINDING_NAMES);
  expect(figures.overall.auroc).toBeGreaterThanOrEqual(0.95);
  expect(figures.findings.filter(({ auroc }) => !(auroc >= 0.85))).toEqual([]);
});

test("heatmaps point at what was drawn, far more often than the image's centre does", () => {
  const { pointing, centre, random } = figures.overall.localisation;
  expect(pointing).toBeGreaterThanOrEqual(0.6);
  expect(pointing - centre).toBeGreaterThanOrEqual(0.4);
  expect(pointing - random).toBeGreaterThanOrEqual(0.4);
});

test("the published figures are those of the model", () => {
  expect(figures.findings.map(({ positives }) => positives)).toEqual(
    PUBLISHED.findings.map(({ positives }) => positives),
  );
  const shares = ({ images, area, ...rest }: Localisation) => Object.entries(rest);
  for (const [i, published] of PUBLISHED.findings.entries()) {
    const measured = figures.findings[i]!;
    expect(Math.abs(measured.auroc - published.auroc)).toBeLessThan(TOLERANCE);
    if (published.localisation === null) continue;
    const ours = Object.fromEntries(shares(measured.localisation!));
    for (const [name, share] of shares(published.localisation)) {
      expect(Math.abs(ours[name]! - share), `${published.finding}, ${name}`).toBeLessThan(2 * TOLERANCE);
    }
  }
});
