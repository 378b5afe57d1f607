/**
 * From an ONNX file and its card to a model that can be run.
 *
 * Pipeline:   ONNX file, card → **checked, with input, output and a complete card** → session
 * Knows:      ONNX files and cards. Not files, paths or sessions.
 */

import { XrayError } from "../../errors.ts";
import type { OnnxFile } from "../../formats/onnx/structure.ts";
import { channelsOf, inputSizeOf, type Preparation } from "../../image/preparation.ts";
import { CARD_KEY, type ModelCard, parseCardText, resolveCard } from "../card.ts";
import { namedOutputs } from "../load.ts";
import type { LoadHints } from "../settle-card.ts";
import { type ChosenPort, chooseInput, chooseOutput } from "./choose-ports.ts";
import type { LoadedNetwork } from "./network.ts";
import { checkRunnable } from "./runnable.ts";

/** The card in a file's metadata; empty if there is none. Throws XrayError `card/invalid`. */
export function cardIn({ metadata }: OnnxFile): ModelCard {
  const text = metadata[CARD_KEY];
  return text === undefined ? {} : parseCardText(text);
}

/** What must be known and cannot be assumed, because it cannot be seen in the network. */
const NEEDED = ["labels", "preparation", "activation"] as const;

/** The fields that a card lacks for predicting. */
export const missingFrom = (card: ModelCard): readonly (typeof NEEDED)[number][] =>
  NEEDED.filter((field) => card[field] === undefined);

type WholeCard = ModelCard & Required<Pick<ModelCard, (typeof NEEDED)[number]>>;

function wholeCard(card: ModelCard): WholeCard {
  const missing = missingFrom(card);
  if (missing.length === 0) return card as WholeCard;
  throw new XrayError(
    "onnx/no-card",
    `an ONNX file that Medical-X did not write, and nothing says its ${missing.join(", ")}; ` +
      `put a card beside it, in <file>.json, or into its metadata, under ${CARD_KEY}`,
    { missing },
  );
}

/** Check the extents of the input that are fixed. Throws XrayError `onnx/input-size`. */
function checkSize({ shape }: ChosenPort, preparation: Preparation): void {
  const { width, height } = inputSizeOf(preparation);
  const fits = (extent: number | string | undefined, wanted: number) =>
    typeof extent !== "number" || extent === wanted;
  if (fits(shape[2], height) && fits(shape[3], width)) return;
  throw new XrayError(
    "onnx/input-size",
    `it takes images of ${shape[3]} × ${shape[2]}, but its card prepares them as ${width} × ${height}; correct the preparation in the card`,
    { expected: shape.slice(2), actual: [height, width] },
  );
}

/**
 * Complete a network with its card. Only what a card says about labels, preparation and activation is used.
 *
 * @param bytes  The file.
 * @throws       XrayError `onnx/…`, `card/…`.
 */
export function loadNetwork(file: OnnxFile, bytes: Uint8Array, hints: LoadHints = {}): LoadedNetwork {
  checkRunnable(file);
  const said: ModelCard = { ...cardIn(file), ...hints.card };
  const card = wholeCard(hints.labels === undefined ? said : { ...said, labels: hints.labels });
  const input = chooseInput(file.graph);
  const output = chooseOutput(file.graph, card.labels.length, card.activation);
  const [batch, channels] = input.shape;
  const inChannels = typeof channels === "number" ? channels : channelsOf(card.preparation);
  const resolved = resolveCard({ numLabels: card.labels.length, inChannels }, said, hints.labels);
  checkSize(input, card.preparation);
  const outputs = namedOutputs(resolved);
  return {
    network: {
      bytes,
      input: { name: input.name, dtype: input.dtype },
      output: { name: output.name, dtype: output.dtype },
      width: card.labels.length,
      batch: typeof batch === "number" ? batch : undefined,
    },
    inChannels,
    numLabels: outputs.length,
    card: { ...resolved, labels: outputs.map((i) => resolved.labels[i]!) },
    format: "onnx",
    weightKind: "plain",
    outputs,
    notes: [
      "its network is run and not understood, so heatmaps are made by occlusion",
      ...(card.activation === "none"
        ? ["its outputs are probabilities already, and its logits are computed from them"]
        : []),
    ],
  };
}
