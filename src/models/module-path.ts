/**
 * The path from a pickled module to the network inside it.
 *
 * Knows: how torch.nn pickles modules. Not what they compute.
 */

import { PickleDict, PickleObject } from "../formats/pickle/values.ts";

/** The name of a torch.nn class, such as `ReLU` for `torch.nn.modules.activation.ReLU`; undefined for other classes. */
export function torchClass(module: PickleObject): string | undefined {
  return /^torch\.nn\.(?:\w+\.)*(\w+)$/.exec(module.className ?? "")?.[1];
}

/** A module's direct submodules with their names, in order. */
export function childrenOf(module: PickleObject): [string, PickleObject][] {
  const children = module.attribute("_modules");
  if (!(children instanceof PickleDict)) return [];
  return [...children].filter(
    (entry): entry is [string, PickleObject] =>
      typeof entry[0] === "string" && entry[1] instanceof PickleObject,
  );
}

/** A module on the path, and the name of the next one. */
export interface PathStep {
  readonly module: PickleObject;
  /** Its dotted path as a prefix: empty for the outermost module, `module.` for a child of it. */
  readonly place: string;
  /** The child at which the path continues; undefined for the network itself. */
  readonly next: string | undefined;
}

/**
 * The modules from the outermost to the network inside it, both included.
 *
 * @param prefix  The prefix of the network's parameters in the outermost module: `module.densenet121.`
 */
export function pathToNetwork(module: PickleObject, prefix: string): PathStep[] {
  const steps: PathStep[] = [];
  let [at, place] = [module, ""];
  for (const next of prefix.split(".").filter((part) => part !== "")) {
    const child = childrenOf(at).find(([key]) => key === next)?.[1];
    if (child === undefined) break;
    steps.push({ module: at, place, next });
    [at, place] = [child, `${place}${next}.`];
  }
  return [...steps, { module: at, place, next: undefined }];
}
