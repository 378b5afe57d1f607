/**
 * Which of a checkpoint's weights are used. A file may hold plain weights and averages of them, or several networks.
 *
 * Pipeline:   state dicts → **one network's tensors, by torchvision's names** → matched with the architecture
 * Knows:      what may wrap a DenseNet, and that plain weights are preferred. Not the architecture.
 */

import { XrayError } from "../errors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isAveragedKey } from "./averaged.ts";
import type { AveragedList } from "./averaged-lists.ts";
import { renameParameters, tensorsOfNetwork, wrapperPrefixes } from "./parameter-names.ts";
import { flatName } from "./side-tensors.ts";
import type { StateDict } from "./state-dict.ts";

/** `plain`: the weights as training left them; `ema`: averages of them, whatever the file calls them. */
export const WEIGHT_KINDS = ["plain", "ema"] as const;

/** Which of a checkpoint's weights: `plain`, as training left them, or `ema`, averages of them. */
export type WeightKind = (typeof WEIGHT_KINDS)[number];

/** The parts of a state dict on which the choice depends. safetensors files have them, too. */
export type WeightSource = Pick<
  StateDict,
  "tensors" | "where" | "path" | "isAveraged" | "module" | "siblings"
>;

/** One network of a file. */
export interface Network {
  readonly source: WeightSource;
  /** The prefix of its parameters' names in the file. */
  readonly prefix: string;
  /** Where it is in the file, for messages: the path of its state dict, and the prefix. */
  readonly place: string;
  readonly kind: WeightKind;
  /** By torchvision's names. Tensors that belong to no network keep their full names. */
  readonly parameters: ReadonlyMap<string, TensorEntry>;
}

/** The networks in a state dict. If nothing in it is named as in a DenseNet, the whole dict counts as one. */
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

/** Averages of a network's parameters that are kept without names, or under names whose dots were removed. */
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

/** Whether a network has ImageNet's 1,000 classes, so that it is one to start from and not one of findings. */
const isBackbone = ({ parameters }: Network): boolean =>
  parameters.get("classifier.weight")?.shape[0] === 1000;

/** The networks that may be meant, most likely first. */
function candidates(sources: readonly WeightSource[], lists: readonly AveragedList[]): Network[] {
  const all = sources.flatMap(networksIn);
  const dense = all.filter(hasDenseNet);
  if (dense.length === 0) return all;
  const rank = (network: Network): number => (hasClassifier(network) ? (isBackbone(network) ? 1 : 0) : 2);
  const ranked = dense.toSorted((a, b) => rank(a) - rank(b));
  const plain = ranked.find(({ kind }) => kind === "plain");
  return plain === undefined ? ranked : [...ranked, ...unnamedAverages(plain, lists)];
}

/** Complete averages of learned parameters with the running statistics of the plain network, if they have none. */
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

/** Notes on what else the file holds. */
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
 * Choose which of a file's networks to use.
 *
 * @param sources  The file's state dicts, most likely first.
 * @param wanted   Which kind of weights to use. Default: plain ones if there are any.
 * @param lists    Averaged weights in the file that are kept as lists.
 * @returns        The network, and notes on the choice.
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
