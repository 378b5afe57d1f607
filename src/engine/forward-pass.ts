/**
 * The forward pass of an open model. That of a DenseNet121 writes features to the same memory each time.
 *
 * Features of early layers take 3 MB for an image of 224 × 224. To ask the system for the memory of eight images anew takes about
 * half as long as the pass itself.
 *
 * Knows: sessions, and the names of outputs.
 */

import type { XrayError } from "../errors.ts";
import { runFloat32, type Session } from "../graph/session.ts";
import { isFeaturePort, PORTS } from "../models/compile.ts";
import { ofDType, type Tensor } from "../tensor.ts";

/** Outputs by name. */
export type ForwardResults = Readonly<Record<string, Tensor<"float32">>>;

/** Runs a model's network. Runs must not overlap. */
export interface Forward {
  /**
   * Run the model once.
   *
   * @param image  [N, C, H, W], prepared.
   * @returns      Outputs with the names in `PORTS`. Those with features are valid until the next run.
   */
  run(image: Tensor<"float32">): Promise<ForwardResults>;
  /** Only the logits, [N, labels]. Features of the last run stay valid. */
  logits(image: Tensor<"float32">): Promise<Tensor<"float32">>;
  /** Why the results of one image cannot be used; undefined if they can. */
  faultOf(results: ForwardResults, row: number): XrayError | undefined;
  release(): Promise<void>;
}

/** The pass of a compiled DenseNet121. */
export class ForwardPass implements Forward {
  readonly #session: Session;
  /** Features of the last run. */
  #features: ForwardResults = {};

  constructor(session: Session) {
    this.#session = session;
  }

  async run(image: Tensor<"float32">): Promise<ForwardResults> {
    const [known] = Object.values(this.#features);
    const into = known?.shape[0] === image.shape[0] ? this.#features : {};
    const results = await runFloat32(this.#session, { [PORTS.image]: image }, undefined, into);
    this.#features = Object.fromEntries(Object.entries(results).filter(([port]) => isFeaturePort(port)));
    return results;
  }

  async logits(image: Tensor<"float32">): Promise<Tensor<"float32">> {
    const results = await this.#session.run({ [PORTS.image]: image }, [PORTS.logits]);
    return ofDType(results[PORTS.logits]!, "float32", "the logits");
  }

  /** Weights are finite, so results are. */
  faultOf(): undefined {
    return undefined;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
