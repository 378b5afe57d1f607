/**
 * Localisation: compares the heatmaps of a data folder's images with its boxes, one image at a time.
 *
 * Pipeline:   box file, predictions with maps → **map and boxes of each pair of image and finding** → figures
 * Knows:      images, findings and boxes. The arithmetic is in `evaluation/`. Maps are examined and not kept.
 */

import { basename } from "node:path";
import type { KnownBox } from "../../dataset/box-table.ts";
import { fileNameOf } from "../../dataset/image-name.ts";
import type { Prediction } from "../../engine/predict.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { inFile } from "../../errors.ts";
import { locatePair } from "../../evaluation/known-places.ts";
import { RegionTallier } from "../../evaluation/region-tally.ts";
import { matchLabel } from "../../findings.ts";
import type { Region } from "../../image/crop.ts";
import type { PreparedImage } from "../../image/prepare.ts";
import type { ResolvedCard } from "../../models/card.ts";
import { type MapChoice, namesOfMaps, regionLevel } from "../../models/map-choice.ts";
import { isOcclusion, type MapRecipe } from "../../models/map-recipe.ts";
import { Random } from "../../random.ts";
import type { ImageFile } from "../data/image-file.ts";
import type { BoxesOfImages } from "../data/known-boxes.ts";
import type { ComparedMap, ComparedMaps } from "./localisation-report.ts";
import { unusedBoxNotes } from "./unused-boxes.ts";

/** Known places by the index of a model's label; those of findings that the model lacks are left out. */
export function placesByLabel(boxes: readonly KnownBox[], labels: readonly string[]): Map<number, Region[]> {
  const places = new Map<number, Region[]>();
  for (const { finding, place } of boxes) {
    const label = matchLabel(finding, labels);
    if (label === undefined) continue;
    const index = labels.indexOf(label);
    places.set(index, [...(places.get(index) ?? []), place]);
  }
  return places;
}

/** The part of an image that the network saw, in shares of its width and height. */
export function seenRegion({ region, original }: Pick<PreparedImage, "region" | "original">): Region {
  return {
    x: region.x / original.width,
    y: region.y / original.height,
    width: region.width / original.width,
    height: region.height / original.height,
  };
}

/**
 * Why a model's heatmaps are not compared with boxes; undefined if they are. Those of a network that is only run are made by
 * occlusion, which takes long and is done only on request.
 */
export const whyUnmapped = ({ kind }: NamedModel, maps: MapChoice, name: string): string | undefined =>
  kind === "densenet121" || (maps !== "card" && isOcclusion(maps))
    ? undefined
    : `${name}: its network is run and not understood, so heatmaps were not compared with boxes; choose the heatmap method occlusion to compare them`;

/** Compares maps with boxes while a model predicts. */
export class Localiser {
  readonly #boxes: BoxesOfImages;
  /** The model's labels. */
  readonly #labels: readonly string[];
  /** Of each label's regions. */
  readonly #levels: readonly number[];
  readonly #seed: number;
  readonly #regions = new RegionTallier();
  /** Names of the images that were evaluated. */
  readonly #done = new Set<string>();
  /** By the label's index. */
  readonly #pairs = new Map<number, ComparedMap[]>();
  #images = 0;

  /**
   * @param boxes    The known boxes of the label table's images, evaluated or not.
   * @param card     The model's.
   * @param recipes  Each label's heatmap.
   * @param seed     Seed of the random maps, which have one stream per image and finding.
   */
  constructor(
    boxes: BoxesOfImages,
    card: Pick<ResolvedCard, "labels" | "maps">,
    recipes: readonly MapRecipe[],
    seed: number,
  ) {
    this.#boxes = boxes;
    this.#labels = card.labels;
    this.#levels = recipes.map((recipe, label) => regionLevel(card, card.labels[label]!, recipe));
    this.#seed = seed;
  }

  /** Known boxes of an image. This and all following methods identify an image by the table's name for it. */
  boxesOf(image: string): readonly KnownBox[] {
    return this.#boxes.of.get(image) ?? [];
  }

  /** Known places in an image, by the index of the model's label. */
  #places(image: string): Map<number, Region[]> {
    return placesByLabel(this.boxesOf(image), this.#labels);
  }

  /** Indices of the labels whose maps are needed for an image. */
  wanted(image: string): number[] {
    return [...this.#places(image).keys()];
  }

  /**
   * Examine the maps of one image, of the labels that were wanted.
   *
   * @throws  XrayError `evaluation/bad-input` for a map with NaN, naming the image's file.
   */
  add({ name: image, path }: ImageFile, { ownMaps = [], prepared }: Prediction): void {
    if (ownMaps.length === 0) return;
    this.#images += 1;
    const region = seenRegion(prepared);
    const places = this.#places(image);
    const file = fileNameOf(path);
    for (const { finding: label, data: values, height, width, cells } of ownMaps) {
      const map = { values, height, width, cells, region };
      const known = places.get(label)!;
      const random = () => Random.of(this.#seed, "localisation", file, this.#labels[label]!);
      const pairs = this.#pairs.get(label) ?? [];
      this.#pairs.set(label, pairs);
      try {
        const pair = locatePair(map, known, random());
        pairs.push({
          image,
          pair,
          counts: this.#regions.tally(map, cells, known, this.#levels[label]!, random()),
        });
      } catch (error) {
        throw inFile(path, error);
      }
    }
  }

  /** Record which images were evaluated, whether or not their maps were examined. */
  saw(images: readonly string[]): void {
    for (const image of images) this.#done.add(image);
  }

  /** Notes on boxes that were not used, with counts. */
  notes(): string[] {
    return [
      ...unusedBoxNotes(
        this.#boxes,
        this.#labels,
        (image) => this.#done.has(image),
        "images that are not evaluated",
      ),
      ...(this.#pairs.size > 0
        ? []
        : [
            `${basename(this.#boxes.path)}: it has no box of an evaluated image and a finding of the model, so heatmaps are not judged`,
          ]),
    ];
  }

  /**
   * What was compared so far; null if no image had a box.
   *
   * @param maps   Which maps they were.
   * @param names  The reported name of each of the model's labels, in the order of the report.
   */
  compared(maps: MapChoice, names: ReadonlyMap<number, string>): ComparedMaps | null {
    const findings = [...names].flatMap(([index, label]) => {
      const pairs = this.#pairs.get(index) ?? [];
      return pairs.length === 0 ? [] : [{ label, level: this.#levels[index]!, pairs }];
    });
    return findings.length === 0
      ? null
      : {
          boxFile: { name: basename(this.#boxes.path), sha256: this.#boxes.sha256 },
          ...namesOfMaps(maps),
          findings,
          images: this.#images,
        };
  }
}
