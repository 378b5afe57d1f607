/**
 * The way from a pickled module to the network inside it.
 *
 * Knows: how torch.nn pickles modules. Not what they compute.
 */

import { PickleDict, PickleObject } from "../formats/pickle/values.ts";

/** `ReLU` of `torch.nn.modules.activation.ReLU`; undefined of classes that are not torch's. */
export function torchClass(module: PickleObject): string | undefined {
  return /^torch\.nn\.(?:\w+\.)*(\w+)$/.exec(module.className ?? "")?.[1];
}

/** A module's own modules, in order, by their names. */
export function childrenOf(module: PickleObject): [string, PickleObject][] {
  const children = module.attribute("_modules");
  if (!(children instanceof PickleDict)) return [];
  return [...children].filter(
    (entry): entry is [string, PickleObject] =>
      typeof entry[0] === "string" && entry[1] instanceof PickleObject,
  );
}

/** A module on the way, and the name of the next one in it. */
export interface PathStep {
  readonly module: PickleObject;
  /** Its own name with all before it: `` of the whole, `module.` of the first below it. */
  readonly place: string;
  /** The child that the way goes on to; undefined of the network itself. */
  readonly next: string | undefined;
}

/**
 * The modules from a whole one to the network inside, both included.
 *
 * @param prefix  What stands before the network's parameters in the whole: `module.densenet121.`
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
