/**
 * All candidate heatmaps of one image and finding, from as few passes as possible.
 *
 * Pipeline:   image → **maps of all layers → any candidate** → who compares them
 * Knows:      sessions and recipes. Not boxes.
 */

import { runFloat32, type Session, type SessionFactory, type SessionOptions } from "../graph/session.ts";
import type { Grid } from "../heatmaps/grid.ts";
import { FUSED_CELLS, FUSED_FORMS, isFused } from "../heatmaps/methods.ts";
import { compileModel, isForward, mapPort, PORTS } from "../models/compile.ts";
import { firstLayerOf } from "../models/compile-gradients.ts";
import type { LoadedModel } from "../models/load.ts";
import { CANDIDATE_MAPS } from "../models/map-candidates.ts";
import { type LayerMap, layerMapKey, layerMapsOf, type MapRecipe } from "../models/map-recipe.ts";
import { float32 } from "../tensor.ts";
import { GradientMaps } from "./gradient-maps.ts";

/** The maps of one image and finding. */
export class MapsOfPair {
  readonly #maps: ReadonlyMap<string, Grid>;
  /** Parts of fused maps, which many candidates share. */
  readonly #parts = new Map<string, Float64Array>();

  constructor(maps: ReadonlyMap<string, Grid>) {
    this.#maps = maps;
  }

  /** The map of a candidate, in its own size. */
  of(recipe: MapRecipe): Grid {
    const grids = layerMapsOf(recipe).map(
      (map) => [layerMapKey(map), this.#maps.get(layerMapKey(map))!] as const,
    );
    const { method } = recipe;
    if (!isFused(method)) return grids[0]![1];
    const { part, combine } = FUSED_FORMS[method].fusion;
    const height = FUSED_CELLS * Math.max(...grids.map(([, grid]) => grid.height));
    const width = FUSED_CELLS * Math.max(...grids.map(([, grid]) => grid.width));
    const parts = grids.map(([name, grid]) => {
      const key = `${method} ${name} ${height}`;
      const known = this.#parts.get(key) ?? part(grid, height, width);
      this.#parts.set(key, known);
      return known;
    });
    return { data: combine(parts), height, width };
  }

  /** Forget what was computed for candidates, to save memory. */
  forget(): void {
    this.#parts.clear();
  }
}

/** Computes candidates for one model. */
export class CandidateMaps {
  readonly #session: Session;
  readonly #gradients: GradientMaps;
  readonly #forward: readonly LayerMap[];
  readonly #shape: readonly number[];

  private constructor(
    session: Session,
    gradients: GradientMaps,
    forward: readonly LayerMap[],
    shape: readonly number[],
  ) {
    this.#session = session;
    this.#gradients = gradients;
    this.#forward = forward;
    this.#shape = shape;
  }

  /**
   * Open a model.
   *
   * @param input    Size of the network's input.
   * @param options  How to start sessions, and which maps to compute: by default all that candidates need. At least one
   *                 must need a gradient, and none may be EigenCAM's.
   * @throws         XrayError `runtime/…`.
   */
  static async open(
    model: LoadedModel,
    { width, height }: { readonly width: number; readonly height: number },
    createSession: SessionFactory,
    { maps = CANDIDATE_MAPS, ...options }: SessionOptions & { readonly maps?: readonly LayerMap[] },
  ): Promise<CandidateMaps> {
    const session = await createSession(compileModel(model, maps), options);
    try {
      const followed = maps.filter((map) => !isForward(map));
      const gradients = await GradientMaps.open(model, followed, createSession, options);
      const shape = [1, model.inChannels, height, width];
      return new CandidateMaps(session, gradients, maps.filter(isForward), shape);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /**
   * Compute the maps of some findings.
   *
   * @param view      One view, prepared.
   * @param findings  Indices of labels, at least one.
   */
  async of(view: Float32Array, findings: readonly number[]): Promise<MapsOfPair[]> {
    const results = await runFloat32(this.#session, { [PORTS.image]: float32(this.#shape, view) });
    const { maps } = this.#gradients;
    const first = maps.find((map) => map.layer === firstLayerOf(maps))!;
    const followed = await this.#gradients.of(results[mapPort(first)]!, findings);
    return findings.map((finding, at) => {
      const found = new Map<string, Grid>();
      for (const map of this.#forward) {
        const { data, shape } = results[mapPort(map)]!;
        const [height, width] = shape.slice(2) as [number, number];
        const start = finding * height * width;
        found.set(layerMapKey(map), { data: data.slice(start, start + height * width), height, width });
      }
      for (const [i, map] of maps.entries()) {
        const [height, width] = results[mapPort(map)]!.shape.slice(2) as [number, number];
        const start = at * height * width;
        found.set(layerMapKey(map), {
          data: followed[i]!.slice(start, start + height * width),
          height,
          width,
        });
      }
      return new MapsOfPair(found);
    });
  }

  async release(): Promise<void> {
    try {
      await this.#gradients.release();
    } finally {
      await this.#session.release();
    }
  }
}
