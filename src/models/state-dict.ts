/**
 * Finding the state dict in whatever a checkpoint file holds.
 *
 * Pipeline:   file bytes → pickled value → **state dict** → renamed → matched with the architecture
 * Knows:      how people save models: a state dict, a dict that holds one, or the whole module.
 *             Not DenseNet's parameter names.
 */

import { XrayError } from "../errors.ts";
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
/** Modules visited in one pickled model; shared children count each time, as they do in a state dict. */
const MAX_MODULES = 100_000;

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

/** Collect a module's parameters and buffers under their dotted names, as `Module.state_dict()` names them. */
function collectModule(root: PickleObject): Map<string, TensorEntry> {
  const tensors = new Map<string, TensorEntry>();
  const open = new Set<PickleObject>();
  let visits = 0;
  const visit = (module: PickleObject, prefix: string, depth: number): void => {
    visits += 1;
    if (depth > MAX_DEPTH || open.has(module) || visits > MAX_MODULES) {
      throw new XrayError(
        "checkpoint/recursive-module",
        "the pickled module contains itself or is nested without end",
        {
          depth,
          visits,
        },
      );
    }
    open.add(module);
    const transient = module.attribute("_non_persistent_buffers_set");
    for (const field of ["_parameters", "_buffers"]) {
      const dict = module.attribute(field);
      if (!(dict instanceof PickleDict)) continue;
      for (const [name, value] of dict) {
        const isTransient = transient instanceof Set && transient.has(name);
        if (value instanceof TorchTensor && !isTransient) tensors.set(prefix + String(name), value);
      }
    }
    const children = module.attribute("_modules");
    if (children instanceof PickleDict) {
      for (const [name, child] of children) {
        if (child instanceof PickleObject) visit(child, `${prefix}${String(name)}.`, depth + 1);
      }
    }
    open.delete(module);
  };
  visit(root, "", 0);
  return tensors;
}

function fromModule(module: PickleObject): StateDict {
  const moduleClass = module.className ?? "an unnamed class";
  return {
    tensors: collectModule(module),
    where: `module ${moduleClass}`,
    moduleClass,
    metadata: {},
    ...readLabels((key) => module.attribute(key)),
  };
}

function search(value: PickleValue, path: string, depth: number): StateDict | undefined {
  if (isModule(value)) return fromModule(value);
  if (isStateDict(value)) return fromDict(value, path);
  if (!(value instanceof PickleDict) || depth > 4) return undefined;
  for (const key of HOLDERS) {
    const held = value.get(key);
    const found = held === undefined ? undefined : search(held, `${path}["${key}"]`, depth + 1);
    if (found !== undefined) return { ...readLabels((label) => value.get(label)), ...found };
  }
  return undefined;
}

/** What a pickled value is, in a few words, for an error. */
function describe(value: PickleValue): string {
  if (value instanceof PickleDict) {
    const keys = [...value.keys()].slice(0, 8).map((key) => JSON.stringify(String(key)));
    return `a dict with the keys ${keys.join(", ")}${value.size > 8 ? ", …" : ""}`;
  }
  if (value instanceof PickleObject) return `an object of ${value.className ?? "an unnamed class"}`;
  if (value instanceof PickleGlobal) return `the name ${value.path}`;
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
  const found = search(root, "checkpoint", 0);
  if (found !== undefined) return found;
  throw new XrayError(
    "checkpoint/no-state-dict",
    `there is no state dict in it, only ${describe(root)}. Save the model with torch.save(model.state_dict(), …)`,
    {},
  );
}
