/**
 * What a pickled module says of its own form, beyond the names and shapes of its parameters.
 *
 * A module of another class, or with other settings, may have a DenseNet121's parameters and compute something else.
 *
 * Knows:      how torch.nn pickles modules, and what torchvision's DenseNet121 is made of.
 * Reference:  torchvision/models/densenet.py; torch/nn/modules.
 */

import { quote, XrayError } from "../errors.ts";
import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import type { Activation } from "./activation.ts";

const MAX_DEPTH = 32;

/** `ReLU` of `torch.nn.modules.activation.ReLU`; undefined of classes that are not torch's. */
function torchClass(module: PickleObject): string | undefined {
  return /^torch\.nn\.(?:\w+\.)*(\w+)$/.exec(module.className ?? "")?.[1];
}

function childrenOf(module: PickleObject): [string, PickleObject][] {
  const children = module.attribute("_modules");
  if (!(children instanceof PickleDict)) return [];
  return [...children].filter(
    (entry): entry is [string, PickleObject] =>
      typeof entry[0] === "string" && entry[1] instanceof PickleObject,
  );
}

/** Classes that compute nothing of their own in a network that predicts. */
const TRANSPARENT = new Set(["Dropout", "Dropout2d", "Dropout1d", "AlphaDropout", "Identity", "Flatten"]);
const CONTAINERS = new Set([
  "Sequential",
  "ModuleList",
  "ModuleDict",
  "DataParallel",
  "DistributedDataParallel",
]);

/** A setting as one number, where a pair says it twice. */
function setting(module: PickleObject, name: string): PickleValue | undefined {
  const value = module.attribute(name);
  return Array.isArray(value) && value.length === 2 && value[0] === value[1] ? value[0] : value;
}

/** The settings that each class has in a DenseNet121, for modules whose name ends so. */
const SETTINGS: Readonly<Record<string, (name: string) => Readonly<Record<string, PickleValue>>>> = {
  BatchNorm2d: () => ({ eps: 1e-5 }),
  SyncBatchNorm: () => ({ eps: 1e-5 }),
  ReLU: () => ({}),
  Conv2d: (name) => ({
    stride: name.endsWith("conv0") ? 2 : 1,
    padding: name.endsWith("conv0") ? 3 : /conv\.?2$/.test(name) ? 1 : 0,
    dilation: 1,
    groups: 1,
    padding_mode: "zeros",
  }),
  MaxPool2d: () => ({ kernel_size: 3, stride: 2, padding: 1, dilation: 1, ceil_mode: false }),
  AvgPool2d: () => ({ kernel_size: 2, stride: 2, padding: 0 }),
};

function unlike(name: string, problem: string, details: Record<string, unknown> = {}): XrayError {
  return new XrayError(
    "checkpoint/other-module",
    `its module ${name} is no part of a DenseNet121 as torchvision writes it: ${problem}. ` +
      "If the network computes the same all the same, save its weights alone with torch.save(model.state_dict(), …)",
    { name, ...details },
  );
}

/** What stands in torchvision's network where a module is called so. */
const PLACES: readonly (readonly [name: RegExp, classes: readonly string[]])[] = [
  [/relu\.?\d*$/, ["ReLU"]],
  [/norm\.?\d*$/, ["BatchNorm2d", "SyncBatchNorm"]],
  [/conv\.?\d*$/, ["Conv2d"]],
  [/pool0$/, ["MaxPool2d"]],
  [/pool$/, ["AvgPool2d"]],
];

/** A module of the features must be what stands there in torchvision's network, with the same settings. */
function checkLeaf(name: string, module: PickleObject): void {
  const className = torchClass(module);
  if (className === undefined || CONTAINERS.has(className)) return;
  const [, classes] = PLACES.find(([place]) => place.test(name)) ?? [];
  const isInPlace =
    classes?.includes(className) ?? (TRANSPARENT.has(className) || Object.hasOwn(SETTINGS, className));
  if (!isInPlace) throw unlike(name, `its class is ${className}`, { className });
  for (const [key, expected] of Object.entries(SETTINGS[className]?.(name) ?? {})) {
    const actual = setting(module, key);
    // An older PyTorch did not have the setting, or left a stride to be the kernel's extent.
    if (actual === undefined || actual === null || actual === expected) continue;
    throw unlike(name, `its ${key} is ${quote(actual)}, not ${quote(expected)}`, { key, actual });
  }
}

function checkFeatures(name: string, module: PickleObject, depth: number): void {
  if (depth > MAX_DEPTH) return;
  checkLeaf(name, module);
  for (const [key, child] of childrenOf(module)) checkFeatures(`${name}.${key}`, child, depth + 1);
}

/** What the classes of a head make of its linear layer's outputs. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  Sigmoid: "sigmoid",
  LogSigmoid: "sigmoid",
  Softmax: "softmax",
  LogSoftmax: "softmax",
};

/** A linear layer, of whichever class: its parameters are matched by name and shape. */
function hasParameters(module: PickleObject): boolean {
  const parameters = module.attribute("_parameters");
  return parameters instanceof PickleDict && parameters.size > 0;
}

/** The activation of a module by its class; undefined where it changes nothing. Throws where it cannot be applied. */
function activationOf(name: string, module: PickleObject): Activation | undefined {
  const className = torchClass(module) ?? module.className ?? "module without a class";
  if (TRANSPARENT.has(className) || CONTAINERS.has(className) || hasParameters(module)) return undefined;
  const activation = Object.hasOwn(ACTIVATIONS, className) ? ACTIVATIONS[className] : undefined;
  const dim = module.attribute("dim") ?? null;
  const isOverLabels = activation !== "softmax" || dim === 1 || dim === -1 || dim === null;
  if (activation !== undefined && isOverLabels) return activation;
  const what = activation === undefined ? `a ${className}` : `a ${className} over dimension ${quote(dim)}`;
  throw new XrayError(
    "checkpoint/other-head",
    `its outputs pass through ${what} (${name}), which is not applied here: Sigmoid and Softmax over the labels are. ` +
      'If they are to be read as logits, say so in a card beside it: { "activation": "sigmoid" }',
    { name, className },
  );
}

/** What a pickled module says. */
export interface ModuleForm {
  /** What its own head makes of the logits; undefined where it leaves them as they are. */
  readonly activation: Activation | undefined;
  /** The module that says so: `classifier.1`. */
  readonly by: string | undefined;
}

/** The network in the whole module, and the modules that its outputs pass through on the way out. */
function pathTo(
  module: PickleObject,
  prefix: string,
): { network: PickleObject; after: [string, PickleObject][] } {
  let network = module;
  const after: [string, PickleObject][] = [];
  let place = "";
  for (const part of prefix.split(".").filter((text) => text !== "")) {
    const siblings = childrenOf(network);
    const at = siblings.findIndex(([key]) => key === part);
    if (at < 0) break;
    // Beside a network, a module of one's own class may have what its forward applies at the end.
    const isInOrder = torchClass(network) === "Sequential";
    const before = isInOrder ? siblings.slice(0, at).find(([, child]) => !isTransparent(child)) : undefined;
    if (before !== undefined) {
      const [key, { className = "module" }] = before;
      throw unlike(`${place}${key}`, `a ${className} stands before the network`, { className });
    }
    const following = isInOrder
      ? siblings.slice(at + 1)
      : siblings.filter(([, child]) => isActivation(child));
    after.unshift(...following.map(([key, child]): [string, PickleObject] => [`${place}${key}`, child]));
    network = siblings[at]![1];
    place += `${part}.`;
  }
  return { network, after };
}

const isTransparent = (module: PickleObject): boolean => TRANSPARENT.has(torchClass(module) ?? "");

const isActivation = (module: PickleObject): boolean => Object.hasOwn(ACTIVATIONS, torchClass(module) ?? "");

/**
 * Read the form of a whole module.
 *
 * @param prefix         What stands before the network's parameters in it: `module.densenet121.`
 * @param hasActivation  Whether it is known otherwise what becomes of the logits: then its head is not asked.
 * @throws               XrayError `checkpoint/other-module` where its features compute something else than a DenseNet121,
 *                       `checkpoint/other-head` where its outputs pass through what cannot be applied.
 */
export function readModuleForm(module: PickleObject, prefix: string, hasActivation = false): ModuleForm {
  const { network, after } = pathTo(module, prefix);
  const parts = new Map(childrenOf(network));
  const features = parts.get("features");
  if (features !== undefined) checkFeatures("features", features, 0);
  if (hasActivation) return { activation: undefined, by: undefined };
  const classifier = parts.get("classifier");
  const head: [string, PickleObject][] = [
    ...(classifier === undefined ? [] : flatten("classifier", classifier)),
    // A subclass of DenseNet may keep what its forward applies beside its classifier.
    ...[...parts].filter(([, child]) => isActivation(child)),
    ...after,
  ];
  const found = head.flatMap(([name, child]) => {
    const activation = activationOf(name, child);
    return activation === undefined ? [] : [{ activation, by: name }];
  });
  const [first, second] = found;
  if (second !== undefined) {
    throw new XrayError(
      "checkpoint/other-head",
      `its outputs pass through two activations (${first!.by}, ${second.by}), which is not applied here. ` +
        'If one is right, say which in a card beside it: { "activation": "sigmoid" }',
      { names: found.map(({ by }) => by) },
    );
  }
  return { activation: first?.activation, by: first?.by };
}

/** The members of a head in order, without its containers. */
function flatten(name: string, module: PickleObject, depth = 0): [string, PickleObject][] {
  const children = childrenOf(module);
  if (children.length === 0 || depth > MAX_DEPTH) return [[name, module]];
  return children.flatMap(([key, child]) => flatten(`${name}.${key}`, child, depth + 1));
}
