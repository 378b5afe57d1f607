/**
 * Lists of names in a pickle, however Python held them: as a list, a tuple, an array, a mapping in either direction, or
 * a single text.
 *
 * Knows:      how Python, NumPy and pandas pickle them. Not what the names stand for.
 * Reference:  numpy/core/multiarray (`_reconstruct`, `scalar`, `dtype.__reduce__`), pandas/core/indexes (`_new_Index`).
 */

import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import { TorchTensor } from "../formats/torch/tensors.ts";
import { arrayItems, scalarOf } from "./pickled-numpy.ts";

/** The largest number of names, more than any network here has outputs. */
export const MOST_NAMES = 10_000;

/** The elements of any kind of sequence; undefined if the value is none. */
function itemsOf(value: PickleValue): PickleValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (!(value instanceof PickleObject)) return undefined;
  const { className = "", args } = value;
  if (/^pandas\..*\._new_Index$/.test(className) && Array.isArray(args) && args[1] instanceof PickleDict) {
    // This does not recurse, because an index in a damaged file may contain itself.
    const data = args[1].get("data");
    return data instanceof PickleObject ? arrayItems(data) : Array.isArray(data) ? data : undefined;
  }
  // Lists with their own class, such as fastai's L, OmegaConf's ListConfig and detectron's.
  const content = value.attribute("_content") ?? value.attribute("items") ?? value.attribute("data");
  if (Array.isArray(content)) return content;
  return arrayItems(value) ?? (value.items.length > 0 ? value.items : undefined);
}

/** A name: text, bytes, NumPy's text, or something that holds one, such as `{"name": "Mass"}` or OmegaConf's nodes. */
function nameOf(value: PickleValue): string | undefined {
  if (typeof value === "string") return value.trim();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value).trim();
  if (value instanceof PickleDict) {
    const name = value.get("name") ?? value.get("label");
    return typeof name === "string" ? name.trim() : undefined;
  }
  if (!(value instanceof PickleObject)) return undefined;
  const held = value.attribute("_val") ?? scalarOf(value);
  return typeof held === "string" ? held.trim() : undefined;
}

/** A whole number, given as a number, its digits, a NumPy scalar or a scalar tensor. */
function indexOf(value: PickleValue): number | undefined {
  if (typeof value === "string") return /^-?\d{1,5}$/.test(value) ? Number(value) : undefined;
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (value instanceof TorchTensor)
    return value.shape.length === 0 && /^u?int/.test(value.dtype) ? Number(value.read().data[0]) : undefined;
  const scalar = value instanceof PickleObject ? scalarOf(value) : undefined;
  return typeof scalar === "number" ? scalar : undefined;
}

/**
 * The names in `{name: index}` or `{index: name}`, in the order of the indices. These must be consecutive, but may
 * start at any number. A negative index stands for no output ("No Finding": -1).
 */
function namesOfPairs(pairs: Iterable<readonly [PickleValue, PickleValue]>): string[] | undefined {
  const byIndex = new Map<number, string>();
  for (const [key, value] of pairs) {
    const byName = typeof key === "string" && typeof value !== "string" ? indexOf(value) : undefined;
    const index = byName ?? indexOf(key);
    const name = byName === undefined ? nameOf(value) : (key as string).trim();
    if (index === undefined || name === undefined || byIndex.has(index)) return undefined;
    if (index >= 0) byIndex.set(index, name);
  }
  const indices = [...byIndex.keys()].sort((a, b) => a - b);
  const isConsecutive = indices.every((index, i) => index === indices[0]! + i);
  return isConsecutive && indices.length > 0 ? indices.map((index) => byIndex.get(index)!) : undefined;
}

/** Whether a mapping is between texts and whole numbers, in either direction. */
export const isIndexMapping = (mapping: PickleDict): boolean =>
  mapping.size > 1 &&
  [...mapping].every(([key, value]) => typeof (typeof key === "string" ? key : value) === "string") &&
  [...mapping].every(([key, value]) => indexOf(typeof key === "string" ? value : key) !== undefined);

const isPair = (value: PickleValue): value is [PickleValue, PickleValue] =>
  Array.isArray(value) && value.length === 2 && value.some((item) => indexOf(item) !== undefined);

/** The names in a list printed as JSON or by Python: `["Mass", "Nodule"]`, `('Mass', 'Nodule')`. */
function namesOfPrintedList(text: string): string[] | undefined {
  const inner = /^\s*[[(](.*)[\])]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const quoted = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/gy;
  const names: string[] = [];
  let end = 0;
  for (const match of inner.matchAll(quoted)) {
    names.push((match[1] ?? match[2]!).replaceAll(/\\(.)/g, "$1").trim());
    end = match.index + match[0].length;
  }
  return inner.slice(end).trim() === "" && names.length > 0 ? names : undefined;
}

/** The names in `"Mass, Nodule"` or `"Mass|Nodule"`, one per line, or in a printed list. */
function namesOfText(text: string): string[] | undefined {
  const printed = namesOfPrintedList(text);
  if (printed !== undefined) return printed;
  const separator = ["|", ";", "\n", ","].find((one) => text.includes(one));
  if (separator === undefined) return undefined;
  const names = text.split(separator).map((name) => name.trim());
  // The text ends with a separator.
  if (names.at(-1) === "") names.pop();
  return names.length > 1 && !names.includes("") && !/[[\](){}]/.test(text) ? names : undefined;
}

/**
 * The names that a value holds, in order.
 *
 * @returns  Undefined if the value is not a list of names. An empty name marks an output that was never trained.
 */
export function pickledNames(value: PickleValue): string[] | undefined {
  if (typeof value === "string") return value.length > 100_000 ? undefined : namesOfText(value);
  if (value instanceof PickleDict)
    return value.size > MOST_NAMES || value.size === 0 ? undefined : namesOfPairs(value);
  const items = itemsOf(value);
  if (items === undefined || items.length === 0 || items.length > MOST_NAMES) return undefined;
  // A table with one row.
  if (items.length === 1 && Array.isArray(items[0])) {
    const row = items[0].map(nameOf);
    return row.length > 1 && row.every((name) => name !== undefined) ? row : undefined;
  }
  if (items.every(isPair)) return namesOfPairs(items);
  const names = items.map(nameOf);
  return names.every((name) => name !== undefined) && names.some((name) => name !== "") ? names : undefined;
}

/** Texts in a value of any kind and one level below it, for values that look like names but cannot be read. */
export function textsIn(value: PickleValue): string[] {
  const parts = (one: PickleValue): PickleValue[] => {
    if (one instanceof PickleDict) return [...one.keys(), ...one.values()];
    if (one instanceof Set) return [...one];
    return itemsOf(one) ?? [];
  };
  const shallow = parts(value).slice(0, MOST_NAMES);
  return [...shallow, ...shallow.slice(0, 100).flatMap((one) => parts(one).slice(0, 1000))].filter(
    (one) => typeof one === "string",
  );
}
