/**
 * Localisation: the heatmaps of a data folder's images against its boxes, one image at a time.
 *
 * Pipeline:   box file, predictions with maps → **map and boxes of each pair of image and finding** → figures
 * Knows:      images, findings and boxes. The arithmetic is `evaluation/`'s. Maps are looked at and let go.
 */

import type { KnownBox } from "../../dataset/box-table.ts";
import type { HeatmapSource } from "../../engine/heatmap-source.ts";
import type { Prediction } from "../../engine/predict.ts";
import { inFile } from "../../errors.ts";
import { type LocatedPair, localisationFigures, locatePair } from "../../evaluation/known-places.ts";
import { matchLabel } from "../../findings.ts";
import type { Region } from "../../image/crop.ts";
import { Random } from "../../random.ts";
import type { LocalisationReport } from "../../results/localisation.ts";
import { counted } from "../../text.ts";
import { type BoxFile, fileNameOf } from "../known-boxes.ts";

/** The file names that two images of a table share: a box of such a name is of nobody knows which. */
function sharedNames(images: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const name of images.map(fileNameOf)) {
    if (seen.has(name)) shared.add(name);
    seen.add(name);
  }
  return shared;
}

/** Compares maps with boxes while a model predicts. */
export class Localiser {
  readonly #file: BoxFile;
  /** The model's. */
  readonly #labels: readonly string[];
  readonly #seed: number;
  readonly #shared: ReadonlySet<string>;
  /** Names of the images that were evaluated. */
  readonly #done = new Set<string>();
  /** By the label's index. */
  readonly #pairs = new Map<number, LocatedPair[]>();
  #images = 0;

  /**
   * @param file    What is known.
   * @param images  All names of the label table, evaluated or not.
   * @param labels  The model's.
   * @param seed    Of the random maps: a stream for each image and finding.
   */
  constructor(file: BoxFile, images: readonly string[], labels: readonly string[], seed: number) {
    this.#file = file;
    this.#labels = labels;
    this.#seed = seed;
    this.#shared = sharedNames(images);
  }

  /** Known boxes of an image. */
  boxesOf(image: string): readonly KnownBox[] {
    const name = fileNameOf(image);
    return this.#shared.has(name) ? [] : (this.#file.boxes.get(name) ?? []);
  }

  /** Known places of an image, by the index of the model's label. */
  #places(image: string): Map<number, Region[]> {
    const places = new Map<number, Region[]>();
    for (const { finding, place } of this.boxesOf(image)) {
      const label = matchLabel(finding, this.#labels);
      if (label === undefined) continue;
      const index = this.#labels.indexOf(label);
      places.set(index, [...(places.get(index) ?? []), place]);
    }
    return places;
  }

  /** The labels whose maps are needed of an image, by their indices. */
  wanted(image: string): number[] {
    return [...this.#places(image).keys()];
  }

  /**
   * Look at one image's maps: those that were wanted.
   *
   * @throws  XrayError `evaluation/bad-input` of a map with NaN, naming the image.
   */
  add(image: string, { heatmaps, prepared }: Prediction): void {
    const name = fileNameOf(image);
    if (heatmaps === undefined || heatmaps.findings.length === 0) return;
    this.#images += 1;
    const { data, findings, height, width } = heatmaps;
    const { region, original } = prepared;
    const seen = {
      x: region.x / original.width,
      y: region.y / original.height,
      width: region.width / original.width,
      height: region.height / original.height,
    };
    const places = this.#places(image);
    for (const [i, label] of findings.entries()) {
      const values = data.subarray(i * height * width, (i + 1) * height * width);
      const random = Random.of(this.#seed, "localisation", name, this.#labels[label]!);
      try {
        const pair = locatePair({ values, height, width, region: seen }, places.get(label)!, random);
        this.#pairs.set(label, [...(this.#pairs.get(label) ?? []), pair]);
      } catch (error) {
        throw inFile(image, error);
      }
    }
  }

  /** Say which images were evaluated, looked at or not. */
  saw(images: readonly string[]): void {
    for (const image of images) this.#done.add(fileNameOf(image));
  }

  /** Boxes that took no part, with counts. */
  notes(): string[] {
    let [elsewhere, shared, foreign] = [0, 0, 0];
    const unknown = new Set<string>();
    for (const [name, boxes] of this.#file.boxes) {
      if (this.#shared.has(name)) shared += boxes.length;
      else if (!this.#done.has(name)) elsewhere += boxes.length;
      else
        for (const { finding } of boxes) {
          if (matchLabel(finding, this.#labels) !== undefined) continue;
          foreign += 1;
          unknown.add(finding);
        }
    }
    const file = fileNameOf(this.#file.path);
    const leftOut = (boxes: number, of: string): string[] =>
      boxes === 0 ? [] : [`${file}: ${counted(boxes, "box", "boxes")} of ${of}, left out`];
    return [
      ...leftOut(elsewhere, "images that are not evaluated"),
      ...leftOut(shared, "file names that several images have"),
      ...leftOut(foreign, `findings that the model lacks (${[...unknown].join(", ")})`),
      ...(this.#pairs.size > 0
        ? []
        : [`${file}: no box of an evaluated image and a finding of the model; heatmaps are not judged`]),
    ];
  }

  /**
   * The figures so far; null where no image had a box.
   *
   * @param maps   What made the maps.
   * @param names  What each of the model's labels is called, in the order of the report.
   */
  report(
    maps: Pick<HeatmapSource, "method" | "layer"> | undefined,
    names: ReadonlyMap<number, string>,
  ): LocalisationReport | null {
    const overall = localisationFigures([...this.#pairs.values()].flat());
    if (maps === undefined || overall === null) return null;
    const findings = [...names].flatMap(([index, label]) => {
      const figures = localisationFigures(this.#pairs.get(index) ?? []);
      return figures === null ? [] : [{ label, figures }];
    });
    return {
      boxFile: { name: fileNameOf(this.#file.path), sha256: this.#file.sha256 },
      method: maps.method,
      layer: maps.layer,
      findings,
      overall: { images: this.#images, figures: overall },
    };
  }
}
