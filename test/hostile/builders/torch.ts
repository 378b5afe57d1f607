/**
 * Files like those of torch.save around any pickle, and a whole DenseNet121 in a few kilobytes.
 *
 * Reference: torch/serialization.py, `_save` and `_legacy_save`.
 */

import { expectedShapes } from "../../../src/models/match.ts";
import { concat, latin1, u64 } from "./bytes.ts";
import * as p from "./pickle.ts";
import { deflated, type EntrySpec, zipOf } from "./zip.ts";

/** A zip of torch.save with this pickle and these storages, all stored. */
export function torchZip(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  more: readonly EntrySpec[] = [],
): Uint8Array {
  const data = Object.entries(storages).map(([key, bytes]) => ({ name: `archive/data/${key}`, bytes }));
  return zipOf([{ name: "archive/data.pkl", bytes: pickle }, ...data, ...more]);
}

/** The same with a deflated pickle: a small file around a large one. */
export function torchZipDeflated(pickle: Uint8Array): Uint8Array {
  return zipOf([deflated("archive/data.pkl", pickle)]);
}

const MAGIC = concat(
  Uint8Array.of(0x8a, 10),
  Uint8Array.of(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19),
);
const SYSTEM = p.dict(p.text("protocol_version"), p.int(1001), p.text("little_endian"), p.TRUE);

/** A storage behind a legacy file's pickles: a count that may lie, and the bytes. */
export interface LegacyBody {
  readonly key: string;
  readonly count: number | bigint;
  readonly bytes: Uint8Array;
}

/** A file as torch.save wrote it before 1.6. */
export function torchLegacy(root: Uint8Array, bodies: readonly LegacyBody[] = []): Uint8Array {
  const head = concat(p.pickle(MAGIC), p.pickle(p.int(1001)), p.pickle(SYSTEM), root);
  const keys = p.pickle(p.list(...bodies.map(({ key }) => p.text(key))));
  return concat(head, keys, ...bodies.flatMap(({ count, bytes }) => [u64(count), bytes]));
}

/** A storage's persistent id, resolved. */
export function storage(key: string, length: number, storageClass = "FloatStorage"): Uint8Array {
  const id = [
    p.text("storage"),
    p.global("torch", storageClass),
    p.text(key),
    p.text("cpu"),
    p.count(length),
  ];
  return concat(p.tuple(...id), p.BINPERSID);
}

/** A legacy storage that is a view of another. */
export function storageView(
  key: string,
  length: number,
  offset: Uint8Array,
  viewLength: Uint8Array,
): Uint8Array {
  const view = p.tuple(p.text(`${key}/view`), offset, viewLength);
  const id = [
    p.text("storage"),
    p.global("torch", "FloatStorage"),
    p.text(key),
    p.text("cpu"),
    p.count(length),
  ];
  return concat(p.tuple(...id, view), p.BINPERSID);
}

/** `_rebuild_tensor_v2` over a storage. */
export function tensor(
  over: Uint8Array,
  shape: readonly number[],
  strides: readonly number[] = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1)),
  offset = 0,
): Uint8Array {
  const counts = (values: readonly number[]) => p.tuple(...values.map(p.count));
  const args = [
    over,
    p.count(offset),
    counts(shape),
    counts(strides),
    p.FALSE,
    p.call("collections", "OrderedDict"),
  ];
  return p.call("torch._utils", "_rebuild_tensor_v2", ...args);
}

/** A state dict of these tensors. */
export function stateDict(tensors: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return p.dict(...[...tensors].flatMap(([name, bytes]) => [p.text(name), bytes]));
}

/** How a made-up DenseNet121 differs from the smallest one. */
export interface ModelSpec {
  readonly numLabels?: number;
  /** The storage of every parameter; one number, seen through strides of zero, unless overruled. */
  readonly over?: (name: string, shape: readonly number[]) => Uint8Array;
  readonly strides?: (shape: readonly number[]) => readonly number[];
  /** Tensors that replace the usual ones. */
  readonly replace?: Readonly<Record<string, Uint8Array>>;
}

/** Every tensor of a DenseNet121, as `torch.ones(1).expand(shape)` would be pickled. */
export function densenetTensors(spec: ModelSpec = {}): Map<string, Uint8Array> {
  const { numLabels = 14, over = () => storage("0", 1), replace = {} } = spec;
  const strides = spec.strides ?? ((shape: readonly number[]) => shape.map(() => 0));
  const tensors = new Map<string, Uint8Array>();
  for (const [name, shape] of expectedShapes(3, numLabels)) {
    if (name.endsWith("num_batches_tracked") && replace[name] === undefined) continue;
    tensors.set(name, replace[name] ?? tensor(over(name, shape), shape, strides(shape)));
  }
  return tensors;
}

/** One float32 of value 1. */
export const ONE = latin1("\0\0\x80\x3f");
