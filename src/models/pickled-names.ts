/**
 * Lists of names in a pickle, whichever way Python held them: lists and tuples, arrays, mappings either way, one text.
 *
 * Knows:      how Python, NumPy and pandas pickle them. Not what the names are of.
 * Reference:  numpy/core/multiarray (`_reconstruct`, `scalar`, `dtype.__reduce__`), pandas/core/indexes (`_new_Index`).
 */

import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";

/** More outputs than any network here has. */
const MOST_NAMES = 10_000;

/** Little-endian, and native where nothing is said. */
const isLittleEndian = (order: PickleValue | undefined): boolean =>
  order === "<" || order === "|" || order === "=";

/** The kind and item size of a NumPy dtype: `U5`, `S3`, `O8`, `i8`. */
function dtypeOf(value: PickleValue | undefined): { kind: string; size: number } | undefined {
  if (!(value instanceof PickleObject) || value.className !== "numpy.dtype" || !Array.isArray(value.args))
    return undefined;
  const match = /^([a-zA-Z])(\d*)$/.exec(String(value.args[0]));
  if (match === null || !Array.isArray(value.state) || !isLittleEndian(value.state[1])) return undefined;
  const kind = match[1]!;
  return { kind, size: Number(match[2] || "0") * (kind === "U" ? 4 : 1) };
}

/** Fixed-width text: UTF-32 of kind `U`, bytes of kind `S`, padded with zeros. */
function fixedTexts(bytes: Uint8Array, kind: string, size: number): string[] | undefined {
  if (size === 0 || bytes.length % size !== 0 || bytes.length / size > MOST_NAMES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = kind === "U" ? 4 : 1;
  return Array.from({ length: bytes.length / size }, (_, i) => {
    let text = "";
    for (let at = i * size; at < (i + 1) * size; at += width) {
      const code = width === 4 ? view.getUint32(at, true) : bytes[at]!;
      text += code === 0 || code > 0x10ffff ? "" : String.fromCodePoint(code);
    }
    return text;
  });
}

/** What a NumPy array is made of: up to protocol 4 it is filled by BUILD, in protocol 5 it is made of a buffer. */
function arrayParts({ className = "", args, state }: PickleObject): PickleValue[] {
  // (version, shape, dtype, is it in Fortran's order, bytes or objects)
  if (/^numpy\._?core\.multiarray\._reconstruct$/.test(className) && Array.isArray(state))
    return state.slice(1);
  if (!/^numpy\._?core\.numeric\._frombuffer$/.test(className) || !Array.isArray(args)) return [];
  const [bytes = null, dtype = null, shape = null] = args;
  return [shape, dtype, false, bytes];
}

/** A NumPy array's elements, of text or of objects. */
function arrayItems(object: PickleObject): PickleValue[] | undefined {
  const [shape, dtypeValue, , data] = arrayParts(object);
  if (!Array.isArray(shape) || shape.length !== 1) return undefined;
  if (Array.isArray(data)) return data;
  const dtype = dtypeOf(dtypeValue);
  if (dtype === undefined || !(data instanceof Uint8Array) || (dtype.kind !== "U" && dtype.kind !== "S"))
    return undefined;
  return fixedTexts(data, dtype.kind, dtype.size);
}

/** The elements of whatever is a sequence. */
function itemsOf(value: PickleValue): PickleValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (!(value instanceof PickleObject)) return undefined;
  const { className = "", args } = value;
  if (/^pandas\..*\._new_Index$/.test(className) && Array.isArray(args) && args[1] instanceof PickleDict) {
    // Looked into once: what a file says to be an index may hold itself.
    const data = args[1].get("data");
    return data instanceof PickleObject ? arrayItems(data) : Array.isArray(data) ? data : undefined;
  }
  // A list of a class of its own: fastai's L, OmegaConf's ListConfig, detectron's.
  const content = value.attribute("_content") ?? value.attribute("items") ?? value.attribute("data");
  if (Array.isArray(content)) return content;
  return arrayItems(value) ?? (value.items.length > 0 ? value.items : undefined);
}

/** A name: text, as bytes too, or what holds one: `{"name": "Mass"}`, OmegaConf's nodes. */
function nameOf(value: PickleValue): string | undefined {
  if (typeof value === "string") return value.trim();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value).trim();
  if (value instanceof PickleDict) {
    const name = value.get("name") ?? value.get("label");
    return typeof name === "string" ? name.trim() : undefined;
  }
  const held = value instanceof PickleObject ? value.attribute("_val") : undefined;
  return typeof held === "string" ? held.trim() : undefined;
}

/** A whole number: a JavaScript one, its digits, or a NumPy scalar. */
function indexOf(value: PickleValue): number | undefined {
  if (typeof value === "string") return /^\d{1,5}$/.test(value) ? Number(value) : undefined;
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (!(value instanceof PickleObject) || !/^numpy\._?core\.multiarray\.scalar$/.test(value.className ?? ""))
    return undefined;
  const [dtypeValue, bytes] = Array.isArray(value.args) ? value.args : [];
  const dtype = dtypeOf(dtypeValue);
  if (
    dtype === undefined ||
    !(bytes instanceof Uint8Array) ||
    bytes.length !== dtype.size ||
    !/[iu]/.test(dtype.kind)
  )
    return undefined;
  return bytes.subarray(2).some((byte) => byte !== 0) ? undefined : bytes[0]! + 256 * (bytes[1] ?? 0);
}

/** `{name: index}` or `{index: name}` as the names in the order of the indices; undefined unless these are 0, 1, 2, … */
function namesOfMapping(mapping: ReadonlyMap<PickleValue, PickleValue>): string[] | undefined {
  const names: string[] = [];
  for (const [key, value] of mapping) {
    const byName = typeof key === "string" && typeof value !== "string" ? indexOf(value) : undefined;
    const index = byName ?? indexOf(key);
    const name = byName === undefined ? nameOf(value) : (key as string).trim();
    if (index === undefined || name === undefined || index >= mapping.size || names[index] !== undefined)
      return undefined;
    names[index] = name;
  }
  return names.length === mapping.size ? names : undefined;
}

/** `"Mass, Nodule"`, `"Mass|Nodule"`, one a line. */
function namesOfText(text: string): string[] | undefined {
  const separator = ["|", ";", "\n", ","].find((one) => text.includes(one));
  const names = separator === undefined ? [] : text.split(separator).map((name) => name.trim());
  return names.length > 1 && !names.includes("") ? names : undefined;
}

/**
 * The names in order that a value stands for.
 *
 * @returns  Undefined where it is no list of names. An empty name stays empty: it marks an output that was never trained.
 */
export function pickledNames(value: PickleValue): string[] | undefined {
  if (typeof value === "string") return value.length > 100_000 ? undefined : namesOfText(value);
  if (value instanceof PickleDict)
    return value.size > MOST_NAMES || value.size === 0 ? undefined : namesOfMapping(value);
  const items = itemsOf(value);
  if (items === undefined || items.length === 0 || items.length > MOST_NAMES) return undefined;
  const names = items.map(nameOf);
  return names.some((name) => name === undefined) || names.every((name) => name === "")
    ? undefined
    : (names as string[]);
}
