/**
 * Storages as PyTorch pickles them: blocks of elements of one type. Tensors are views of them.
 *
 * Knows:      the storage classes and the bytes of their elements. Not where in a file these are.
 * Reference:  torch/storage.py.
 */

import { quote, XrayError } from "../../errors.ts";
import { type DType, ITEM_SIZE } from "../../tensor.ts";
import { PickleExtension, PickleGlobal, type PickleValue } from "../pickle/values.ts";

const STORAGE_DTYPES: ReadonlyMap<string, DType> = new Map([
  ["FloatStorage", "float32"],
  ["DoubleStorage", "float64"],
  ["HalfStorage", "float16"],
  ["BFloat16Storage", "bfloat16"],
  ["LongStorage", "int64"],
  ["IntStorage", "int32"],
  ["ShortStorage", "int16"],
  ["CharStorage", "int8"],
  ["ByteStorage", "uint8"],
  ["BoolStorage", "bool"],
  ["UntypedStorage", "uint8"],
]);

/** Storages whose elements are not read here, with the bytes per element. A file may hold them besides others. */
const OTHER_STORAGES: ReadonlyMap<string, { readonly dtype: string; readonly itemSize: number }> = new Map([
  ["ComplexFloatStorage", { dtype: "complex64", itemSize: 8 }],
  ["ComplexDoubleStorage", { dtype: "complex128", itemSize: 16 }],
  ["QInt8Storage", { dtype: "qint8", itemSize: 1 }],
  ["QUInt8Storage", { dtype: "quint8", itemSize: 1 }],
  ["QInt32Storage", { dtype: "qint32", itemSize: 4 }],
  ["QUInt4x2Storage", { dtype: "quint4x2", itemSize: 1 }],
  ["QUInt2x4Storage", { dtype: "quint2x4", itemSize: 1 }],
]);

/** The type of a storage's elements: one that is read here, or another, whose size may be unknown. */
export type StorageType =
  | { readonly isRead: true; readonly dtype: DType; readonly itemSize: number }
  | { readonly isRead: false; readonly dtype: string; readonly itemSize: number | undefined };

/** The type of `torch.FloatStorage`, `torch.cuda.HalfStorage` and so on; undefined for anything else. */
export function storageType(storageClass: PickleValue | undefined): StorageType | undefined {
  if (!(storageClass instanceof PickleGlobal) || !storageClass.module.startsWith("torch")) return undefined;
  const dtype = STORAGE_DTYPES.get(storageClass.name);
  if (dtype !== undefined) return { isRead: true, dtype, itemSize: ITEM_SIZE[dtype] };
  const other = OTHER_STORAGES.get(storageClass.name);
  if (other !== undefined) return { isRead: false, ...other };
  const name = /^(\w+)Storage$/.exec(storageClass.name)?.[1];
  return name === undefined ? undefined : { isRead: false, dtype: name.toLowerCase(), itemSize: undefined };
}

/** A block of elements. Its bytes are fetched when one of its tensors is read. */
export class TorchStorage extends PickleExtension {
  readonly kind = "storage";
  readonly dtype: DType;
  /** Number of elements. */
  readonly length: number;
  readonly #load: () => Uint8Array;
  #bytes: Uint8Array | undefined;

  /** @param load  Returns exactly `length` elements, little-endian. */
  constructor(dtype: DType, length: number, load: () => Uint8Array) {
    super();
    this.dtype = dtype;
    this.length = length;
    this.#load = load;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.#load();
    return this.#bytes;
  }
}

/** A block of elements that are not read here. */
export class UnreadStorage extends PickleExtension {
  readonly kind = "unread-storage";
  readonly dtype: string;

  constructor(dtype: string) {
    super();
    this.dtype = dtype;
  }
}

/** The bytes of a storage. Throws `torch/bad-storage` unless there are exactly `length` elements. */
export function storageBytes(bytes: Uint8Array, dtype: DType, length: number, key: string): Uint8Array {
  if (bytes.length !== length * ITEM_SIZE[dtype]) {
    throw new XrayError(
      "torch/bad-storage",
      `storage ${quote(key)} should hold ${length} ${dtype} elements, but has ${bytes.length} bytes; the file is damaged`,
      { key, length, dtype, bytes: bytes.length },
    );
  }
  return bytes;
}

/** A new array with the byte order of every element reversed. */
export function swapBytes(bytes: Uint8Array, dtype: DType): Uint8Array {
  const width = ITEM_SIZE[dtype];
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i + width <= bytes.length; i += width) {
    for (let b = 0; b < width; b++) out[i + b] = bytes[i + width - 1 - b]!;
  }
  return out;
}
