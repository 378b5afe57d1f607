/**
 * safetensors files: named tensors and a map of strings.
 *
 * Knows:      the container. Not models.
 * Reference:  huggingface/safetensors, "Format": u64 header length, JSON header, then the elements.
 */

import { quote, XrayError } from "../errors.ts";
import { bytesOf, type DType, elementsFromBytes, ITEM_SIZE, sizeOf, type Tensor } from "../tensor.ts";
import { ByteReader } from "./bytes.ts";
import { type TensorEntry, unreadDType } from "./tensor-entry.ts";

/** DenseNet121's header has about 100 kB. The format allows 100 MB, which may take gigabytes once parsed. */
const MAX_HEADER = 4_000_000;

/** safetensors' names for the dtypes. */
const NAMES: { readonly [D in DType]: string } = {
  float32: "F32",
  float64: "F64",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};
const DTYPES = new Map(Object.entries(NAMES).map(([dtype, name]) => [name, dtype as DType]));

/** What a safetensors file holds. */
interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

function bad(problem: string, details: Record<string, unknown> = {}): XrayError {
  return new XrayError(
    "safetensors/bad-file",
    `this is not a readable safetensors file: ${problem}`,
    details,
  );
}

/** Whether the file begins like a safetensors file, with a plausible length and `{`. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readEntry(
  name: string,
  row: unknown,
  body: Uint8Array,
): TensorEntry & { begin: number; end: number } {
  if (!isRecord(row)) throw bad(`the entry of ${quote(name)} is not an object`, { name });
  const { dtype: dtypeName, shape, data_offsets: offsets } = row;
  if (typeof dtypeName !== "string" || !/^[A-Z][A-Z0-9_]{0,31}$/.test(dtypeName))
    throw bad(`${quote(name)} has the unknown dtype ${quote(dtypeName)}`, { name });
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw bad(`${quote(name)} has no valid shape`, { name });
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw bad(`${quote(name)} has no valid data_offsets`, { name });
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > body.length) {
    throw bad(`${quote(name)} lies at bytes ${begin} to ${end}, but the file has ${body.length}`, { name });
  }
  const dtype = DTYPES.get(dtypeName);
  // F8_E4M3, C64 and future dtypes: a file may hold such tensors besides those that are needed.
  if (dtype === undefined) {
    const other = dtypeName.toLowerCase();
    return {
      dtype: other,
      shape,
      read: () => {
        throw unreadDType(other);
      },
      begin,
      end,
    };
  }
  if (end - begin !== sizeOf(shape) * ITEM_SIZE[dtype]) {
    throw bad(`${quote(name)} has ${end - begin} bytes, which do not fit its shape`, { name });
  }
  const read = (): Tensor => ({ dtype, shape, data: elementsFromBytes(dtype, body.subarray(begin, end)) });
  return { dtype, shape, read, begin, end };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== "string")) {
    throw bad("__metadata__ must map strings to strings");
  }
  return value as Record<string, string>;
}

/**
 * Read a safetensors file.
 *
 * @param bytes  The whole file. Tensors share its memory where their alignment allows it.
 * @throws       XrayError `safetensors/bad-file` or `format/…` if parts are damaged, overlap or are missing.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const reader = new ByteReader(bytes);
  const length = reader.u64();
  if (length > MAX_HEADER) throw bad(`its header would be ${length} bytes long`, { length });
  const text = reader.take(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch {
    throw bad("its header is not JSON; the file is damaged");
  }
  if (!isRecord(header)) throw bad("its header is not a JSON object");
  const { __metadata__: metadata, ...rows } = header;
  const body = reader.take(reader.remaining);
  const entries = Object.entries(rows).map(([name, row]) => ({ name, entry: readEntry(name, row, body) }));
  let at = 0;
  for (const { name, entry } of entries.toSorted(
    (a, b) => a.entry.begin - b.entry.begin || a.entry.end - b.entry.end,
  )) {
    if (entry.begin !== at) throw bad(`${quote(name)} leaves a hole or overlaps its neighbour`, { name });
    at = entry.end;
  }
  if (at !== body.length) throw bad(`${body.length - at} bytes at its end belong to no tensor`);
  return {
    tensors: new Map(entries.map(({ name, entry }) => [name, entry])),
    metadata: readMetadata(metadata),
  };
}

/**
 * Write a safetensors file.
 *
 * @returns  The file's pieces in order; the tensors' bytes are not copied.
 */
export function safetensorsPieces(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const bodies: Uint8Array[] = [];
  let at = 0;
  // Widest elements come first, so that every tensor is aligned to its own width.
  const ordered = [...tensors].sort((a, b) => ITEM_SIZE[b[1].dtype] - ITEM_SIZE[a[1].dtype]);
  for (const [name, { dtype, shape, data }] of ordered) {
    const body = bytesOf(data);
    header[name] = { dtype: NAMES[dtype], shape, data_offsets: [at, at + body.length] };
    bodies.push(body);
    at += body.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(json, 8);
  return [padded, ...bodies];
}
