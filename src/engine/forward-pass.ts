/**
 * The forward pass of an open model, which writes features to the same memory each time.
 *
 * Features of early layers take 3 MB for an image of 224 × 224. To ask the system for the memory of eight images anew takes about
 * half as long as the pass itself.
 *
 * Knows: sessions, and the names of outputs.
 */

import { runFloat32, type Session } from "../graph/session.ts";
import { isFeaturePort, PORTS } from "../models/compile.ts";
import type { Tensor } from "../tensor.ts";

/** Outputs by name. */
export type ForwardResults = Readonly<Record<string, Tensor<"float32">>>;

export class ForwardPass {
  readonly #session: Session;
  /** Features of the last run. */
  #features: ForwardResults = {};

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Run the model once. Runs must not overlap.
   *
   * @param image  [N, C, H, W], prepared.
   * @returns      Outputs with the names in `PORTS`. Those with features are valid until the next run.
   */
  async run(image: Tensor<"float32">): Promise<ForwardResults> {
    const [known] = Object.values(this.#features);
    const into = known?.shape[0] === image.shape[0] ? this.#features : {};
    const results = await runFloat32(this.#session, { [PORTS.image]: image }, undefined, into);
    this.#features = Object.fromEntries(Object.entries(results).filter(([port]) => isFeaturePort(port)));
    return results;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
