/**
 * A model whose network is run and not understood: anyone's classifier, with a card.
 *
 * Knows: types only. `load-network.ts` makes such models; `engine/network-pass.ts` runs them.
 */

import type { LoadedFacts } from "../load.ts";

/** Element types of inputs and outputs that can be run. */
export type NetworkDType = "float32" | "float16";

/** An input or output of a network. */
export interface NetworkPort {
  readonly name: string;
  readonly dtype: NetworkDType;
}

/** A network as ONNX Runtime runs it. */
export interface Network {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** [N, C, H, W] */
  readonly input: NetworkPort;
  /** [N, outputs of the file] */
  readonly output: NetworkPort;
  /** Numbers in the output for each image, those without a label included. */
  readonly width: number;
  /** N, if it is fixed. */
  readonly batch: number | undefined;
}

/** A network with a complete card. */
export interface LoadedNetwork extends LoadedFacts {
  readonly network: Network;
}
