/**
 * Which of a checkpoint's weights are used: it may hold those of a training and averages of them, or several networks.
 *
 * Pipeline:   state dicts → **one network's tensors, by torchvision's names** → matched with the architecture
 * Knows:      what wraps a DenseNet, and that averages are the exception. Not the architecture.
 */

import { XrayError } from "../errors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isAveragedKey } from "./averaged.ts";
import type { AveragedList } from "./averaged-lists.ts";
import { renameParameters, tensorsOfNetwork, wrapperPrefixes } from "./parameter-names.ts";
import { flatName } from "./side-tensors.ts";
import type { StateDict } from "./state-dict.ts";

/** `plain`: as the training left them; `ema`: averages of them, whatever the file calls these. */
export const WEIGHT_KINDS = ["plain", "ema"] as const;

export type WeightKind = (typeof WEIGHT_KINDS)[number];

/** What of a state dict the choice is made by: of safetensors, too. */
export type WeightSource = Pick<
  StateDict,
  "tensors" | "where" | "path" | "isAveraged" | "module" | "siblings"
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

/** Averages of a network's parameters that are kept without names, or under names without dots. */
function unnamedAverages(plain: Network, lists: readonly AveragedList[]): Network[] {
  const learned = [...plain.parameters].filter(
    ([name]) => /^(?:features|classifier)\./.test(name) && !STATISTIC.test(name),
  );
  const average = (place: string, tensors: readonly (TensorEntry | undefined)[]): Network[] => {
    const isWhole = learned.every(([, { shape }], i) => tensors[i]?.shape.join() === shape.join());
    if (!isWhole) return [];
    const parameters = new Map(learned.map(([name], i) => [name, tensors[i]!]));
    return [{ source: plain.source, prefix: plain.prefix, place, kind: "ema", parameters }];
  };
  const flat = new Map<string, TensorEntry>();
  let owner = "";
  for (const [name, entry] of plain.source.tensors) {
    const at = name.lastIndexOf(".");
    if (at < 0 || !name.slice(0, at).split(".").some(isAveragedKey)) continue;
    flat.set(flatName(name.slice(at + 1)), entry);
    owner = name.slice(0, at);
  }
  const flatTensors = learned.map(([name]) => flat.get(flatName(name)));
  return [
    ...lists
      .filter(({ tensors }) => tensors.length === learned.length)
      .flatMap(({ path, tensors }) => average(path, tensors)),
    ...(flat.size === 0 ? [] : average(`${plain.source.path} (${owner}…)`, flatTensors)),
  ];
}

const STATISTIC = /\.(?:running_mean|running_var|num_batches_tracked)$/;

const hasDenseNet = ({ parameters }: Network): boolean => parameters.has("features.conv0.weight");
const hasClassifier = ({ parameters }: Network): boolean => parameters.has("classifier.weight");

/** ImageNet's classes: a network to start from, and not one of findings. */
const isBackbone = ({ parameters }: Network): boolean =>
  parameters.get("classifier.weight")?.shape[0] === 1000;

/** The networks that may be meant, the likeliest first. */
function candidates(sources: readonly WeightSource[], lists: readonly AveragedList[]): Network[] {
  const all = sources.flatMap(networksIn);
  const dense = all.filter(hasDenseNet);
  if (dense.length === 0) return all;
  const rank = (network: Network): number => (hasClassifier(network) ? (isBackbone(network) ? 1 : 0) : 2);
  const ranked = dense.toSorted((a, b) => rank(a) - rank(b));
  const plain = ranked.find(({ kind }) => kind === "plain");
  return plain === undefined ? ranked : [...ranked, ...unnamedAverages(plain, lists)];
}

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
    notes.push(`the weights at ${chosen.place} are averaged (EMA); the file has no others`);
  if (chosen.kind === "ema" && plain.length > 0)
    notes.push(`used the averaged (EMA) weights at ${chosen.place}; the plain ones are at ${list(plain)}`);
  if (chosen.kind === "plain" && averaged.length > 0) {
    notes.push(
      `used the plain weights at ${chosen.place}; the file also holds averaged (EMA) ones at ${list(averaged)}; the option weights, set to ema, chooses them`,
    );
  }
  const alike = others.filter(({ kind }) => kind === chosen.kind);
  if (alike.length > 0)
    notes.push(`the file holds more ${inWords[chosen.kind]} weights, at ${list(alike)}, which are not used`);
  return notes;
}

/**
 * Choose the network of a file.
 *
 * @param sources  The file's state dicts, the likeliest first.
 * @param wanted   Plain ones where there are any, unless given.
 * @param lists    Averages in it that are kept as lists.
 * @returns        The network, and what is to be said of the choice.
 * @throws         XrayError `checkpoint/no-such-weights`.
 */
export function chooseWeights(
  sources: readonly WeightSource[],
  wanted?: WeightKind,
  lists: readonly AveragedList[] = [],
): { network: Network; notes: readonly string[] } {
  const all = candidates(sources, lists);
  const plain = all.find(({ kind }) => kind === "plain");
  const averaged = all.find(({ kind }) => kind === "ema");
  const chosen = wanted === undefined ? (plain ?? averaged) : wanted === "ema" ? averaged : plain;
  if (chosen === undefined) {
    throw new XrayError(
      "checkpoint/no-such-weights",
      `the file holds only ${inWords[wanted === "ema" ? "plain" : "ema"]} weights, at ${all.map(({ place }) => place).join(", ")}` +
        `${lists.length > 0 ? `, and a list of averages at ${lists[0]!.path} that does not fit them` : ""}; leave the choice out to use these`,
      { wanted },
    );
  }
  const { network, notes } =
    chosen.kind === "ema" ? withStatistics(chosen, plain) : { network: chosen, notes: [] };
  return { network, notes: [...othersInWords(chosen, all), ...notes] };
}
