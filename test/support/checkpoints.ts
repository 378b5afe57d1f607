/** Makes checkpoints for tests of how they are read. */

import type { PickleValue } from "../../src/formats/pickle/values.ts";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import type { TensorEntry } from "../../src/formats/tensor-entry.ts";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { findStateDicts, type StateDict } from "../../src/models/state-dict.ts";
import { bytesOf, type Tensor } from "../../src/tensor.ts";

export function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

export function safetensorsFile(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return join(safetensorsPieces(tensors, metadata));
}

export function torchFile(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return join(torchPieces(tensors, metadata));
}

/** Tensors in memory as a file would list them. */
export function entriesOf(tensors: ReadonlyMap<string, Tensor>): Map<string, TensorEntry> {
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      { dtype: tensor.dtype, shape: tensor.shape, read: () => tensor },
    ]),
  );
}

/** The same values under other names. */
export function renamed<T>(map: ReadonlyMap<string, T>, rename: (name: string) => string): Map<string, T> {
  return new Map([...map].map(([name, value]) => [rename(name), value]));
}

/** `denselayer1.norm1.` as torchvision wrote it before 0.2.1: `denselayer1.norm.1.` */
export function oldName(name: string): string {
  return name.replace(/(denselayer\d+\.(?:norm|conv))([12])\./, "$1.$2.");
}

/** Names whose tensors differ in dtype, shape or any bit, or that only one side has. */
export function differing(a: ReadonlyMap<string, Tensor>, b: ReadonlyMap<string, Tensor>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => {
    const [left, right] = [a.get(name), b.get(name)];
    if (left === undefined || right === undefined) return true;
    if (left.dtype !== right.dtype || left.shape.join() !== right.shape.join()) return true;
    return Buffer.compare(bytesOf(left.data), bytesOf(right.data)) !== 0;
  });
}

/** The most likely of a checkpoint's state dicts. */
export const findStateDict = (root: PickleValue): StateDict => findStateDicts(root)[0]!;
