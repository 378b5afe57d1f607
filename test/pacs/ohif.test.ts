/**
 * A result in OHIF, as a radiologist sees it: the picture, the overlay beside it, and the report with all findings.
 *
 * With `MEDICAL_X_SCREENSHOTS=<folder>`, what was seen is kept there; docs/images has two of these pictures.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { Ohif, ohifBuild } from "./support/ohif.ts";
import { Orthanc } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";
import { ViewedStudy } from "./support/viewed-study.ts";

const why = whyNot("Orthanc", "chromium", "dcmcjpeg");
const SCREENSHOTS = process.env["MEDICAL_X_SCREENSHOTS"];

interface Prediction {
  readonly model: { readonly name: string };
  readonly probabilities: Readonly<Record<string, number>>;
}

describe.skipIf(why !== undefined)(`results in OHIF${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-ohif-"));
  const desk = new Desk();
  const predictions = new Map<string, Prediction>();
  let orthanc: Orthanc;
  let ohif: Ohif;
  let studies: readonly MadeStudy[];
  let viewed: ViewedStudy | undefined;

  /** Predict a study's only image, and store the image and what was made of it. */
  async function store(study: MadeStudy, style: string): Promise<void> {
    const image = study.files[0]!.path;
    const out = join(folder, style);
    const args = ["predict", "--model", "demo", "--image", image, "--gradcam", "--threshold", "card"];
    const made = await desk.run([...args, "--format", "json", "--dicom-out", out, "--sr-style", style]);
    expect(made.code, made.stderr).toBe(0);
    predictions.set(style, JSON.parse(made.stdout) as Prediction);
    const files = readdirSync(out).map((name) => join(out, name));
    expect(files).toHaveLength(2);
    for (const file of [image, ...files]) expect(await orthanc.store(readFileSync(file))).toBe("Success");
  }

  beforeAll(async () => {
    const build = ohifBuild();
    // A study for each form of the report, of a phantom in which something was drawn.
    studies = makeStudies(folder, { studies: 6, seed: 3, size: 512, only: ["dx"] }).slice(3);
    orthanc = await Orthanc.start();
    ohif = await Ohif.start(build, orthanc.url);
    for (const [i, style] of ["report", "tid1500", "text"].entries()) await store(studies[i]!, style);
  });
  afterEach(async () => {
    await viewed?.close();
  });
  afterAll(async () => {
    await ohif?.stop();
    await orthanc?.stop();
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(index: number): Promise<ViewedStudy> {
    viewed = await ViewedStudy.open(ohif.study(studies[index]!.studyInstanceUid));
    return viewed;
  }

  async function keep(name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    await viewed?.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  /** Nothing has gone wrong, neither in the page's scripts nor in OHIF's own words. */
  async function expectNoErrors(): Promise<void> {
    expect(await viewed?.toasts()).toEqual([]);
    expect(viewed?.errors).toEqual([]);
  }

  test("the picture, the overlay and the report are series of their own, named as what they are", async () => {
    const study = await open(0);
    const series = await study.series();
    expect(series).toHaveLength(3);
    expect(series.filter((text) => text.includes("Phantom dx"))).toHaveLength(1);
    expect(series.filter((text) => text.includes("Medical-X report - research use only"))).toHaveLength(1);
    expect(series.filter((text) => text.includes("Medical-X overlay - research use only"))).toHaveLength(1);
    expect((await study.until(({ bright }) => bright > 50_000)).coloured).toBe(0);
    await keep("picture");
    await expectNoErrors();
  });

  test("the report shows the probability of every finding, the model and what it may be used for", async () => {
    const study = await open(0);
    await study.show("Medical-X report");
    const text = await study.textWith("Findings");
    await keep("report");
    const { probabilities, model } = predictions.get("report")!;
    expect(Object.keys(probabilities)).toHaveLength(14);
    for (const [finding, probability] of Object.entries(probabilities)) {
      const name = finding.replaceAll("_", " ");
      const shown = new RegExp(`^${name} +\\| +([\\d.]+) %`, "m").exec(text)?.[1];
      expect(Number(shown), `${name} in:\n${text}`).toBeCloseTo(probability * 100, 1);
    }
    expect(text).toMatch(/research use only/i);
    expect(text).toContain(model.name);
    // Where OHIF renders them, references to images and UIDs push the findings off the screen.
    expect(text).not.toContain("1.2.826.0.1.3680043.10.511.19.");
    await expectNoErrors();
  });

  test("the overlay is a picture with colours in it, and without a player", async () => {
    const study = await open(0);
    await study.show("Medical-X overlay");
    const { bright } = await study.until(({ coloured }) => coloured > 1000);
    expect(bright).toBeGreaterThan(50_000);
    await keep("overlay");
    expect(await study.page.getByText(/\bFPS\b/i).count()).toBe(0);
    await expectNoErrors();
  });

  test.each([
    [1, "tid1500"],
    [2, "text"],
  ])("study %i, whose report has the form %s, is shown without an error", async (index, style) => {
    const study = await open(index);
    await study.show("Medical-X report");
    const text = await study.textWith("Cardiomegaly");
    await keep(style);
    const { probabilities } = predictions.get(style)!;
    for (const finding of Object.keys(probabilities)) expect(text).toContain(finding.replaceAll("_", " "));
    await expectNoErrors();
    // The picture can still be shown.
    await study.show("Phantom dx");
    await study.until(({ bright }) => bright > 50_000);
  });
});
