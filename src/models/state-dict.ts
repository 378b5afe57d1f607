/**
 * Finding the state dicts in a checkpoint file, wherever they are.
 *
 * Pipeline:   file bytes → pickled value → **state dicts** → one chosen, renamed → matched with the architecture
 * Knows:      how people save models: as a state dict, a dict that contains some, or a whole module.
 *             Not DenseNet's parameter names.
 */

import { quote, XrayError } from "../errors.ts";
import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { TorchTensor } from "../formats/torch/tensors.ts";
import { isAveragedKey } from "./averaged.ts";
import { type Budget, isTensor, moduleTensors, newBudget } from "./module-tensors.ts";

/** Keys under which training code puts a model or its state dict, most likely first. */
const HOLDERS = [
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "network",
  "model_state",
  "weights",
  "params",
  "module",
];
/** Keys whose dicts of tensors do not belong to a model. */
const NO_HOLDERS = /optim|sched|scaler|rng|grad|history|loops/i;
const MAX_DEPTH = 32;
/** How many dicts are searched for a model. */
const MAX_DICTS = 1_000;

/** The tensors of a model by name, and what else in the file helps to read them. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Where it was found: `checkpoint["state_dict"]`, `module torchvision.models.densenet.DenseNet`. */
  readonly where: string;
  /** How Python code reaches it: `checkpoint["model"]`. */
  readonly path: string;
  /** Whether they are averaged weights, judging by the key, the class or the counter with them. */
  readonly isAveraged: boolean;
  /** The whole module, if one was pickled. */
  readonly module?: PickleObject;
  /** All keys of the dict that holds it. */
  readonly siblings: readonly string[];
  /** Strings of the dict's `_metadata`, as `medical-x` writes them. */
  readonly metadata: Readonly<Record<string, string>>;
}

function isStateDict(value: PickleDict): boolean {
  let tensors = 0;
  for (const [key, item] of value) {
    if (typeof key !== "string") return false;
    if (isTensor(item)) tensors += 1;
  }
  return tensors > 0 && tensors * 2 > value.size;
}

/** The counter of torch.optim.swa_utils `AveragedModel`. */
const AVERAGE_COUNT = "n_averaged";

const isModule = (value: PickleValue): value is PickleObject =>
  value instanceof PickleObject && value.attribute("_modules") instanceof PickleDict;

/** How a value was reached. */
interface Place {
  readonly path: string;
  readonly isAveraged: boolean;
  readonly siblings: readonly string[];
}

function fromDict(dict: PickleDict, { path, isAveraged, siblings }: Place): StateDict {
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of dict) if (isTensor(value)) tensors.set(name as string, value);
  const metadata: Record<string, string> = {};
  const stored = dict.state instanceof PickleDict ? dict.state.get("_metadata") : undefined;
  if (stored instanceof PickleDict) {
    for (const [key, text] of stored) {
      if (typeof key === "string" && typeof text === "string") metadata[key] = text;
    }
  }
  return {
    tensors,
    where: path,
    path,
    isAveraged: isAveraged || tensors.has(AVERAGE_COUNT),
    siblings,
    metadata,
  };
}

function fromModule(module: PickleObject, { path, isAveraged, siblings }: Place, budget: Budget): StateDict {
  const moduleClass = shorten(module.className ?? "an unnamed class");
  const tensors = moduleTensors(module, budget);
  const className = moduleClass.split(".").at(-1)!;
  return {
    tensors,
    where: `module ${moduleClass}`,
    path,
    isAveraged: isAveraged || isAveragedKey(className) || tensors.has(AVERAGE_COUNT),
    module,
    siblings,
    metadata: {},
  };
}

/** The keys of a dict, in the order in which they are searched. */
function holderKeys(dict: PickleDict): string[] {
  const keys = [...dict.keys()].filter((key) => typeof key === "string" && !NO_HOLDERS.test(key)) as string[];
  const rank = (key: string): number => {
    const known = HOLDERS.indexOf(key);
    return known < 0 ? HOLDERS.length : known;
  };
  return keys.sort((a, b) => rank(a) - rank(b));
}

/** Whether a dict has names like a module's, which makes it a state dict even under an unusual key. */
const hasModuleNames = (dict: PickleDict): boolean =>
  [...dict.keys()].some((key) => typeof key === "string" && /\.(?:weight|running_mean)$/.test(key));

/** Whether there is a model among a dict's entries. If so, the tensors beside it are not one. */
const holdsModel = (dict: PickleDict): boolean =>
  [...dict.values()].some(
    (value) =>
      isModule(value) || (value instanceof PickleDict && isStateDict(value) && hasModuleNames(value)),
  );

/** Collects models. Each dict is searched once, because it may contain itself. */
class Search {
  readonly found: StateDict[] = [];
  readonly #seen = new Set<PickleValue>();
  readonly #budget = newBudget();

  visit(value: PickleValue, place: Place, depth: number, isKnownPlace: boolean): void {
    if (this.#seen.has(value) || this.#seen.size >= MAX_DICTS || depth > MAX_DEPTH) return;
    if (isModule(value)) {
      this.#seen.add(value);
      this.found.push(fromModule(value, place, this.#budget));
      return;
    }
    if (value instanceof PickleObject && place.isAveraged && value.state instanceof PickleDict) {
      // An object that keeps averages has them in its attributes.
      this.#seen.add(value);
      this.#visitEntries(value.state, place, depth, (key) => `.${key}`);
      return;
    }
    if (!(value instanceof PickleDict)) return;
    this.#seen.add(value);
    if (isStateDict(value) && !holdsModel(value)) {
      if (isKnownPlace || hasModuleNames(value)) this.found.push(fromDict(value, place));
    } else this.#visitEntries(value, place, depth);
  }

  #visitEntries(
    value: PickleDict,
    place: Place,
    depth: number,
    step = (key: string): string => `[${quote(key)}]`,
  ): void {
    const siblings = [...value.keys()].filter((key) => typeof key === "string").slice(0, 100) as string[];
    for (const key of holderKeys(value)) {
      const isAveraged = isAveragedKey(key);
      const inner = {
        path: place.path + step(key),
        isAveraged: place.isAveraged || isAveraged,
        siblings,
      };
      this.visit(value.get(key)!, inner, depth + 1, isAveraged || HOLDERS.includes(key));
    }
  }
}

const shorten = (name: string): string => (name.length > 120 ? `${name.slice(0, 120)}…` : name);

/** A short description of a pickled value, for an error message. */
function describe(value: PickleValue): string {
  if (value instanceof PickleDict) {
    const keys = [...value.keys()].slice(0, 8).map(quote);
    return `a dict with the keys ${keys.join(", ")}${value.size > 8 ? ", …" : ""}`;
  }
  if (value instanceof PickleObject) return `an object of ${shorten(value.className ?? "an unnamed class")}`;
  if (value instanceof PickleGlobal) return `the name ${shorten(value.path)}`;
  if (value instanceof TorchTensor) return "a single tensor";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === null ? "None" : `a ${typeof value}`;
}

/**
 * Find the state dicts in what `torch.load` would return.
 *
 * @param root  The pickled value: a state dict, a dict that contains some under any keys, or a whole module.
 * @returns     At least one, most likely first; averaged weights come last.
 * @throws      XrayError `checkpoint/no-state-dict`, `checkpoint/recursive-module`.
 */
export function findStateDicts(root: PickleValue): readonly StateDict[] {
  const search = new Search();
  search.visit(root, { path: "checkpoint", isAveraged: false, siblings: [] }, 0, true);
  const { found } = search;
  if (found.length > 0)
    return [
      ...found.filter(({ isAveraged }) => !isAveraged),
      ...found.filter(({ isAveraged }) => isAveraged),
    ];
  throw new XrayError(
    "checkpoint/no-state-dict",
    `there is no state dict in it, only ${describe(root)}; save the model with torch.save(model.state_dict(), …)`,
    {},
  );
}
