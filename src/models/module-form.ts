/**
 * What a pickled module says about its own form, beyond the names and shapes of its parameters.
 *
 * A module of another class or with other settings may have a DenseNet121's parameters but compute something else.
 *
 * Knows:      how torch.nn pickles modules. `module-features.ts` checks the modules of the features.
 * Reference:  torch/nn/modules; torchvision/models/densenet.py.
 */

import { quote, XrayError } from "../errors.ts";
import { PickleDict, type PickleObject } from "../formats/pickle/values.ts";
import { TorchTensor, UnreadTensor } from "../formats/torch/tensors.ts";
import type { Activation } from "./activation.ts";
import { checkFeatures, isTransparent, otherModule } from "./module-features.ts";
import { childrenOf, type PathStep, pathToNetwork, torchClass } from "./module-path.ts";

const MAX_DEPTH = 32;

/** The activation that each class in a head applies to the linear layer's outputs. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  Sigmoid: "sigmoid",
  LogSigmoid: "sigmoid",
  Softmax: "softmax",
  LogSoftmax: "softmax",
};

const isActivation = (module: PickleObject): boolean => Object.hasOwn(ACTIVATIONS, torchClass(module) ?? "");

/** Whether a module has parameters of its own, which are matched by name and shape. */
function hasParameters(module: PickleObject): boolean {
  const parameters = module.attribute("_parameters");
  return (
    parameters instanceof PickleDict &&
    [...parameters.values()].some((value) => value instanceof TorchTensor || value instanceof UnreadTensor)
  );
}

function otherHead(problem: string, details: Record<string, unknown>): XrayError {
  return new XrayError(
    "checkpoint/other-head",
    `its outputs pass through ${problem}, but only a sigmoid or a softmax over the labels can be applied here; ` +
      'If one of these is what they are to be read with, say so in a card beside it: { "activation": "sigmoid" } or ' +
      '{ "activation": "softmax" }',
    details,
  );
}

/** The activation of a module after the linear layer; undefined if it does nothing. Throws `checkpoint/other-head`. */
function activationOf(name: string, module: PickleObject): Activation | undefined {
  if (isTransparent(module)) return undefined;
  const className = torchClass(module) ?? module.className ?? "module without a class";
  const activation = Object.hasOwn(ACTIVATIONS, className) ? ACTIVATIONS[className] : undefined;
  const dim = module.attribute("dim") ?? null;
  const isOverLabels = activation !== "softmax" || dim === 1 || dim === -1 || dim === null;
  if (activation !== undefined && isOverLabels) return activation;
  const what = activation === undefined ? `a ${className}` : `a ${className} over dimension ${quote(dim)}`;
  throw otherHead(`${what} (${name})`, { name, className });
}

/** The members of a head, in order, without its containers. */
function flatten(name: string, module: PickleObject, depth = 0): [string, PickleObject][] {
  const children = childrenOf(module);
  if (children.length === 0 || depth > MAX_DEPTH) return [[name, module]];
  return children.flatMap(([key, child]) => flatten(`${name}.${key}`, child, depth + 1));
}

/** The modules after the classifier's linear layer. Throws if any module before it would change the features. */
function behindLinear(classifier: PickleObject): [string, PickleObject][] {
  const members = flatten("classifier", classifier);
  const linear = members.findIndex(([, module]) => hasParameters(module));
  // Pooled features are never negative, so that a ReLU leaves them as they are.
  const before = members
    .slice(0, Math.max(linear, 0))
    .find(([, module]) => !isTransparent(module) && torchClass(module) !== "ReLU");
  if (before !== undefined) {
    const [name, module] = before;
    throw otherModule(name, `a ${module.className} stands before the linear layer`, { name });
  }
  return members.slice(linear + 1);
}

/** Names and classes of modules that may change the image before the network sees it; then, names of such buffers. */
const PREPARES = /norm|standard|preproc|transform|augment|resize|rescale/i;
const PREPARING_BUFFER = /^(?:\w+_)?(?:mean|std)$/;

/** Refuse a step whose own modules or buffers may prepare images, since their effect cannot be reproduced here. */
function checkPreparation({ module, place, next }: PathStep): void {
  const siblings = childrenOf(module);
  const at = siblings.findIndex(([key]) => key === next);
  const isInOrder = torchClass(module) === "Sequential";
  const before = isInOrder ? siblings.slice(0, at).find(([, child]) => !isTransparent(child)) : undefined;
  if (before !== undefined)
    throw otherModule(
      `${place}${before[0]}`,
      `a ${before[1].className ?? "module"} stands before the network`,
      {},
    );
  const parts = next === undefined ? ["features", "classifier"] : [next];
  const preparing = siblings.find(
    ([key, child]) =>
      !parts.includes(key) &&
      !isTransparent(child) &&
      (PREPARES.test(key) || PREPARES.test(child.className ?? "")),
  );
  if (preparing !== undefined) {
    const [key, { className = "module" }] = preparing;
    throw otherModule(
      `${place}${key}`,
      `a ${className} stands beside the network, and may prepare its images`,
      { className },
    );
  }
  const buffers = module.attribute("_buffers");
  const transient = module.attribute("_non_persistent_buffers_set");
  for (const [key] of buffers instanceof PickleDict ? buffers : []) {
    if (
      typeof key === "string" &&
      PREPARING_BUFFER.test(key) &&
      transient instanceof Set &&
      transient.has(key)
    )
      throw otherModule(
        `${place}${key}`,
        "it is a mean or a standard deviation, by which images may be normalised",
        {},
      );
  }
}

/**
 * The modules of a step that the network's outputs may pass through: in a Sequential all that follow the network, in
 * other classes every activation.
 */
function behindStep({ module, place, next }: PathStep): [string, PickleObject][] {
  const siblings = childrenOf(module);
  const at = siblings.findIndex(([key]) => key === next);
  const isInOrder = torchClass(module) === "Sequential";
  const following = isInOrder
    ? siblings.slice(at + 1)
    : siblings.filter(([key, child]) => key !== next && isActivation(child));
  return following.map(([key, child]) => [`${place}${key}`, child]);
}

/** Classes whose forward is known to add nothing: torch's own, and the networks of known families. */
const KNOWN_CLASS =
  /^torch\.nn\.|^torch\.optim\.swa_utils\.|^torchvision\.models\.densenet\.DenseNet$|^torchxrayvision\.models\.DenseNet$/;

/** What a pickled module says about its form. */
export interface ModuleForm {
  /** What its own head does with the logits; undefined if it leaves them as they are. */
  readonly activation: Activation | undefined;
  readonly notes: readonly string[];
}

/**
 * Read the form of a whole module.
 *
 * @param prefix         The prefix of the network's parameters in it: `module.densenet121.`
 * @param hasActivation  Whether the activation is known from elsewhere. The module's head is then not examined.
 * @throws               XrayError `checkpoint/other-module` if its features compute something other than a
 *                       DenseNet121's, or if it may prepare images itself; `checkpoint/other-head` if its outputs pass
 *                       through something that cannot be applied here.
 */
export function readModuleForm(module: PickleObject, prefix: string, hasActivation = false): ModuleForm {
  const path = pathToNetwork(module, prefix);
  for (const step of path) checkPreparation(step);
  const network = path.at(-1)!.module;
  const parts = new Map(childrenOf(network));
  const features = parts.get("features");
  if (features !== undefined) checkFeatures(features);
  const own = path.map((step) => step.module.className ?? "").find((name) => !KNOWN_CLASS.test(name));
  const notes =
    own === undefined
      ? []
      : [
          `its class ${own} is not a known one: whatever its forward does besides running its layers cannot be read and is not applied`,
        ];
  if (hasActivation) return { activation: undefined, notes };
  const classifier = parts.get("classifier");
  const head = [
    ...(classifier === undefined ? [] : behindLinear(classifier)),
    // A subclass of DenseNet may keep an activation that its forward applies beside its classifier.
    ...[...parts].filter(([, child]) => isActivation(child)),
    ...path.slice(0, -1).toReversed().flatMap(behindStep),
  ];
  const found = head.flatMap(([name, child]) => {
    const activation = activationOf(name, child);
    return activation === undefined ? [] : [{ activation, by: name }];
  });
  const [first, second] = found;
  if (second !== undefined)
    throw otherHead(`two activations (${first!.by} and ${second.by})`, { names: found.map(({ by }) => by) });
  const shares = `its head ends in a softmax (${first?.by}), so the probabilities of its labels add up to 1`;
  return {
    activation: first?.activation,
    notes: first?.activation === "softmax" ? [...notes, shares] : notes,
  };
}
