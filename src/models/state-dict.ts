/**
 * Finding the state dict in whatever a checkpoint file holds.
 *
 * Pipeline:   file bytes → pickled value → **state dict** → renamed → matched with the architecture
 * Knows:      how people save models: a state dict, a dict that holds one, or the whole module.
 *             Not DenseNet's parameter names.
 */

import { quote, XrayError } from "../errors.ts";
import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { TorchTensor } from "../formats/torch/tensors.ts";

/** Keys under which trainers put a model or its state dict, the likeliest first. */
const HOLDERS = [
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "network",
  "model_state",
  "weights",
  "params",
  "ema",
  "module",
];
const MAX_DEPTH = 32;
/** Entries visited in one pickled model; shared modules count each time, as they do in a state dict. */
const MAX_ENTRIES = 200_000;
const MAX_NAME = 1_000;

/** Keys under which a checkpoint or a module lists its outputs. */
const LABEL_KEYS = ["labels", "pathologies", "classes", "class_names", "targets"];

/** The tensors of a model by name, and what else the file said that helps to read them. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Where it was found: `checkpoint["state_dict"]`, `module torchvision.models.densenet.DenseNet`. */
  readonly where: string;
  /** The outputs' names, where the file lists them. */
  readonly labels?: readonly string[];
  /** The Python class of a whole pickled module. */
  readonly moduleClass?: string;
  /** Strings of the dict's `_metadata`, as `medical-x` writes them. */
  readonly metadata: Readonly<Record<string, string>>;
}

function readLabels(lookUp: (key: string) => PickleValue | undefined): { labels?: readonly string[] } {
  for (const key of LABEL_KEYS) {
    const value = lookUp(key);
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) {
      return { labels: value as string[] };
    }
  }
  return {};
}

function isStateDict(value: PickleValue): value is PickleDict {
  if (!(value instanceof PickleDict)) return false;
  let tensors = 0;
  for (const [key, item] of value) {
    if (typeof key !== "string") return false;
    if (item instanceof TorchTensor) tensors += 1;
  }
  return tensors > 0 && tensors * 2 > value.size;
}

const isModule = (value: PickleValue): value is PickleObject =>
  value instanceof PickleObject && value.attribute("_modules") instanceof PickleDict;

function fromDict(dict: PickleDict, where: string): StateDict {
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of dict) if (value instanceof TorchTensor) tensors.set(name as string, value);
  const metadata: Record<string, string> = {};
  const stored = dict.state instanceof PickleDict ? dict.state.get("_metadata") : undefined;
  if (stored instanceof PickleDict) {
    for (const [key, text] of stored) {
      if (typeof key === "string" && typeof text === "string") metadata[key] = text;
    }
  }
  return { tensors, where, metadata };
}

/** Walks a pickled module. Its budget holds for shared and for recursive modules alike. */
class ModuleWalk {
  readonly tensors = new Map<string, TensorEntry>();
  readonly #open = new Set<PickleObject>();
  #entries = 0;

  #fail(): XrayError {
    return new XrayError(
      "checkpoint/recursive-module",
      "the pickled module contains itself or is nested without end",
      {},
    );
  }

  /** An entry's dotted name; undefined for a key that is no text, which no real module has. */
  #name(prefix: string, key: PickleValue): string | undefined {
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) throw this.#fail();
    if (typeof key !== "string") return undefined;
    if (prefix.length + key.length > MAX_NAME) throw this.#fail();
    return prefix + key;
  }

  /** Collect parameters and buffers under their dotted names, as `Module.state_dict()` names them. */
  visit(module: PickleObject, prefix: string, depth: number): void {
    if (depth > MAX_DEPTH || this.#open.has(module)) throw this.#fail();
    this.#open.add(module);
    const transient = module.attribute("_non_persistent_buffers_set");
    for (const field of ["_parameters", "_buffers"]) {
      const dict = module.attribute(field);
      if (!(dict instanceof PickleDict)) continue;
      for (const [key, value] of dict) {
        const name = this.#name(prefix, key);
        const isTransient = transient instanceof Set && transient.has(key);
        if (name !== undefined && value instanceof TorchTensor && !isTransient) this.tensors.set(name, value);
      }
    }
    const children = module.attribute("_modules");
    if (children instanceof PickleDict) {
      for (const [key, child] of children) {
        const name = this.#name(prefix, key);
        if (name !== undefined && child instanceof PickleObject) this.visit(child, `${name}.`, depth + 1);
      }
    }
    this.#open.delete(module);
  }
}

function fromModule(module: PickleObject): StateDict {
  const moduleClass = shorten(module.className ?? "an unnamed class");
  const walk = new ModuleWalk();
  walk.visit(module, "", 0);
  return {
    tensors: walk.tensors,
    where: `module ${moduleClass}`,
    moduleClass,
    metadata: {},
    ...readLabels((key) => module.attribute(key)),
  };
}

/** Look for a model, each dict once: a dict may hold itself under many keys. */
function search(value: PickleValue, path: string, seen: Set<PickleValue>): StateDict | undefined {
  if (seen.has(value)) return undefined;
  seen.add(value);
  if (isModule(value)) return fromModule(value);
  if (isStateDict(value)) return fromDict(value, path);
  if (!(value instanceof PickleDict) || seen.size > MAX_DEPTH) return undefined;
  for (const key of HOLDERS) {
    const held = value.get(key);
    const found = held === undefined ? undefined : search(held, `${path}["${key}"]`, seen);
    if (found !== undefined) return { ...readLabels((label) => value.get(label)), ...found };
  }
  return undefined;
}

const shorten = (name: string): string => (name.length > 120 ? `${name.slice(0, 120)}…` : name);

/** What a pickled value is, in a few words, for an error. */
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
 * Find the state dict in a value of `torch.load`.
 *
 * @param root  The pickled value: a state dict, a dict that holds one at any usual key, or a whole module.
 * @throws      XrayError `checkpoint/no-state-dict`, `checkpoint/recursive-module`.
 */
export function findStateDict(root: PickleValue): StateDict {
  const found = search(root, "checkpoint", new Set());
  if (found !== undefined) return found;
  throw new XrayError(
    "checkpoint/no-state-dict",
    `there is no state dict in it, only ${describe(root)}. Save the model with torch.save(model.state_dict(), …)`,
    {},
  );
}
