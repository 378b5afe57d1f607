/**
 * The tensors of a pickled module, named as `Module.state_dict()` names them.
 *
 * Knows: how torch.nn pickles modules. Not which module it is.
 */

import { XrayError } from "../errors.ts";
import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { TorchTensor, UnreadTensor } from "../formats/torch/tensors.ts";

const MAX_DEPTH = 32;
/**
 * How many entries of the pickled modules in a file are visited. Shared modules count each time, as in a state dict.
 */
const MAX_ENTRIES = 200_000;
const MAX_NAME = 1_000;

export const isTensor = (value: PickleValue): value is TorchTensor | UnreadTensor =>
  value instanceof TorchTensor || value instanceof UnreadTensor;

/** Entries that may still be visited in a file. */
export interface Budget {
  entries: number;
}

/** Walks a pickled module. The budget limits shared and recursive modules alike. */
class ModuleWalk {
  readonly tensors = new Map<string, TensorEntry>();
  readonly #open = new Set<PickleObject>();
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  #fail(): XrayError {
    return new XrayError(
      "checkpoint/recursive-module",
      "the pickled module contains itself or is nested without end; save its weights alone, with torch.save(model.state_dict(), …)",
      {},
    );
  }

  /** An entry's dotted name; undefined if the key is not text, which no real module has. */
  #name(prefix: string, key: PickleValue): string | undefined {
    this.#budget.entries -= 1;
    if (this.#budget.entries < 0) throw this.#fail();
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
        if (name !== undefined && isTensor(value) && !isTransient) this.tensors.set(name, value);
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

/** A budget for one file. */
export const newBudget = (): Budget => ({ entries: MAX_ENTRIES });

/**
 * The parameters and buffers of a module.
 *
 * @param budget  Shared by all modules of a file. Modified: this call uses up part of it.
 * @throws        XrayError `checkpoint/recursive-module`.
 */
export function moduleTensors(module: PickleObject, budget: Budget): ReadonlyMap<string, TensorEntry> {
  const walk = new ModuleWalk(budget);
  walk.visit(module, "", 0);
  return walk.tensors;
}
