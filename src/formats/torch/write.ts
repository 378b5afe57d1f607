/**
 * Writing a state dict as `torch.save` has done since 1.6: a stored zip with a pickle and one file per tensor.
 *
 * Knows:      the container. Not models.
 * Reference:  torch/serialization.py `_save`; only opcodes that `torch.load(weights_only=True)` accepts.
 */

import { XrayError } from "../../errors.ts";
import { bytesOf, type DType, sizeOf, type Tensor } from "../../tensor.ts";
import { zipPieces } from "../zip-write.ts";

/** PyTorch has no storage classes for the larger unsigned integers. */
const STORAGE_CLASSES: { readonly [D in DType]: string | undefined } = {
  float32: "FloatStorage",
  float64: "DoubleStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint64: undefined,
  uint32: undefined,
  uint16: undefined,
  uint8: "ByteStorage",
  bool: "BoolStorage",
};

function storageClass(dtype: DType): string {
  const name = STORAGE_CLASSES[dtype];
  if (name !== undefined) return name;
  const message = `tensors of ${dtype} cannot be written to a PyTorch file; write safetensors instead`;
  throw new XrayError("torch/no-storage", message, { dtype });
}

/** The few opcodes that a state dict needs, as methods that are named like those of pickletools. */
class PickleWriter {
  readonly #bytes: number[] = [0x80, 2];

  #u32(value: number): void {
    this.#bytes.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  global(module: string, name: string): void {
    this.#bytes.push(0x63, ...new TextEncoder().encode(`${module}\n${name}\n`));
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.#bytes.push(0x58);
    this.#u32(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** BININT. Counts in a model fit into 31 bits. */
  integer(value: number): void {
    this.#bytes.push(0x4a);
    this.#u32(value);
  }

  /** A tuple of integers. */
  integers(values: readonly number[]): void {
    this.mark();
    for (const value of values) this.integer(value);
    this.tuple();
  }

  mark(): void {
    this.#bytes.push(0x28);
  }

  tuple(): void {
    this.#bytes.push(0x74);
  }

  false(): void {
    this.#bytes.push(0x89);
  }

  /** `collections.OrderedDict()` */
  orderedDict(): void {
    this.global("collections", "OrderedDict");
    this.#bytes.push(0x29, 0x52);
  }

  emptyDict(): void {
    this.#bytes.push(0x7d);
  }

  setItems(): void {
    this.#bytes.push(0x75);
  }

  reduce(): void {
    this.#bytes.push(0x52);
  }

  build(): void {
    this.#bytes.push(0x62);
  }

  persistentId(): void {
    this.#bytes.push(0x51);
  }

  finish(): Uint8Array {
    return Uint8Array.from([...this.#bytes, 0x2e]);
  }
}

/** The strides, in elements, of a C-ordered tensor. */
function contiguousStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

function writeTensor(pickle: PickleWriter, key: number, { dtype, shape, data }: Tensor): void {
  pickle.global("torch._utils", "_rebuild_tensor_v2");
  pickle.mark();
  pickle.mark();
  pickle.text("storage");
  pickle.global("torch", storageClass(dtype));
  pickle.text(String(key));
  pickle.text("cpu");
  pickle.integer(data.length);
  pickle.tuple();
  pickle.persistentId();
  pickle.integer(0);
  pickle.integers(shape);
  pickle.integers(contiguousStrides(shape));
  pickle.false();
  pickle.orderedDict();
  pickle.tuple();
  pickle.reduce();
}

function writeStateDict(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const pickle = new PickleWriter();
  pickle.orderedDict();
  pickle.mark();
  let key = 0;
  for (const [name, tensor] of tensors) {
    pickle.text(name);
    writeTensor(pickle, key++, tensor);
  }
  pickle.setItems();
  // A state dict carries `_metadata`, a dict by module name. PyTorch ignores names that are not those of modules.
  pickle.emptyDict();
  pickle.mark();
  pickle.text("_metadata");
  pickle.orderedDict();
  pickle.mark();
  for (const [name, text] of Object.entries(metadata)) {
    pickle.text(name);
    pickle.text(text);
  }
  pickle.setItems();
  pickle.setItems();
  pickle.build();
  return pickle.finish();
}

/**
 * Write a state dict as a `.pth` file.
 *
 * @param tensors   In the order in which the dict is to list them.
 * @param metadata  Strings for the dict's `_metadata`, where PyTorch ignores them.
 * @returns         The file's pieces in order; the tensors' bytes are not copied. The file loads with
 *                  `torch.load(…, weights_only=True)`.
 * @throws          XrayError `torch/no-storage`, `zip/too-large`.
 */
export function torchPieces(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const storages = [...tensors.values()].map(({ data }, key) => ({
    name: `archive/data/${key}`,
    bytes: bytesOf(data),
  }));
  return zipPieces([
    { name: "archive/data.pkl", bytes: writeStateDict(tensors, metadata) },
    ...storages,
    { name: "archive/version", bytes: new TextEncoder().encode("3\n") },
  ]);
}
