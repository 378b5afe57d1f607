/**
 * Which of a checkpoint's weights are used: it may hold those of a training and averages of them, or several networks.
 *
 * Pipeline:   state dicts → **one network's tensors, by torchvision's names** → matched with the architecture
 * Knows:      what wraps a DenseNet, and that averages are the exception. Not the architecture.
 */

import { XrayError } from "../errors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isAveragedKey } from "./averaged.ts";
import { renameParameters, tensorsOfNetwork, wrapperPrefixes } from "./parameter-names.ts";
import type { StateDict } from "./state-dict.ts";

/** `plain`: as the training left them; `ema`: averages of them, whatever the file calls these. */
export const WEIGHT_KINDS = ["plain", "ema"] as const;

export type WeightKind = (typeof WEIGHT_KINDS)[number];

/** What of a state dict the choice is made by: of safetensors, too. */
export type WeightSource = Pick<
  StateDict,
  "tensors" | "where" | "path" | "isAveraged" | "module" | "moduleClass" | "siblings"
>;

/** One network of a file. */
export interface Network {
  readonly source: WeightSource;
  /** What stands before its parameters' names. */
  readonly prefix: string;
  /** The same, after the path of its state dict. */
  readonly place: string;
  readonly kind: WeightKind;
  /** By torchvision's names. What is in no network keeps its full name. */
  readonly parameters: ReadonlyMap<string, TensorEntry>;
}

/** The networks in a state dict: one where nothing in it is named as in a DenseNet. */
function networksIn(source: WeightSource): Network[] {
  const found = wrapperPrefixes(source.tensors.keys());
  const prefixes = found.length === 0 ? [""] : found;
  return prefixes.map((prefix) => ({
    source,
    prefix,
    place: prefix === "" ? source.path : `${source.path} (${prefix}…)`,
    kind: source.isAveraged || prefix.split(".").some(isAveragedKey) ? "ema" : "plain",
    parameters: renameParameters(tensorsOfNetwork(source.tensors, prefix, prefixes), prefix),
  }));
}

const hasDenseNet = ({ parameters }: Network): boolean => parameters.has("features.conv0.weight");
const hasClassifier = ({ parameters }: Network): boolean => parameters.has("classifier.weight");

/** The networks that may be meant, the likeliest first. */
function candidates(sources: readonly WeightSource[]): Network[] {
  const all = sources.flatMap(networksIn);
  const dense = all.filter(hasDenseNet);
  if (dense.length === 0) return all;
  return [...dense.filter(hasClassifier), ...dense.filter((network) => !hasClassifier(network))];
}

const STATISTIC = /\.(?:running_mean|running_var|num_batches_tracked)$/;

/** An average of what is learned alone has the running statistics of the network that it is an average of. */
function withStatistics(network: Network, plain: Network | undefined): { network: Network; notes: string[] } {
  if (
    plain === undefined ||
    network === plain ||
    [...network.parameters.keys()].some((name) => STATISTIC.test(name))
  )
    return { network, notes: [] };
  const borrowed = [...plain.parameters].filter(([name]) => STATISTIC.test(name));
  if (borrowed.length === 0) return { network, notes: [] };
  return {
    network: { ...network, parameters: new Map([...network.parameters, ...borrowed]) },
    notes: [`the averaged weights have no running statistics; those of ${plain.place} are used`],
  };
}

const inWords: Readonly<Record<WeightKind, string>> = { plain: "plain", ema: "averaged (EMA)" };

/** What else the file holds, in words. */
function othersInWords(chosen: Network, all: readonly Network[]): string[] {
  const others = all.filter((network) => network !== chosen && network.parameters !== chosen.parameters);
  const averaged = others.filter(({ kind }) => kind === "ema");
  const plain = others.filter(({ kind }) => kind === "plain");
  const list = (networks: readonly Network[]) =>
    networks
      .slice(0, 3)
      .map(({ place }) => place)
      .join(", ");
  const notes: string[] = [];
  if (chosen.kind === "ema" && plain.length === 0)
    notes.push(`the weights at ${chosen.place} are averaged (EMA); it has no others`);
  if (chosen.kind === "ema" && plain.length > 0)
    notes.push(`used the averaged (EMA) weights at ${chosen.place}; the plain ones are at ${list(plain)}`);
  if (chosen.kind === "plain" && averaged.length > 0) {
    notes.push(
      `used the plain weights at ${chosen.place}; it also holds averaged (EMA) ones at ${list(averaged)}, for --weights ema`,
    );
  }
  const alike = others.filter(({ kind }) => kind === chosen.kind);
  if (alike.length > 0)
    notes.push(`it holds further ${inWords[chosen.kind]} weights at ${list(alike)}, which are not used`);
  return notes;
}

/**
 * Choose the network of a file.
 *
 * @param sources  The file's state dicts, the likeliest first.
 * @param wanted   Plain ones where there are any, unless given.
 * @returns        The network, and what is to be said of the choice.
 * @throws         XrayError `checkpoint/no-such-weights`.
 */
export function chooseWeights(
  sources: readonly WeightSource[],
  wanted?: WeightKind,
): { network: Network; notes: readonly string[] } {
  const all = candidates(sources);
  const plain = all.find(({ kind }) => kind === "plain");
  const averaged = all.find(({ kind }) => kind === "ema");
  const chosen = wanted === undefined ? (plain ?? averaged) : wanted === "ema" ? averaged : plain;
  if (chosen === undefined) {
    throw new XrayError(
      "checkpoint/no-such-weights",
      `it holds no ${inWords[wanted!]} weights, only those at ${all.map(({ place }) => place).join(", ")}; ` +
        "leave --weights out to use these",
      { wanted },
    );
  }
  const { network, notes } =
    chosen.kind === "ema" ? withStatistics(chosen, plain) : { network: chosen, notes: [] };
  return { network, notes: [...othersInWords(chosen, all), ...notes] };
}
