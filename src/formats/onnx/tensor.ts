/**
 * Tensors of an ONNX file: type and shape at once, elements on demand.
 *
 * Pipeline:   TensorProto → **entry** → tensor
 * Knows:      where elements may be stored. Not what they are for.
 * Reference:  onnx.proto, TensorProto.
 */

import { quote, XrayError } from "../../errors.ts";
import {
  bytesOf,
  type DType,
  elementsFromBytes,
  ITEM_SIZE,
  showShape,
  sizeOf,
  type Tensor,
} from "../../tensor.ts";
import { concatBytes, decodeText } from "../bytes.ts";
import { type TensorEntry, unreadDType } from "../tensor-entry.ts";
import { readDType, TENSOR, typeName } from "./numbers.ts";
import { type Budget, countVarints, damaged, fieldsOf, integersOf, packedVarints } from "./wire.ts";

const MAX_RANK = 16;

/** A tensor of an ONNX file. */
export interface OnnxTensor extends TensorEntry {
  readonly name: string;
  /** Whether its elements are said to lie in another file. They are never read. */
  readonly isExternal: boolean;
}

/** Where a tensor's elements are: all as bytes, or in a list for some types. */
interface Stored {
  raw: Uint8Array | undefined;
  /** Pieces of the lists, by the number of the field; each is packed. */
  readonly lists: Map<number, Uint8Array[]>;
}

/** The field that lists a type's elements. */
const LIST_OF: { readonly [D in DType]: number } = {
  float32: TENSOR.floatData,
  float64: TENSOR.doubleData,
  int64: TENSOR.int64Data,
  uint64: TENSOR.uint64Data,
  uint32: TENSOR.uint64Data,
  int32: TENSOR.int32Data,
  int16: TENSOR.int32Data,
  int8: TENSOR.int32Data,
  uint16: TENSOR.int32Data,
  uint8: TENSOR.int32Data,
  bool: TENSOR.int32Data,
  float16: TENSOR.int32Data,
  bfloat16: TENSOR.int32Data,
};

const LISTS: readonly number[] = [...new Set(Object.values(LIST_OF))];

/** Elements of a list. Nothing is allocated before they were counted. */
function listed(dtype: DType, pieces: readonly Uint8Array[], size: number): Tensor["data"] {
  const misfit = (found: number) => damaged(`a tensor of ${size} elements lists ${found}`, { size, found });
  if (dtype === "float32" || dtype === "float64") {
    const found = pieces.reduce((sum, { length }) => sum + length, 0) / ITEM_SIZE[dtype];
    if (found !== size) throw misfit(found);
    return elementsFromBytes(dtype, concatBytes(pieces));
  }
  const found = pieces.reduce((sum, piece) => sum + countVarints(piece), 0);
  if (found !== size) throw misfit(found);
  const data = elementsFromBytes(dtype, new Uint8Array(size * ITEM_SIZE[dtype]));
  let at = 0;
  for (const piece of pieces) {
    for (const value of packedVarints(piece)) {
      if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[at++] = value;
      else data[at++] = Number(BigInt.asIntN(32, value));
    }
  }
  return data;
}

function elementsOf(dtype: DType, shape: readonly number[], { raw, lists }: Stored): Tensor {
  const size = sizeOf(shape);
  const data =
    raw === undefined ? listed(dtype, lists.get(LIST_OF[dtype]) ?? [], size) : elementsFromBytes(dtype, raw);
  if (dtype === "bool" && bytesOf(data).some((byte) => byte > 1))
    throw damaged("a boolean is neither 0 nor 1");
  return { dtype, shape, data };
}

function checkShape(name: string, shape: readonly number[]): void {
  if (shape.length <= MAX_RANK && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
    return;
  throw damaged(`the tensor ${quote(name)} has no valid shape`, { name });
}

/**
 * Read a TensorProto.
 *
 * @throws  XrayError `onnx/damaged` if its bytes do not fit its shape; `onnx/unsupported` if it is cut into segments.
 */
export function readTensor(message: Uint8Array, budget: Budget): OnnxTensor {
  const shape: number[] = [];
  const stored: Stored = { raw: undefined, lists: new Map() };
  let [name, type, isExternal] = ["", 0, false];
  for (const field of fieldsOf(message, budget)) {
    const { number, value, bytes } = field;
    if (number === TENSOR.dims) shape.push(...integersOf(field, budget).slice(0, MAX_RANK + 1));
    else if (number === TENSOR.dataType) type = value;
    else if (number === TENSOR.name) name = decodeText(bytes);
    else if (number === TENSOR.rawData) stored.raw = bytes;
    else if (number === TENSOR.externalData) isExternal = true;
    else if (number === TENSOR.dataLocation) isExternal ||= value !== 0;
    else if (LISTS.includes(number)) stored.lists.set(number, [...(stored.lists.get(number) ?? []), bytes]);
    else if (number === TENSOR.segment)
      throw new XrayError(
        "onnx/unsupported",
        `its tensor ${quote(name)} is cut into segments; export it anew`,
        {},
      );
  }
  checkShape(name, shape);
  const dtype = readDType(type);
  const described = { name, dtype: typeName(type), shape, isExternal };
  if (dtype === undefined || isExternal) {
    return {
      ...described,
      read: () => {
        throw isExternal ? externalData([name]) : unreadDType(described.dtype);
      },
    };
  }
  const { raw } = stored;
  if (raw !== undefined && raw.length !== sizeOf(shape) * ITEM_SIZE[dtype]) {
    throw damaged(`${quote(name)} has ${raw.length} bytes, which do not fit ${dtype}${showShape(shape)}`, {
      name,
    });
  }
  return { ...described, read: () => elementsOf(dtype, shape, stored) };
}

/** The error for a file whose tensors lie in other files. */
export function externalData(names: readonly string[]): XrayError {
  return new XrayError(
    "onnx/external-data",
    `its tensor ${quote(names[0])} lies in another file, and other files are never read; save it as one file, ` +
      "with onnx.save(onnx.load(path), path, save_as_external_data=False)",
    { names: names.slice(0, 10) },
  );
}
