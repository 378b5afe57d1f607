/**
 * A reader of files written by any `torch.save` since PyTorch 0.1.10 that executes nothing.
 *
 * Knows:      the two containers, and how a pickle in them refers to storages. Not state dicts or models.
 * Reference:  torch/serialization.py: `_save` (zip, since 1.6) and `_legacy_save` (before).
 */

import { quote, XrayError } from "../../errors.ts";
import { type DType, ITEM_SIZE } from "../../tensor.ts";
import { byteSize } from "../../text.ts";
import { ByteReader, decodeText, startsWith } from "../bytes.ts";
import { unpickle } from "../pickle/unpickle.ts";
import type { PickleDict, PickleValue } from "../pickle/values.ts";
import { isZip, ZipArchive } from "../zip.ts";
import {
  type StorageType,
  storageBytes,
  storageType,
  swapBytes,
  TorchStorage,
  UnreadStorage,
} from "./storage.ts";
import { TENSOR_CONSTRUCTORS } from "./tensors.ts";

const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;
const MAX_PICKLE = 16 * 1024 * 1024;
const MAX_KEY = 256;
const MAX_BYTEORDER = 16;

/** What a file written by `torch.save` holds. Tensors appear as `TorchTensor`, other objects as inert records. */
interface TorchFile {
  readonly container: "zip" | "legacy";
  readonly root: PickleValue;
}

/** The class in ("module", class, …), as which the legacy format saves a class with its source code. */
function persistentModule(id: PickleValue[]): PickleValue | undefined {
  return id[0] === "module" ? (id[1] ?? null) : undefined;
}

interface StorageId {
  readonly type: StorageType;
  readonly key: string;
  readonly length: number;
  readonly view: PickleValue | undefined;
}

/** The id of a storage whose elements are read here. */
interface ReadStorageId {
  readonly dtype: DType;
  readonly key: string;
  readonly length: number;
}

/** Parse the persistent id ("storage", class, key, location, length[, view]). */
function storageId(id: PickleValue[]): StorageId {
  const [tag, storageClass, key, , length, view] = id;
  const type = storageType(storageClass);
  const size = typeof length === "number" && Number.isSafeInteger(length) && length >= 0 ? length : undefined;
  const isKey = typeof key === "number" || (typeof key === "string" && key.length <= MAX_KEY);
  if (tag !== "storage" || type === undefined || size === undefined || !isKey) {
    throw new XrayError("torch/bad-storage", "a storage is described in a way that is not known here", {});
  }
  return { type, key: String(key), length: size, view };
}

function readZip(bytes: Uint8Array): TorchFile {
  const archive = new ZipArchive(bytes);
  const pickleEntry = [...archive.entries.values()].find(
    ({ name }) => name === "data.pkl" || name.endsWith("/data.pkl"),
  );
  if (pickleEntry === undefined) {
    throw new XrayError(
      "torch/no-pickle",
      "this is a zip archive, but not one of torch.save: it has no data.pkl; unpack it first",
      {},
    );
  }
  if (pickleEntry.size > MAX_PICKLE) {
    throw new XrayError(
      "zip/too-large",
      `its data.pkl, which lists the tensors, would unpack to ${byteSize(pickleEntry.size)}; at most ${byteSize(MAX_PICKLE)} are read; save the weights alone: torch.save(model.state_dict(), …)`,
      { size: pickleEntry.size, limit: MAX_PICKLE },
    );
  }
  const root = pickleEntry.name.slice(0, -"data.pkl".length);
  if (archive.entries.has(`${root}constants.pkl`)) {
    throw new XrayError(
      "torch/torchscript",
      "this is a TorchScript archive of torch.jit.save: a program, not a checkpoint; save the weights with torch.save(model.state_dict(), …)",
      {},
    );
  }
  const order = archive.entries.get(`${root}byteorder`);
  const isBigEndian =
    order !== undefined && order.size <= MAX_BYTEORDER && decodeText(archive.read(order)) === "big";
  const storages = new Map<string, TorchStorage>();

  const open = ({ dtype, key, length }: ReadStorageId): TorchStorage => {
    const entry = archive.entries.get(`${root}data/${key}`);
    if (entry === undefined) {
      throw new XrayError("torch/bad-storage", `storage ${quote(key)} is missing from the archive`, { key });
    }
    // The declared size is checked before anything is unpacked.
    if (entry.size !== length * ITEM_SIZE[dtype]) {
      throw new XrayError(
        "torch/bad-storage",
        `storage ${quote(key)} should hold ${length} ${dtype} elements, but has ${entry.size} bytes`,
        { key, length, dtype, bytes: entry.size },
      );
    }
    return new TorchStorage(dtype, length, () => {
      const body = storageBytes(archive.read(entry), dtype, length, key);
      return isBigEndian ? swapBytes(body, dtype) : body;
    });
  };
  const persistentLoad = (id: PickleValue): PickleValue => {
    if (!Array.isArray(id)) throw new XrayError("torch/bad-storage", "a persistent id is no tuple", {});
    const module = persistentModule(id);
    if (module !== undefined) return module;
    const { type, key, length } = storageId(id);
    if (!type.isRead) return new UnreadStorage(type.dtype);
    const { dtype } = type;
    const storage = storages.get(`${key} ${dtype} ${length}`) ?? open({ dtype, key, length });
    storages.set(`${key} ${dtype} ${length}`, storage);
    return storage;
  };
  const pickle = archive.read(pickleEntry, true);
  const value = unpickle(new ByteReader(pickle), { persistentLoad, constructors: TENSOR_CONSTRUCTORS });
  return { container: "zip", root: value };
}

/** The storages of a legacy file, which the pickle names and which follow it. */
class LegacyStorages {
  readonly #roots = new Map<string, TorchStorage>();
  readonly #bodies = new Map<string, Uint8Array>();
  /** Bytes per element, by key. */
  readonly #itemSizes = new Map<string, number>();
  readonly #file: Uint8Array;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  persistentLoad(id: PickleValue): PickleValue {
    if (!Array.isArray(id)) throw new XrayError("torch/bad-storage", "a persistent id is no tuple", {});
    const module = persistentModule(id);
    if (module !== undefined) return module;
    const { type, key, length, view } = storageId(id);
    const { dtype, itemSize } = type;
    if (itemSize === undefined) {
      // The bodies follow one another: without the size of this one, those after it cannot be found.
      throw new XrayError("torch/bad-storage", `storage ${quote(key)} is of the unknown type ${dtype}`, {
        key,
      });
    }
    if (length * itemSize > this.#file.length) {
      throw new XrayError(
        "torch/bad-storage",
        `storage ${quote(key)} would hold ${length} ${dtype} elements, more than the file`,
        { key, length, dtype },
      );
    }
    if (!this.#itemSizes.has(key)) this.#itemSizes.set(key, itemSize);
    if (!type.isRead) return new UnreadStorage(dtype);
    return this.#read(type.dtype, key, length, view);
  }

  #read(dtype: DType, key: string, length: number, view: PickleValue | undefined): TorchStorage {
    const root =
      this.#roots.get(key) ?? new TorchStorage(dtype, length, () => this.#body(key, dtype, length));
    this.#roots.set(key, root);
    return Array.isArray(view) ? this.#view(root, view) : root;
  }

  /** The part (key, offset, length) of another storage, as in files from before 0.4. */
  #view(root: TorchStorage, [, offset, length]: PickleValue[]): TorchStorage {
    const inside =
      typeof offset === "number" &&
      typeof length === "number" &&
      offset >= 0 &&
      length >= 0 &&
      offset + length <= root.length;
    if (!inside) throw new XrayError("torch/bad-storage", "a view reaches beyond its storage", {});
    const width = ITEM_SIZE[root.dtype];
    return new TorchStorage(root.dtype, length, () =>
      root.bytes.subarray(offset * width, (offset + length) * width),
    );
  }

  #body(key: string, dtype: DType, length: number): Uint8Array {
    const body = this.#bodies.get(key);
    if (body === undefined)
      throw new XrayError("torch/bad-storage", `storage ${quote(key)} is missing from the file`, { key });
    return storageBytes(body, dtype, length, key);
  }

  /** Read the bodies in the order of the list of keys. Each is a count followed by that many elements. */
  readBodies(reader: ByteReader, keys: PickleValue): void {
    if (!Array.isArray(keys)) throw new XrayError("torch/bad-storage", "the list of storages is missing", {});
    for (const keyValue of keys) {
      const key = typeof keyValue === "number" ? String(keyValue) : keyValue;
      const itemSize = typeof key === "string" ? this.#itemSizes.get(key) : undefined;
      if (itemSize === undefined)
        throw new XrayError("torch/bad-storage", `storage ${quote(key)} is used by no tensor`, { key });
      const length = reader.u64();
      this.#bodies.set(key as string, reader.take(length * itemSize));
    }
  }
}

function readLegacy(bytes: Uint8Array): TorchFile {
  const reader = new ByteReader(bytes);
  const notLegacy = () =>
    new XrayError(
      "torch/not-a-checkpoint",
      "this is a pickle, but not one of torch.save; save the weights with torch.save(model.state_dict(), …)",
      {},
    );
  if (unpickle(reader) !== LEGACY_MAGIC) throw notLegacy();
  if (unpickle(reader) !== LEGACY_PROTOCOL) throw notLegacy();
  const system = unpickle(reader) as PickleDict;
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    throw new XrayError(
      "torch/big-endian",
      "it was written on a big-endian machine, and such files are not read; save it again on another machine",
      {},
    );
  }
  const storages = new LegacyStorages(bytes);
  const root = unpickle(reader, {
    persistentLoad: (id) => storages.persistentLoad(id),
    constructors: TENSOR_CONSTRUCTORS,
  });
  storages.readBodies(reader, unpickle(reader));
  return { container: "legacy", root };
}

/** Whether the file begins like one written by `torch.save`: as a zip archive, or with a pickled magic number. */
export function isTorch(bytes: Uint8Array): boolean {
  return isZip(bytes) || bytes[0] === 0x80 || startsWith(bytes, "L119547037146038801333356L");
}

/**
 * Read a file written by `torch.save`.
 *
 * @param bytes  The whole file. Tensors share its memory where their alignment and strides allow it.
 * @throws       XrayError `torch/…`, `zip/…`, `pickle/…`, `format/…`.
 */
export function readTorch(bytes: Uint8Array): TorchFile {
  return isZip(bytes) ? readZip(bytes) : readLegacy(bytes);
}
