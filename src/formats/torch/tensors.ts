/**
 * Tensors as PyTorch pickles them: a view (offset, size, stride) into a storage of one dtype.
 *
 * Knows:      shapes and strides. Not how storages are read.
 * Reference:  torch/_utils.py (`_rebuild_tensor_v2` and its relatives).
 */

import { XrayError } from "../../errors.ts";
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
import { type TensorEntry, unreadDType } from "../tensor-entry.ts";
import { TorchStorage, UnreadStorage } from "./storage.ts";

const MAX_RANK = 32;

/** A view may repeat elements (stride 0), but may not have more elements than this unless its storage does. */
const MAX_EXPANDED = 2 ** 24;

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

/** A tensor whose elements are not read here, because it is complex, quantised or sparse. */
export class UnreadTensor extends PickleExtension implements TensorEntry {
  readonly kind = "unread-tensor";
  readonly dtype: string;
  readonly shape: readonly number[];

  constructor(dtype: string, shape: readonly number[]) {
    super();
    this.dtype = dtype;
    this.shape = shape;
  }

  read(): never {
    throw unreadDType(this.dtype);
  }
}

/** A tensor of a checkpoint, whose elements are read on demand. */
export class TorchTensor extends PickleExtension implements TensorEntry {
  readonly kind = "tensor";
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly #storage: TorchStorage;
  readonly #offset: number;
  readonly #strides: readonly number[];
  /** Number of storage elements from the first to the last one of the view. */
  readonly #extent: number;

  /** Throws `torch/bad-tensor` if the view reaches beyond its storage, or repeats too many elements. */
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
        `a tensor of shape ${showShape(shape)} is expanded from a storage of ${capacity} elements, which is absurd; the file is damaged`,
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
    // Take only the part that the tensor spans, because all tensors of a file may share one storage.
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

/** A tuple of counts, such as a shape or strides; undefined if it is something else. */
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
  if (storage instanceof UnreadStorage && shape !== undefined) return new UnreadTensor(storage.dtype, shape);
  if (
    !(storage instanceof TorchStorage) ||
    start === undefined ||
    !shape ||
    strides?.length !== shape.length
  ) {
    throw new XrayError("torch/bad-tensor", "a tensor is described in a way that makes no sense", {});
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new XrayError(
      "torch/bad-tensor",
      `a tensor of shape ${showShape(shape)} is absurdly large; the file is damaged`,
      {
        shape,
      },
    );
  }
  return new TorchTensor(storage, start, shape, strides, dtype ?? storage.dtype);
}

/**
 * `_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, metadata)`: over an untyped storage.
 */
function rebuildV3(args: PickleValue[]): PickleValue {
  const named = args[6] instanceof PickleGlobal && args[6].module === "torch" ? args[6].name : undefined;
  if (named === undefined) throw new XrayError("torch/bad-tensor", "a tensor has no dtype", {});
  const dtype = TORCH_DTYPES.get(named);
  return dtype === undefined ? new UnreadTensor(named, counts(args[2]) ?? []) : rebuild(args, dtype);
}

/**
 * `_rebuild_qtensor(storage, offset, size, stride, quantizer, …)`: integers that mean nothing without the quantizer.
 */
function rebuildQuantised([storage, , shape]: PickleValue[]): PickleValue {
  const dtype =
    storage instanceof UnreadStorage || storage instanceof TorchStorage ? storage.dtype : "quantised";
  return new UnreadTensor(dtype, counts(shape) ?? []);
}

/** `_rebuild_sparse_tensor(layout, (indices, values, size))`. */
function rebuildSparse([, parts]: PickleValue[]): PickleValue {
  return new UnreadTensor("sparse", counts(Array.isArray(parts) ? parts[2] : undefined) ?? []);
}

/** `_rebuild_from_type_v2(rebuild, type, args, state)`: a tensor of a subclass of `Tensor`. */
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

/** The calls with which PyTorch's pickles make tensors. */
export const TENSOR_CONSTRUCTORS: ReadonlyMap<string, (args: PickleValue[]) => PickleValue> = new Map([
  ["torch._utils._rebuild_tensor", (args: PickleValue[]) => rebuild(args)],
  ["torch._utils._rebuild_tensor_v2", (args: PickleValue[]) => rebuild(args)],
  ["torch._utils._rebuild_tensor_v3", rebuildV3],
  // The size of a sparse tensor, a tuple under another name.
  ["torch.Size", (args: PickleValue[]) => (Array.isArray(args[0]) ? args[0] : [])],
  ["torch._utils._rebuild_qtensor", rebuildQuantised],
  ["torch._utils._rebuild_sparse_tensor", rebuildSparse],
  ["torch._utils._rebuild_sparse_csr_tensor", rebuildSparse],
  ["torch._utils._rebuild_parameter", first],
  ["torch._utils._rebuild_parameter_with_state", first],
  ["torch._tensor._rebuild_from_type_v2", rebuildFromType],
  // PyTorch ≤ 0.3 pickles a Parameter as an object made from its tensor.
  ["torch.nn.parameter.Parameter", first],
  ["torch.nn.Parameter", first],
  ["torch.autograd.variable.Variable", first],
]);
