/**
 * Field and type numbers of onnx.proto, as far as they are read.
 *
 * Knows:      numbers.
 * Reference:  onnx.proto, IR version 11.
 */

import { ONNX_DTYPE } from "../../graph/onnx/dtypes.ts";
import type { DType } from "../../tensor.ts";

export const MODEL = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opsetImport: 8,
  metadataProps: 14,
  functions: 25,
} as const;
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12, sparse: 15 } as const;
export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
export const ATTRIBUTE = {
  name: 1,
  f: 2,
  i: 3,
  s: 4,
  tensor: 5,
  graph: 6,
  ints: 8,
  tensors: 10,
  graphs: 11,
  sparse: 22,
  sparseTensors: 23,
} as const;
export const TENSOR = {
  dims: 1,
  dataType: 2,
  segment: 3,
  floatData: 4,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14,
} as const;
export const VALUE_INFO = { name: 1, type: 2 } as const;
export const TYPE = { tensor: 1 } as const;
export const TENSOR_TYPE = { elemType: 1, shape: 2 } as const;
export const SHAPE = { dim: 1 } as const;
export const DIMENSION = { value: 1, param: 2 } as const;
export const OPSET = { domain: 1, version: 2 } as const;
export const ENTRY = { key: 1, value: 2 } as const;
export const FUNCTION = { name: 1, node: 7, opsetImport: 9, domain: 10 } as const;

const DTYPE_BY_NUMBER = new Map(
  Object.entries(ONNX_DTYPE).map(([dtype, number]) => [number, dtype as DType]),
);

/** Types whose elements are not read here. */
const OTHERS: Readonly<Record<number, string>> = {
  8: "string",
  14: "complex64",
  15: "complex128",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
};

/** The dtype that a number stands for, if its elements are read here. */
export const readDType = (number: number): DType | undefined => DTYPE_BY_NUMBER.get(number);

/** The name of the type that a number stands for, whether or not its elements are read. */
export const typeName = (number: number): string => readDType(number) ?? OTHERS[number] ?? `type ${number}`;
