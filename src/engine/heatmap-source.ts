/**
 * Where an open model's heatmaps come from: the forward pass itself, its features, or gradients.
 *
 * Pipeline:   prediction's outputs → **maps of the wanted findings**
 * Knows:      sessions and heatmap methods. Not images or files.
 */

import { runFloat32, type Session, type SessionFactory, type SessionOptions } from "../graph/session.ts";
import { eigencam } from "../heatmaps/eigencam.ts";
import { type HeatmapMethod, METHOD_FORMS } from "../heatmaps/methods.ts";
import { compileGradients, GRADIENT_PORTS, layerShape } from "../models/compile-gradients.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import type { LoadedModel } from "../models/load.ts";
import { float32, type Tensor } from "../tensor.ts";

/** Raw class activation maps of one image. */
export interface Heatmaps {
  /** findings × height × width, C order, after the ReLU, neither normalised nor resized. */
  readonly data: Float32Array;
  /** Index of the label that each map belongs to. */
  readonly findings: readonly number[];
  readonly height: number;
  readonly width: number;
}

/** Number of findings times map positions whose gradients are followed at once. More takes memory and is no faster. */
const AT_ONCE = 24_576;

/** Computes one method's maps at one layer. */
export class HeatmapSource {
  readonly method: HeatmapMethod;
  readonly layer: HeatmapLayer;
  readonly height: number;
  readonly width: number;
  readonly #labels: number;
  /** Only if the maps need gradients. */
  readonly #gradients: Session | undefined;

  private constructor(
    model: LoadedModel,
    method: HeatmapMethod,
    layer: HeatmapLayer,
    gradients: Session | undefined,
  ) {
    [, this.height, this.width] = layerShape(model, layer);
    this.method = method;
    this.layer = layer;
    this.#labels = model.numLabels;
    this.#gradients = gradients;
  }

  static async open(
    model: LoadedModel,
    { method, layer }: { readonly method: HeatmapMethod; readonly layer: HeatmapLayer },
    createSession: SessionFactory,
    options: SessionOptions,
  ): Promise<HeatmapSource> {
    const forms = METHOD_FORMS[method];
    const isForward = forms === "from-features" || layer === "norm5";
    const gradients = isForward
      ? undefined
      : await createSession(compileGradients(model, layer, forms.fromGradients), options);
    return new HeatmapSource(model, method, layer, gradients);
  }

  /**
   * Compute the maps of one view.
   *
   * @param results   The outputs of a model that was compiled for the same method and layer.
   * @param view      The row of the outputs to use.
   * @param findings  Indices of labels; all by default.
   */
  async of(
    { heatmaps, features }: Readonly<Record<string, Tensor<"float32">>>,
    view: number,
    findings: readonly number[] = Array.from({ length: this.#labels }, (_, i) => i),
  ): Promise<Heatmaps> {
    const { height, width } = this;
    const size = height * width;
    const row = ({ data, shape }: Tensor<"float32">) => {
      const length = data.length / shape[0]!;
      return data.subarray(view * length, (view + 1) * length);
    };
    const data = new Float32Array(findings.length * size);
    if (heatmaps !== undefined) {
      const all = row(heatmaps);
      for (const [i, c] of findings.entries()) data.set(all.subarray(c * size, (c + 1) * size), i * size);
    } else if (this.#gradients === undefined) {
      if (findings.length === 0) return { data, findings, height, width };
      const map = eigencam(row(features!), features!.shape[1]!, size);
      for (const i of findings.keys()) data.set(map, i * size);
    } else {
      const image = float32([1, ...features!.shape.slice(1)], row(features!));
      const step = Math.max(1, Math.floor(AT_ONCE / size));
      for (let at = 0; at < findings.length; at += step) {
        data.set(await this.#follow(this.#gradients, image, findings.slice(at, at + step)), at * size);
      }
    }
    return { data, findings, height, width };
  }

  /** Follow gradients to the maps of some findings, from one image's features. */
  async #follow(
    session: Session,
    features: Tensor<"float32">,
    findings: readonly number[],
  ): Promise<Float32Array> {
    const seeds = new Float32Array(findings.length * this.#labels);
    for (const [i, c] of findings.entries()) seeds[i * this.#labels + c] = 1;
    const feeds = {
      [GRADIENT_PORTS.features]: features,
      [GRADIENT_PORTS.seeds]: float32([findings.length, this.#labels], seeds),
    };
    return (await runFloat32(session, feeds))[GRADIENT_PORTS.heatmaps]!.data;
  }

  async release(): Promise<void> {
    await this.#gradients?.release();
  }
}
