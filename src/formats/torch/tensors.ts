/**
 * Tensors as PyTorch pickles them: a view (offset, size, stride) into a storage of one dtype.
 *
 * Knows:      storages and strides. Not where a storage's bytes lie in a file.
 * Reference:  torch/_utils.py (`_rebuild_tensor_v2` and its relatives), torch/storage.py.
 */

import { quote, XrayError } from "../../errors.ts";
import {
  type DType,
  type ElementArrays,
  elementsFromBytes,
  ITEM_SIZE,
  showShape,
  sizeOf,
  type Tensor,
} from "../../tensor.ts";
import { PickleExtension, PickleGlobal, PickleObject, type PickleValue } from "../pickle/values.ts";
import type { TensorEntry } from "../tensor-entry.ts";

const MAX_RANK = 32;

/** A view may repeat elements (stride 0), but not into more than this many. */
const MAX_EXPANDED = 2 ** 24;

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

/** `torch.float32` and so on, as `_rebuild_tensor_v3` names them. */
const TORCH_DTYPES: ReadonlyMap<string, DType> = new Map([
  ["float32", "float32"],
  ["float64", "float64"],
  ["float16", "float16"],
  ["bfloat16", "bfloat16"],
  ["int64", "int64"],
  ["int32", "int32"],
  ["int16", "int16"],
  ["int8", "int8"],
  ["uint8", "uint8"],
  ["bool", "bool"],
]);

/** The dtype of `torch.FloatStorage`, `torch.cuda.HalfStorage`, …; undefined for what is no such class. */
export function storageDType(storageClass: PickleValue | undefined): DType | undefined {
  if (!(storageClass instanceof PickleGlobal) || !storageClass.module.startsWith("torch")) return undefined;
  return STORAGE_DTYPES.get(storageClass.name);
}

/** A block of elements. Its bytes are fetched when a tensor in it is read. */
export class TorchStorage extends PickleExtension {
  readonly kind = "storage";
  readonly dtype: DType;
  /** Number of elements. */
  readonly length: number;
  readonly #load: () => Uint8Array;
  #bytes: Uint8Array | undefined;

  /** @param load  Exactly `length` elements, little-endian. */
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

/** A tensor of a checkpoint, before its elements are read. */
export class TorchTensor extends PickleExtension implements TensorEntry {
  readonly kind = "tensor";
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly #storage: TorchStorage;
  readonly #offset: number;
  readonly #strides: readonly number[];
  /** Elements from the first to the last of the view. */
  readonly #extent: number;

  /** Throws `torch/bad-tensor` where the view leaves its storage. */
  constructor(
    storage: TorchStorage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
    dtype: DType = storage.dtype,
  ) {
    super();
    this.dtype = dtype;
    this.shape = shape;
    this.#storage = storage;
    this.#offset = offset;
    this.#strides = strides;
    const capacity = Math.floor((storage.length * ITEM_SIZE[storage.dtype]) / ITEM_SIZE[dtype]);
    if (sizeOf(shape) > Math.max(capacity, MAX_EXPANDED)) {
      throw new XrayError(
        "torch/bad-tensor",
        `a tensor of shape ${showShape(shape)} is expanded from a storage of ${capacity} elements; that is absurd`,
        { shape, strides, capacity },
      );
    }
    this.#extent = shape.includes(0)
      ? 0
      : shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 1);
    if (!(offset + this.#extent <= capacity)) {
      throw new XrayError(
        "torch/bad-tensor",
        `a tensor of shape ${showShape(shape)} reaches beyond its storage of ${capacity} elements`,
        { shape, strides, offset, capacity },
      );
    }
  }

  read(): Tensor {
    // Only the part of the storage that the tensor spans: a storage can be shared by all tensors of a file.
    const width = ITEM_SIZE[this.dtype];
    const span = this.#storage.bytes.subarray(this.#offset * width, (this.#offset + this.#extent) * width);
    const elements = elementsFromBytes(this.dtype, span);
    const data = this.#isContiguous() ? elements : this.#gather(elements, sizeOf(this.shape));
    return { dtype: this.dtype, shape: this.shape, data };
  }

  #isContiguous(): boolean {
    let expected = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] !== 1 && this.#strides[axis] !== expected) return false;
      expected *= this.shape[axis]!;
    }
    return true;
  }

  /** Copy a strided view into C order. */
  #gather(elements: ElementArrays[DType], size: number): ElementArrays[DType] {
    const out = elementsFromBytes(this.dtype, new Uint8Array(size * ITEM_SIZE[this.dtype]));
    const index = new Array<number>(this.shape.length).fill(0);
    let at = 0;
    for (let i = 0; i < size; i++) {
      out[i] = elements[at]!;
      for (let axis = index.length - 1; axis >= 0; axis--) {
        at += this.#strides[axis]!;
        index[axis]! += 1;
        if (index[axis]! < this.shape[axis]!) break;
        at -= this.#strides[axis]! * this.shape[axis]!;
        index[axis] = 0;
      }
    }
    return out;
  }
}

/** A shape or a stride: a tuple of counts, or undefined. */
function counts(value: PickleValue | undefined): number[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_RANK) return undefined;
  return value.every((n) => typeof n === "number" && Number.isSafeInteger(n) && n >= 0)
    ? (value as number[])
    : undefined;
}

function rebuild(args: PickleValue[], dtype?: DType): PickleValue {
  const [storage, offset, shapeValue, stridesValue] = args;
  const shape = counts(shapeValue);
  const strides = counts(stridesValue);
  const start = counts([offset ?? null])?.[0];
  if (
    !(storage instanceof TorchStorage) ||
    start === undefined ||
    !shape ||
    strides?.length !== shape.length
  ) {
    throw new XrayError("torch/bad-tensor", "a tensor is described in a way that makes no sense", {});
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new XrayError("torch/bad-tensor", `a tensor of shape ${showShape(shape)} is absurdly large`, {
      shape,
    });
  }
  return new TorchTensor(storage, start, shape, strides, dtype ?? storage.dtype);
}

/** `_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, metadata)`, over untyped bytes. */
function rebuildV3(args: PickleValue[]): PickleValue {
  const dtype = args[6] instanceof PickleGlobal ? TORCH_DTYPES.get(args[6].name) : undefined;
  if (dtype === undefined)
    throw new XrayError("torch/bad-tensor", "a tensor has a dtype that is not read here", {});
  return rebuild(args, dtype);
}

/** `_rebuild_from_type_v2(rebuild, type, args, state)`: a tensor of a subclass. */
function rebuildFromType(args: PickleValue[]): PickleValue {
  const [callable, , inner] = args;
  const make = callable instanceof PickleGlobal ? TENSOR_CONSTRUCTORS.get(callable.path) : undefined;
  const nested = callable instanceof PickleGlobal && callable.name === "_rebuild_from_type_v2";
  if (make === undefined || nested || !Array.isArray(inner)) {
    return new PickleObject(new PickleGlobal("torch._tensor", "_rebuild_from_type_v2"), args);
  }
  return make(inner);
}

const first = (args: PickleValue[]): PickleValue => args[0] ?? null;

/** The calls by which PyTorch's pickles make tensors. */
export const TENSOR_CONSTRUCTORS: ReadonlyMap<string, (args: PickleValue[]) => PickleValue> = new Map([
  ["torch._utils._rebuild_tensor", (args: PickleValue[]) => rebuild(args)],
  ["torch._utils._rebuild_tensor_v2", (args: PickleValue[]) => rebuild(args)],
  ["torch._utils._rebuild_tensor_v3", rebuildV3],
  ["torch._utils._rebuild_parameter", first],
  ["torch._utils._rebuild_parameter_with_state", first],
  ["torch._tensor._rebuild_from_type_v2", rebuildFromType],
  // PyTorch ≤ 0.3 pickles a Parameter as an object made from its tensor.
  ["torch.nn.parameter.Parameter", first],
  ["torch.nn.Parameter", first],
  ["torch.autograd.variable.Variable", first],
]);

/** Exactly the bytes of a storage, or an error that says what the file has instead. */
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

/** Reverse the byte order of every element, into a new array. */
export function swapBytes(bytes: Uint8Array, dtype: DType): Uint8Array {
  const width = ITEM_SIZE[dtype];
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i + width <= bytes.length; i += width) {
    for (let b = 0; b < width; b++) out[i + b] = bytes[i + width - 1 - b]!;
  }
  return out;
}
