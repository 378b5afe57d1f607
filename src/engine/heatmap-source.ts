/**
 * Where an open model's heatmaps come from: the forward pass itself, its features, or gradients; and how those of
 * several layers are fused.
 *
 * Pipeline:   prediction's outputs → **maps of layers → heatmaps of the wanted findings**
 * Knows:      each finding's recipe, and the sources of maps. Not images or files.
 */

import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import { eigencam } from "../heatmaps/eigencam.ts";
import { type Grid, resized } from "../heatmaps/grid.ts";
import { FUSED_CELLS, FUSED_FORMS, isFused } from "../heatmaps/methods.ts";
import { isForward, mapPort } from "../models/compile.ts";
import { firstLayerOf, layerShape } from "../models/compile-gradients.ts";
import { type HeatmapLayer, isTransition, partBefore } from "../models/densenet121.ts";
import type { LoadedModel } from "../models/load.ts";
import { type LayerMap, layerMapKey, layerMapsOf, type MapRecipe } from "../models/map-recipe.ts";
import { float32, type Tensor } from "../tensor.ts";
import { GradientMaps } from "./gradient-maps.ts";
import { OnDemand } from "./on-demand.ts";

/** Class activation maps of one image. */
export interface Heatmaps {
  /**
   * findings × height × width, C order, after the ReLU. Maps of a single layer are not normalised; fused ones are 0 to
   * 1. They are interpolated only where they are fused, or where the recipes differ in size.
   */
  readonly data: Float32Array;
  /** Index of the label that each map belongs to. */
  readonly findings: readonly number[];
  readonly height: number;
  readonly width: number;
}

/** One finding's heatmap in the size that its recipe gives it. */
export interface OwnMap extends Grid {
  /** Index of the label. */
  readonly finding: number;
  /** Cells of its finest layer. A fused map has more values than these, but shows no smaller places. */
  readonly cells: { readonly height: number; readonly width: number };
}

type Results = Readonly<Record<string, Tensor<"float32">>>;

const needsGradient = (map: LayerMap): boolean => !isForward(map) && map.method !== "eigencam";

/** The part of an output that belongs to one view. */
function rowOf({ data, shape }: Tensor<"float32">, view: number): Float32Array {
  const length = data.length / shape[0]!;
  return data.subarray(view * length, (view + 1) * length);
}

/** The maps of layers that some findings need, by map and finding. */
class LayerMaps {
  readonly #maps = new Map<string, Float32Array>();

  set(map: LayerMap, finding: number, data: Float32Array): void {
    this.#maps.set(`${layerMapKey(map)} ${finding}`, data);
  }

  get(map: LayerMap, finding: number): Float32Array {
    return this.#maps.get(`${layerMapKey(map)} ${finding}`)!;
  }
}

/** The first layer of a recipe at which it needs gradients, if there is one. */
function firstGradientLayer(recipe: MapRecipe): HeatmapLayer | undefined {
  const maps = layerMapsOf(recipe).filter(needsGradient);
  return maps.length === 0 ? undefined : firstLayerOf(maps);
}

/**
 * The layer to which each recipe's gradients are followed, undefined for recipes that need none: its own first one, or that
 * of another recipe if only a transition lies between. A transition is cheap, and what follows it is run once for all.
 */
function followedTo(recipes: readonly MapRecipe[]): readonly (HeatmapLayer | undefined)[] {
  const own = recipes.map(firstGradientLayer);
  return own.map((layer) => {
    if (layer === undefined || !isTransition(layer)) return layer;
    const before = partBefore(layer);
    return own.includes(before) ? before : layer;
  });
}

/** All maps that need gradients, by the layer to which these are followed. */
function gradientMapsByLayer(
  recipes: readonly MapRecipe[],
  followed: readonly (HeatmapLayer | undefined)[],
): ReadonlyMap<HeatmapLayer, LayerMap[]> {
  const byLayer = new Map<HeatmapLayer, LayerMap[]>();
  for (const [i, recipe] of recipes.entries()) {
    const layer = followed[i];
    if (layer === undefined) continue;
    const known = byLayer.get(layer) ?? [];
    const missing = layerMapsOf(recipe).filter(
      (map) => needsGradient(map) && !known.some((other) => layerMapKey(other) === layerMapKey(map)),
    );
    byLayer.set(layer, [...known, ...missing]);
  }
  return byLayer;
}

/**
 * The maps whose outputs the forward pass has to give for some recipes. Of those that need gradients, only the first of each
 * layer to which these are followed: every further output of features slows the pass down.
 */
export function forwardMapsOf(recipes: readonly MapRecipe[]): LayerMap[] {
  const followed = gradientMapsByLayer(recipes, followedTo(recipes));
  return [
    ...recipes.flatMap(layerMapsOf).filter((map) => !needsGradient(map)),
    ...[...followed].map(([layer, maps]) => maps.find((map) => map.layer === layer)!),
  ];
}

/** Computes heatmaps, each finding's by its recipe. */
export interface MapSource {
  /** Each label's recipe. */
  readonly recipes: readonly MapRecipe[];
  /** Of all heatmaps: the finest size that a recipe has. */
  readonly height: number;
  readonly width: number;
  /**
   * Compute the heatmaps of one view.
   *
   * @param results   The outputs of the model that the source was opened for, and the images themselves under `PORTS.image`.
   * @param view      The row of the outputs to use.
   * @param findings  Indices of labels; all by default.
   */
  of(results: Results, view: number, findings?: readonly number[]): Promise<Heatmaps>;
  /** The same heatmaps, each in its own size, which needs no interpolation of maps of one layer. */
  ownMaps(results: Results, view: number, findings: readonly number[]): Promise<OwnMap[]>;
  release(): Promise<void>;
}

/** Heatmaps that look into a DenseNet121. */
export class HeatmapSource implements MapSource {
  readonly recipes: readonly MapRecipe[];
  readonly height: number;
  readonly width: number;
  /** Height and width of each layer's maps. */
  readonly #sizes: ReadonlyMap<string, readonly [number, number]>;
  /** The layer to which each recipe's gradients are followed. */
  readonly #followed: readonly (HeatmapLayer | undefined)[];
  /** By the first of their layers. */
  readonly #gradients: ReadonlyMap<HeatmapLayer, OnDemand<GradientMaps>>;

  private constructor(
    model: LoadedModel,
    recipes: readonly MapRecipe[],
    createSession: SessionFactory,
    options: SessionOptions,
  ) {
    const layers = new Set(recipes.flatMap((recipe) => recipe.layers));
    this.recipes = recipes;
    this.#followed = followedTo(recipes);
    this.#gradients = new Map(
      [...gradientMapsByLayer(recipes, this.#followed)].map(([layer, maps]) => {
        const open = () => GradientMaps.open(model, maps, createSession, options);
        return [layer, new OnDemand(open)];
      }),
    );
    this.#sizes = new Map(
      [...layers].map((layer) => {
        const [, height, width] = layerShape(model, layer);
        return [layer, [height, width]];
      }),
    );
    const sizes = recipes.map((recipe) => this.#sizeOf(recipe));
    this.height = Math.max(...sizes.map(([height]) => height));
    this.width = Math.max(...sizes.map(([, width]) => width));
  }

  /**
   * Open what the recipes need. Where they follow gradients to several layers, each is opened when it is first needed, because
   * most pictures show one finding.
   *
   * @param recipes  One for each of the model's labels.
   * @throws         XrayError `runtime/…`.
   */
  static async open(
    model: LoadedModel,
    recipes: readonly MapRecipe[],
    createSession: SessionFactory,
    options: SessionOptions,
  ): Promise<HeatmapSource> {
    const source = new HeatmapSource(model, recipes, createSession, options);
    const [only, ...others] = source.#gradients.values();
    if (others.length === 0) await only?.get();
    return source;
  }

  /** @param results  The outputs of a model that was compiled for `forwardMapsOf` the recipes. */
  async of(
    results: Results,
    view: number,
    findings: readonly number[] = [...this.recipes.keys()],
  ): Promise<Heatmaps> {
    const { height, width } = this;
    const maps = await this.#layerMaps(results, view, findings);
    const data = new Float32Array(findings.length * height * width);
    for (const [i, finding] of findings.entries())
      data.set(this.#heatmap(finding, maps, height, width), i * height * width);
    return { data, findings, height, width };
  }

  async ownMaps(results: Results, view: number, findings: readonly number[]): Promise<OwnMap[]> {
    const maps = await this.#layerMaps(results, view, findings);
    return findings.map((finding) => {
      const recipe = this.recipes[finding]!;
      const [height, width] = this.#sizeOf(recipe);
      const times = isFused(recipe.method) ? FUSED_CELLS : 1;
      const cells = { height: height / times, width: width / times };
      return { data: this.#heatmap(finding, maps, height, width), height, width, finding, cells };
    });
  }

  /** The maps of layers that findings' heatmaps consist of. */
  async #layerMaps(results: Results, view: number, findings: readonly number[]): Promise<LayerMaps> {
    const maps = new LayerMaps();
    await this.#followGradients(results, view, findings, maps);
    this.#takeForward(results, view, findings, maps);
    return maps;
  }

  /** Height and width of a recipe's maps on their own. */
  #sizeOf({ method, layers }: MapRecipe): readonly [number, number] {
    const times = isFused(method) ? FUSED_CELLS : 1;
    const sizes = layers.map((layer) => this.#sizes.get(layer)!);
    return [0, 1].map((axis) => times * Math.max(...sizes.map((size) => size[axis]!))) as [number, number];
  }

  /** The maps that need gradients: findings whose gradients are followed to the same layer are followed together. */
  async #followGradients(results: Results, view: number, findings: readonly number[], into: LayerMaps) {
    for (const [layer, onDemand] of this.#gradients) {
      const together = findings.filter((finding) => this.#followed[finding] === layer);
      if (together.length === 0) continue;
      const gradients = await onDemand.get();
      const features = results[mapPort(gradients.maps.find((map) => map.layer === layer)!)]!;
      const image = float32([1, ...features.shape.slice(1)], rowOf(features, view));
      const found = await gradients.of(image, together);
      for (const [m, map] of gradients.maps.entries()) {
        const size = found[m]!.length / together.length;
        for (const [i, finding] of together.entries())
          into.set(map, finding, found[m]!.subarray(i * size, (i + 1) * size));
      }
    }
  }

  /** The maps that the forward pass gives, and those that are computed from its features alone. */
  #takeForward(results: Results, view: number, findings: readonly number[], into: LayerMaps) {
    const eigen = new Map<string, Float32Array>();
    for (const finding of findings) {
      for (const map of layerMapsOf(this.recipes[finding]!)) {
        if (needsGradient(map)) continue;
        const [rows, columns] = this.#sizes.get(map.layer)!;
        const size = rows * columns;
        const output = results[mapPort(map)]!;
        const row = rowOf(output, view);
        if (isForward(map)) into.set(map, finding, row.subarray(finding * size, (finding + 1) * size));
        else {
          const one = eigen.get(map.layer) ?? eigencam(row, output.shape[1]!, size);
          eigen.set(map.layer, one);
          into.set(map, finding, one);
        }
      }
    }
  }

  #heatmap(finding: number, maps: LayerMaps, height: number, width: number): ArrayLike<number> {
    const recipe = this.recipes[finding]!;
    const grids = layerMapsOf(recipe).map((map): Grid => {
      const [rows, columns] = this.#sizes.get(map.layer)!;
      return { data: maps.get(map, finding), height: rows, width: columns };
    });
    if (isFused(recipe.method)) {
      const { part, combine } = FUSED_FORMS[recipe.method].fusion;
      return combine(grids.map((grid) => part(grid, height, width)));
    }
    const [only] = grids;
    return only!.height === height && only!.width === width ? only!.data : resized(only!, height, width);
  }

  async release(): Promise<void> {
    for (const gradients of this.#gradients.values()) await gradients.release();
  }
}
