/** A tensor in the form in which scripts/reference/checkpoints.py records PyTorch's tensors. */

import { bfloat16ToNumber, float16ToNumber, type Tensor } from "../../src/tensor.ts";

export interface TensorFacts {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Integers beyond 2⁵³, infinities and NaN as strings. */
  readonly values: readonly (number | string)[];
}

function plain(value: number | bigint): number | string {
  const number = Number(value);
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) return String(value);
  return Number.isFinite(number) ? number : String(number);
}

export function tensorFacts({ dtype, shape, data }: Tensor): TensorFacts {
  const decode =
    dtype === "float16"
      ? float16ToNumber
      : dtype === "bfloat16"
        ? bfloat16ToNumber
        : (value: number) => value;
  const values = Array.from(data as ArrayLike<number | bigint>, (value) =>
    plain(typeof value === "bigint" ? value : decode(value)),
  );
  return { dtype, shape, values };
}

/** All tensors of a file, in the file's order. */
export function allFacts(entries: ReadonlyMap<string, { read(): Tensor }>): [string, TensorFacts][] {
  return [...entries].map(([name, entry]) => [name, tensorFacts(entry.read())]);
}
