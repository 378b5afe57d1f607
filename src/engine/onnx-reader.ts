/**
 * The reader of ONNX files. In a browser it is a script of its own, which is fetched for the first ONNX file.
 *
 * Knows: which kinds of ONNX files there are. How they are read is in `formats/onnx` and `models`.
 */

import { readOnnx } from "../formats/onnx/read.ts";
import type { OnnxFile } from "../formats/onnx/structure.ts";
import type { ModelCard } from "../models/card.ts";
import type { Checkpoint } from "../models/checkpoint.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { cardIn, loadNetwork } from "../models/network/load-network.ts";
import type { LoadedNetwork } from "../models/network/network.ts";
import { ownCheckpoint } from "../models/own-files/own-onnx.ts";
import type { LoadHints } from "../models/settle-card.ts";

/** An ONNX file that is read as weights, or whose network can only be run. */
export type ReadOnnx = { readonly onnx: OnnxFile } & (
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint }
  | {
      readonly kind: "network";
      /** The card in the file. */
      readonly ownCard: ModelCard;
      /** Complete it with a card. Throws XrayError `onnx/…`, `card/…`. */
      readonly load: (hints: LoadHints) => LoadedNetwork;
    }
);

/**
 * Read an ONNX file. Nothing in it is executed.
 *
 * @throws  XrayError `onnx/…`, `card/invalid`, and as `ownCheckpoint`.
 */
export function readOnnxModel(bytes: Uint8Array, weights?: WeightKind): ReadOnnx {
  const onnx = readOnnx(bytes);
  const checkpoint = ownCheckpoint(onnx, weights);
  if (checkpoint !== undefined) return { kind: "checkpoint", onnx, checkpoint };
  return { kind: "network", onnx, ownCard: cardIn(onnx), load: (hints) => loadNetwork(onnx, bytes, hints) };
}
