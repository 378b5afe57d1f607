/**
 * The few calls in a pickle that make plain Python data, here as plain JavaScript data.
 *
 * Knows: dicts, sets and bytes. Not torch.
 */

import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "./values.ts";

/** Record that elements are copied. Throws once a pickle has copied more elements than it has bytes. */
type Charge = (elements: number) => void;

type BuiltinConstructor = (args: PickleValue[], charge: Charge) => PickleValue;

/** `OrderedDict()`, `OrderedDict([(key, value), …])`. */
function makeDict([pairs]: PickleValue[], charge: Charge): PickleDict {
  const dict = new PickleDict();
  if (!Array.isArray(pairs)) return dict;
  charge(pairs.length);
  for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) dict.set(pair[0]!, pair[1]!);
  return dict;
}

function makeSet([items]: PickleValue[], charge: Charge): Set<PickleValue> {
  if (!Array.isArray(items)) return new Set();
  charge(items.length);
  return new Set(items);
}

/** `bytes()`, by which protocols 0 to 2 write empty bytes. */
function makeBytes(args: PickleValue[]): PickleValue {
  if (args.length === 0) return new Uint8Array(0);
  return new PickleObject(new PickleGlobal("builtins", "bytes"), args);
}

/** `_codecs.encode(text, "latin1")`, as which Python 3 writes bytes in protocol 2. */
function encodeLatin1(args: PickleValue[], charge: Charge): PickleValue {
  const [text, encoding] = args;
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1")) {
    return new PickleObject(new PickleGlobal("_codecs", "encode"), args);
  }
  charge(text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

/** Calls that are understood in every pickle, by the path of the callable. */
export const BUILTIN_CONSTRUCTORS: ReadonlyMap<string, BuiltinConstructor> = new Map<
  string,
  BuiltinConstructor
>([
  ["collections.OrderedDict", makeDict],
  ["builtins.dict", makeDict],
  ["collections.defaultdict", () => new PickleDict()],
  ["builtins.set", makeSet],
  ["builtins.frozenset", makeSet],
  ["_codecs.encode", encodeLatin1],
  ["builtins.bytes", makeBytes],
]);
