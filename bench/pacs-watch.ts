/**
 * What an archive costs: images per second of `pacs watch` against those of `predict` over the same images, and how long after
 * its last image a study's result is in the archive.
 *
 *     npm run bench:watch [-- images]
 *
 * Orthanc runs on the same cores, so its work counts. Pairs of runs over drawn chests, and the median of the ratios; the time
 * to start is measured with a few images and subtracted. Needs Debian's orthanc, orthanc-dicomweb and python3-pydicom.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Orthanc } from "../test/pacs/support/orthanc.ts";
import { Program, PYTHON } from "../test/pacs/support/programs.ts";
import type { MadeStudy } from "../test/pacs/support/studies.ts";

const FEW = 8;
const PAIRS = 3;
const QUIET = 1;
const images = Number(process.argv[2] ?? 120);
const folder = mkdtempSync(join(tmpdir(), "medical-x-watch-"));
const root = fileURLToPath(new URL("../../", import.meta.url));
const main = join(root, "dist/bin/medical-x.js");

/** Studies of one drawn chest each. */
function makeStudies(name: string, studies: number, seed: number): readonly MadeStudy[] {
  const script = join(root, "test/pacs/support/make_studies.py");
  const args = ["--studies", String(studies), "--seed", String(seed), "--size", "1024", "--only", "dx"];
  execFileSync(PYTHON, ["-B", "-W", "ignore", script, join(folder, name), ...args], { stdio: "ignore" });
  return JSON.parse(readFileSync(join(folder, name, "studies.json"), "utf8")) as readonly MadeStudy[];
}

/** Seconds that a command takes. */
function seconds(...args: string[]): number {
  const began = performance.now();
  execFileSync(process.execPath, [main, ...args], { cwd: folder, stdio: "ignore" });
  return (performance.now() - began) / 1000;
}

const paths = (studies: readonly MadeStudy[]): string[] =>
  studies.flatMap(({ files }) => files.map(({ path }) => path));

/** What is made of each image: on both sides the same objects, or the numbers alone, which in an archive are a report. */
const MODES = [
  { name: "reports and overlays", predict: ["--gradcam", "--dicom-out", "out"], watch: ["--gradcam"] },
  { name: "reports", predict: ["--dicom-out", "out"], watch: [] },
  { name: "numbers alone against reports", predict: [], watch: [] },
] as const;

type Mode = (typeof MODES)[number];

/** Seconds to predict all images of a folder. */
function predicting(studies: string, mode: Mode): number {
  const args = ["--image", studies, "--model", "demo", "--format", "ndjson", ...mode.predict];
  const taken = seconds("predict", ...args);
  rmSync(join(folder, "out"), { recursive: true, force: true });
  return taken;
}

/** Seconds to read all images of an archive. */
async function watching(studies: readonly MadeStudy[], mode: Mode): Promise<number> {
  const orthanc = await Orthanc.start({ stableAge: 1 });
  try {
    for (const path of paths(studies)) await orthanc.store(readFileSync(path));
    await sleep(3000);
    const state = join(folder, "state");
    const taken = seconds(
      ...["pacs", "watch", "--orthanc", orthanc.url, "--state", state, "--model", "demo"],
      ...["--quiet", "0", "--once"],
      ...mode.watch,
    );
    rmSync(state, { recursive: true });
    return taken;
  } finally {
    await orthanc.stop();
  }
}

/** Seconds from a study's last image to its result, for each of some studies. */
async function latencies(studies: readonly MadeStudy[]): Promise<number[]> {
  const orthanc = await Orthanc.start({ stableAge: QUIET });
  const args = [
    main,
    "pacs",
    "watch",
    "--orthanc",
    orthanc.url,
    "--state",
    "late",
    "--model",
    "demo",
    "--gradcam",
  ];
  const watcher = new Program(process.execPath, [...args, "--quiet", String(QUIET)], { cwd: folder });
  try {
    await watcher.until(async () => watcher.said.includes("watching the archive"));
    const taken: number[] = [];
    for (const study of studies) {
      for (const path of paths([study])) await orthanc.store(readFileSync(path));
      const began = performance.now();
      while ((await orthanc.instances(study.studyInstanceUid)).length < 3 * study.files.length)
        await sleep(20);
      taken.push((performance.now() - began) / 1000);
    }
    return taken;
  } finally {
    await watcher.end();
    await orthanc.stop();
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

try {
  const many = makeStudies("many", images, 1);
  const few = makeStudies("few", FEW, 2);
  for (const mode of MODES) {
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const [predictMany, predictFew] = [predicting("many", mode), predicting("few", mode)];
      const [watchMany, watchFew] = [await watching(many, mode), await watching(few, mode)];
      const predict = (images - FEW) / (predictMany - predictFew);
      const watch = (images - FEW) / (watchMany - watchFew);
      ratios.push(watch / predict);
      console.log(`${mode.name}: predict ${predict.toFixed(1)} images/s, watch ${watch.toFixed(1)}`);
    }
    console.log(`${mode.name}: median of ${PAIRS} pairs: ${median(ratios).toFixed(2)}`);
  }
  const late = await latencies(few);
  console.log(
    `from the last image to the result, with ${QUIET} s of quiet: median ${median(late).toFixed(1)} s, at most ${Math.max(...late).toFixed(1)} s`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
