/**
 * Maps that need gradients: they are followed back from the logits to one layer or several, for some findings at once.
 *
 * Pipeline:   features of an image → **forwards to the logits, back to the layers** → maps
 * Knows:      sessions. Not which findings are wanted, nor what becomes of the maps.
 */

import { runFloat32, type Session, type SessionFactory, type SessionOptions } from "../graph/session.ts";
import {
  compileGradients,
  firstLayerOf,
  GRADIENT_PORTS,
  gradientPort,
  layerShape,
} from "../models/compile-gradients.ts";
import type { LoadedModel } from "../models/load.ts";
import type { LayerMap } from "../models/map-recipe.ts";
import { float32, type Tensor } from "../tensor.ts";

/** Number of findings times map positions whose gradients are followed at once. More takes memory and is no faster. */
const AT_ONCE = 24_576;

/** Computes maps of the same layers and methods, from the output of the first of these layers. */
export class GradientMaps {
  readonly maps: readonly LayerMap[];
  readonly #labels: number;
  /** Number of findings at once. */
  readonly #step: number;
  readonly #session: Session;

  private constructor(model: LoadedModel, maps: readonly LayerMap[], session: Session) {
    const [, height, width] = layerShape(model, firstLayerOf(maps));
    this.maps = maps;
    this.#labels = model.numLabels;
    this.#step = Math.max(1, Math.floor(AT_ONCE / (height * width)));
    this.#session = session;
  }

  /** @param maps  At least one; none of EigenCAM. Throws XrayError `runtime/…`. */
  static async open(
    model: LoadedModel,
    maps: readonly LayerMap[],
    createSession: SessionFactory,
    options: SessionOptions,
  ): Promise<GradientMaps> {
    return new GradientMaps(model, maps, await createSession(compileGradients(model, maps), options));
  }

  /**
   * Follow gradients from some findings.
   *
   * @param features  The output of the first of the maps' layers for one image, [1, K, H, W].
   * @param findings  Indices of labels.
   * @returns         For each of the maps, in their order, findings × height × width values.
   */
  async of(features: Tensor<"float32">, findings: readonly number[]): Promise<Float32Array[]> {
    const parts: Float32Array[][] = this.maps.map(() => []);
    for (let at = 0; at < findings.length; at += this.#step) {
      const results = await this.#follow(features, findings.slice(at, at + this.#step));
      for (const [i, map] of this.maps.entries()) parts[i]!.push(results[gradientPort(map)]!.data);
    }
    return parts.map((some) => joined(some));
  }

  #follow(features: Tensor<"float32">, findings: readonly number[]) {
    const seeds = new Float32Array(findings.length * this.#labels);
    for (const [i, c] of findings.entries()) seeds[i * this.#labels + c] = 1;
    return runFloat32(this.#session, {
      [GRADIENT_PORTS.features]: features,
      [GRADIENT_PORTS.seeds]: float32([findings.length, this.#labels], seeds),
    });
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
