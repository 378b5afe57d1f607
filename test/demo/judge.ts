/**
 * Judges a model on phantoms that it has not seen, by the package's own commands: AUROC, and whether its heatmaps lie
 * where the findings were drawn.
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Box, parseBoxTable } from "../../src/dataset/box-table.ts";
import { parseLabelTable } from "../../src/dataset/label-table.ts";
import { boxesAround, overlapOf, peakOf, pointsInto } from "../../src/evaluation/localisation.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { readNpy } from "../cli/npy.ts";

/** Images are as wide and as high as this, in pixels. */
const SIZE = 512;

/** The higher of Wang et al.'s two levels, 60 and 180 of 255, around which boxes are drawn. */
const LEVEL = 180 / 255;

/** Of the pointing game as it was first played, in pixels. */
const TOLERANCE = 15;

/** From which share of a detected box in a known one it counts as a hit. */
const IOBB_HIT = 0.1;

/** Heatmaps of one finding, over the images where it was drawn with boxes. Shares from 0 to 1. */
export interface Localisation {
  readonly images: number;
  /** Mean share of the image that the boxes cover. */
  readonly area: number;
  /** The highest cell's centre lies in a box. */
  readonly pointing: number;
  /** The same within 15 pixels of a box, as Zhang et al. (2016) play the pointing game. */
  readonly pointing15: number;
  /** The image's centre lies in a box. */
  readonly centre: number;
  /** A cell drawn at random lies in a box. */
  readonly random: number;
  /** A tenth of what was detected lies in the boxes. */
  readonly iobb: number;
  /** The same for the middle ninth of the image in place of a heatmap. */
  readonly centreIobb: number;
}

/** One finding's figures, or all of them together. */
export interface FindingFigures {
  readonly finding: string;
  readonly positives: number;
  readonly auroc: number;
  /** Null where nothing has boxes. */
  readonly localisation: Localisation | null;
}

export interface Figures {
  readonly images: number;
  readonly seed: number;
  readonly findings: readonly FindingFigures[];
  /** The mean of the findings' AUROCs; localisation over all pairs of image and finding. */
  readonly overall: { readonly auroc: number; readonly localisation: Localisation };
}

/** One image with boxes of one finding, looked at. */
type Look = Omit<Localisation, "images">;

const IMAGE = { x: 0, y: 0, width: SIZE, height: SIZE };
const MIDDLE = { x: SIZE / 3, y: SIZE / 3, width: SIZE / 3, height: SIZE / 3 };

function look(values: Float32Array, height: number, width: number, boxes: readonly Box[]): Look {
  const map = { values, height, width, region: IMAGE };
  const peak = peakOf(map);
  let inside = 0;
  for (let i = 0; i < height * width; i++) {
    const x = (((i % width) + 0.5) * SIZE) / width;
    const y = ((Math.floor(i / width) + 0.5) * SIZE) / height;
    if (pointsInto({ x, y }, boxes)) inside += 1;
  }
  return {
    area: overlapOf([IMAGE], boxes).iobb,
    pointing: peak !== null && pointsInto(peak, boxes) ? 1 : 0,
    pointing15: peak !== null && pointsInto(peak, boxes, TOLERANCE) ? 1 : 0,
    centre: pointsInto({ x: SIZE / 2, y: SIZE / 2 }, boxes) ? 1 : 0,
    random: inside / (height * width),
    iobb: overlapOf(boxesAround(map, LEVEL), boxes).iobb >= IOBB_HIT ? 1 : 0,
    centreIobb: overlapOf([MIDDLE], boxes).iobb >= IOBB_HIT ? 1 : 0,
  };
}

function summarise(looks: readonly Look[]): Localisation {
  const mean = (key: keyof Look) => looks.reduce((sum, one) => sum + one[key], 0) / looks.length;
  return {
    images: looks.length,
    area: mean("area"),
    pointing: mean("pointing"),
    pointing15: mean("pointing15"),
    centre: mean("centre"),
    random: mean("random"),
    iobb: mean("iobb"),
    centreIobb: mean("centreIobb"),
  };
}

function medicalX(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/bin/medical-x.js", ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`medical-x ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

/**
 * Judge a model.
 *
 * @param model   As `--model` takes it.
 * @param folder  Where phantoms are drawn, or were; maps are written there too.
 */
export function judge(model: string, folder: string, { seed = 20261124, count = 1000 } = {}): Figures {
  medicalX("data", "phantom", "--out", folder, "--count", `${count}`, "--seed", `${seed}`);
  const mapsFile = join(folder, "maps.npy");
  const predictions = medicalX(
    ...["predict", "--model", model, "--image", join(folder, "images")],
    ...["--format", "csv", "--heatmaps", mapsFile],
  );
  const [header, ...rows] = predictions
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const table = parseLabelTable(readFileSync(join(folder, "Data_Entry_2017.csv"), "utf8"));
  const truthOf = new Map(table.images.map(({ image, labels }) => [image, labels]));
  const boxes = parseBoxTable(readFileSync(join(folder, "BBox_List_2017.csv"), "utf8"));
  const maps = readNpy(readFileSync(mapsFile));
  const [, labels, height, width] = maps.shape as [number, number, number, number];
  const mapOf = (image: number, finding: number) => {
    const at = (image * labels + finding) * height * width;
    return maps.data.subarray(at, at + height * width);
  };
  const all: Look[] = [];
  const findings = table.labels.map((finding, column) => {
    const place = header!.indexOf(`prob_${finding}`) - 1;
    if (place < 0) throw new Error(`${model} does not predict ${finding}`);
    const scores = rows.map((row) => Number(row[place + 1]));
    const truths = rows.map((row) => truthOf.get(row[0]!)![column]!);
    const looks = rows.flatMap((row, i) => {
      const drawn = boxes.filter((box) => box.image === row[0] && box.finding === finding);
      return drawn.length === 0 ? [] : [look(mapOf(i, place), height, width, drawn)];
    });
    all.push(...looks);
    return {
      finding,
      positives: truths.filter((truth) => truth === 1).length,
      auroc: auroc(scores, truths)!,
      localisation: looks.length === 0 ? null : summarise(looks),
    };
  });
  const auroc14 = findings.reduce((sum, one) => sum + one.auroc, 0) / findings.length;
  return {
    images: rows.length,
    seed,
    findings,
    overall: { auroc: auroc14, localisation: summarise(all) },
  };
}
