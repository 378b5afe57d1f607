import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { type Figures, type FindingFigures, judge, type Localisation } from "./judge.ts";

const PUBLISHED: Figures = JSON.parse(
  readFileSync(new URL("../../models/demo/figures.json", import.meta.url), "utf8"),
);

/** Another processor's last digits may move this many images of a finding across a border. */
const MOVED = 2;
const AUROC_TOLERANCE = 0.005;

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

type Compared = Pick<FindingFigures, "finding" | "auroc" | "localisation">;

function compare(measured: Compared, published: Compared): void {
  expect(Math.abs(measured.auroc - published.auroc), published.finding).toBeLessThan(AUROC_TOLERANCE);
  if (published.localisation === null) {
    expect(measured.localisation).toBeNull();
    return;
  }
  const { images, ...shares } = published.localisation;
  expect(measured.localisation!.images).toBe(images);
  for (const [name, share] of Object.entries(shares)) {
    const moved = Math.abs(measured.localisation![name as keyof Localisation] - share) * images;
    expect(moved, `${published.finding}, ${name}`).toBeLessThanOrEqual(
      published.finding === "all" ? 14 * MOVED : MOVED + 1e-6,
    );
  }
}

test("the published figures are those of the model", () => {
  expect(figures.findings.map(({ positives }) => positives)).toEqual(
    PUBLISHED.findings.map(({ positives }) => positives),
  );
  for (const [i, published] of PUBLISHED.findings.entries()) compare(figures.findings[i]!, published);
  compare({ finding: "all", ...figures.overall }, { finding: "all", ...PUBLISHED.overall });
});
