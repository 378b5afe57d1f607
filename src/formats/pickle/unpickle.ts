/**
 * Python's pickle, read without executing anything.
 *
 * Knows:      the pickle virtual machine, protocols 0 to 5. Not torch.
 * Reference:  CPython, Lib/pickletools.py, which documents every opcode.
 *
 * A pickle is a program for a stack machine that may call any Python function. Here, calls are looked up in
 * a table of known constructors; every other call leaves an inert `PickleObject` that says what it would
 * have been. The machine does not recurse, and each opcode takes memory in proportion to the bytes it came
 * from, so a pickle can cost no more than a small multiple of its own size.
 */

import { XrayError } from "../../errors.ts";
import { type ByteReader, decodeText } from "../bytes.ts";
import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "./values.ts";

/** Python's `int` of more bytes than this has no place in a checkpoint. */
const MAX_LONG_BYTES = 256;
const MAX_PROTOCOL = 5;

/** How a reader of pickles extends the machine. */
export interface UnpickleOptions {
  /** What a persistent id stands for. Without it, one is an error. */
  readonly persistentLoad?: (id: PickleValue) => PickleValue;
  /** Calls that are understood, by the path of the callable. Each must check its arguments. */
  readonly constructors?: ReadonlyMap<string, (args: PickleValue[]) => PickleValue>;
}

function bad(problem: string, at: number): XrayError {
  return new XrayError("pickle/bad-pickle", `not a readable pickle: ${problem} (at byte ${at})`, { at });
}

/** Python 2's names of modules that moved. */
const RENAMED = new Map([
  ["__builtin__", "builtins"],
  ["copy_reg", "copyreg"],
]);

/** Notes that so many elements are copied; throws when a pickle copies more than it could hold. */
type Charge = (elements: number) => void;

type BuiltinConstructor = (args: PickleValue[], charge: Charge) => PickleValue;

/** `OrderedDict()`, `OrderedDict([(key, value), …])`. */
function makeDict([pairs]: PickleValue[], charge: Charge): PickleDict {
  const dict = new PickleDict();
  if (!Array.isArray(pairs)) return dict;
  charge(pairs.length);
  for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) dict.set(pair[0]!, pair[1]!);
  return dict;
}

function makeSet([items]: PickleValue[], charge: Charge): Set<PickleValue> {
  if (!Array.isArray(items)) return new Set();
  charge(items.length);
  return new Set(items);
}

/** Python 3 writes bytes into protocol 2 as `_codecs.encode(text, "latin1")`. */
function encodeLatin1(args: PickleValue[], charge: Charge): PickleValue {
  const [text, encoding] = args;
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1")) {
    return new PickleObject(new PickleGlobal("_codecs", "encode"), args);
  }
  charge(text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

const BUILTIN_CONSTRUCTORS: ReadonlyMap<string, BuiltinConstructor> = new Map<string, BuiltinConstructor>([
  ["collections.OrderedDict", makeDict],
  ["builtins.dict", makeDict],
  ["collections.defaultdict", () => new PickleDict()],
  ["builtins.set", makeSet],
  ["builtins.frozenset", makeSet],
  ["_codecs.encode", encodeLatin1],
]);

/** The stack machine. One instance reads one pickle. */
class Unpickler {
  readonly reader: ByteReader;
  readonly #options: UnpickleOptions;
  readonly #memo = new Map<number, PickleValue>();
  readonly #marks: number[] = [];
  #copied = 0;
  readonly stack: PickleValue[] = [];

  constructor(reader: ByteReader, options: UnpickleOptions) {
    this.reader = reader;
    this.#options = options;
  }

  run(): PickleValue {
    for (;;) {
      const at = this.reader.at;
      const opcode = this.reader.u8();
      if (opcode === STOP) return this.pop();
      const handler = OPCODES[opcode];
      if (handler === undefined) throw bad(`unknown opcode 0x${opcode.toString(16).padStart(2, "0")}`, at);
      handler(this);
    }
  }

  fail(problem: string): XrayError {
    return bad(problem, this.reader.at);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.#marks.at(-1) ?? 0)) throw this.fail("the stack is empty");
    return this.stack.pop()!;
  }

  top(): PickleValue {
    if (this.stack.length <= (this.#marks.at(-1) ?? 0)) throw this.fail("the stack is empty");
    return this.stack.at(-1)!;
  }

  mark(): void {
    this.#marks.push(this.stack.length);
  }

  /** Everything since the last mark, which is removed. */
  popMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.fail("a mark is missing");
    return this.stack.splice(mark);
  }

  popMany(count: number): PickleValue[] {
    if (this.stack.length - count < (this.#marks.at(-1) ?? 0)) throw this.fail("the stack is empty");
    return this.stack.splice(this.stack.length - count);
  }

  /** POP also removes a mark where nothing lies above it. */
  discard(): void {
    if (this.#marks.length > 0 && this.#marks.at(-1) === this.stack.length) this.#marks.pop();
    else this.pop();
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.fail(`memo ${index} was never set`);
    this.push(value);
  }

  put(index: number): void {
    if (!Number.isSafeInteger(index) || index < 0) throw this.fail("a memo index is not a number");
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  text(): string {
    return decodeText(this.reader.line());
  }

  call(callable: PickleValue, args: PickleValue): PickleValue {
    if (callable instanceof PickleGlobal && Array.isArray(args)) {
      const known = this.#options.constructors?.get(callable.path);
      if (known !== undefined) return known(args);
      const builtin = BUILTIN_CONSTRUCTORS.get(callable.path);
      if (builtin !== undefined) return builtin(args, (elements) => this.#charge(elements));
    }
    return new PickleObject(callable, args);
  }

  /** One memoised list copied again and again would let a small pickle fill the memory. */
  #charge(elements: number): void {
    this.#copied += elements;
    if (this.#copied > this.reader.bytes.length) throw this.fail("it copies more than it holds");
  }

  persistent(id: PickleValue): PickleValue {
    if (this.#options.persistentLoad === undefined) throw this.fail("it refers to data outside the pickle");
    return this.#options.persistentLoad(id);
  }

  build(): void {
    const state = this.pop();
    const target = this.top();
    if (target instanceof PickleDict || target instanceof PickleObject) target.state = state;
  }

  append(items: PickleValue[]): void {
    const target = this.top();
    const list = Array.isArray(target) ? target : target instanceof PickleObject ? target.items : undefined;
    if (list === undefined) throw this.fail("items are appended to something that is no list");
    for (const item of items) list.push(item);
  }

  addItems(items: PickleValue[]): void {
    const target = this.top();
    if (target instanceof Set) for (const item of items) target.add(item);
    else this.append(items);
  }

  setItems(items: PickleValue[]): void {
    const target = this.top();
    const dict = target instanceof PickleObject ? target.entries : target;
    if (!(dict instanceof PickleDict)) throw this.fail("entries are set on something that is no dict");
    if (items.length % 2 !== 0) throw this.fail("a key has no value");
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  }

  dict(items: PickleValue[]): void {
    this.push(new PickleDict());
    this.setItems(items);
  }

  global(module: string, name: string): PickleGlobal {
    return new PickleGlobal(RENAMED.get(module) ?? module, name);
  }

  stackGlobal(): void {
    const name = this.pop();
    const module = this.pop();
    if (typeof module !== "string" || typeof name !== "string") throw this.fail("a global's name is no text");
    this.push(this.global(module, name));
  }

  /** A decimal integer, perhaps with Python 2's `L` behind it. */
  integer(text: string): number | bigint {
    const digits = text.trim().replace(/L$/, "");
    if (!/^[+-]?\d{1,600}$/.test(digits)) throw this.fail("an integer is not a number");
    return narrow(BigInt(digits.replace(/^\+/, "")));
  }

  /** Two's complement, little-endian, of any length. */
  long(bytes: Uint8Array): number | bigint {
    if (bytes.length > MAX_LONG_BYTES) throw this.fail(`an integer of ${bytes.length} bytes`);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return narrow(BigInt.asIntN(Math.max(1, bytes.length * 8), value));
  }

  float(text: string): number {
    const value = Number(text.trim().replace(/^([+-]?)inf$/, "$1Infinity"));
    if (Number.isNaN(value) && text.trim().toLowerCase() !== "nan")
      throw this.fail("a float is not a number");
    return value;
  }

  /** Protocol 0's quoted string, with Python's backslash escapes kept as they are. */
  quoted(): string {
    const text = this.text().trim();
    const quote = text[0];
    if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
      throw this.fail("a string is not quoted");
    }
    return text.slice(1, -1);
  }

  protocol(version: number): void {
    if (version > MAX_PROTOCOL) throw this.fail(`protocol ${version} is not known`);
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const STOP = 0x2e;

type Handler = (m: Unpickler) => void;

/** Every opcode that is understood, by its byte; the comment is pickletools' name. */
const OPCODES: { readonly [opcode: number]: Handler } = {
  40: (m) => m.mark(), // MARK
  48: (m) => m.discard(), // POP
  49: (m) => void m.popMark(), // POP_MARK
  50: (m) => m.push(m.top()), // DUP
  128: (m) => m.protocol(m.reader.u8()), // PROTO
  149: (m) => void m.reader.u64(), // FRAME

  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  73: (m) => {
    // INT; 00 and 01 are protocol 0's False and True
    const text = m.text();
    m.push(text === "00" ? false : text === "01" ? true : m.integer(text));
  },
  74: (m) => m.push(m.reader.i32()), // BININT
  75: (m) => m.push(m.reader.u8()), // BININT1
  77: (m) => m.push(m.reader.u16()), // BININT2
  76: (m) => m.push(m.integer(m.text())), // LONG
  138: (m) => m.push(m.long(m.reader.take(m.reader.u8()))), // LONG1
  139: (m) => m.push(m.long(m.reader.take(m.reader.i32()))), // LONG4
  70: (m) => m.push(m.float(m.text())), // FLOAT
  71: (m) => m.push(m.reader.f64BigEndian()), // BINFLOAT

  83: (m) => m.push(m.quoted()), // STRING
  84: (m) => m.push(decodeText(m.reader.take(m.reader.i32()))), // BINSTRING
  85: (m) => m.push(decodeText(m.reader.take(m.reader.u8()))), // SHORT_BINSTRING
  86: (m) => m.push(m.text()), // UNICODE
  88: (m) => m.push(decodeText(m.reader.take(m.reader.u32()))), // BINUNICODE
  140: (m) => m.push(decodeText(m.reader.take(m.reader.u8()))), // SHORT_BINUNICODE
  141: (m) => m.push(decodeText(m.reader.take(m.reader.u64()))), // BINUNICODE8
  66: (m) => m.push(m.reader.take(m.reader.u32())), // BINBYTES
  67: (m) => m.push(m.reader.take(m.reader.u8())), // SHORT_BINBYTES
  142: (m) => m.push(m.reader.take(m.reader.u64())), // BINBYTES8
  150: (m) => m.push(m.reader.take(m.reader.u64())), // BYTEARRAY8

  93: (m) => m.push([]), // EMPTY_LIST
  108: (m) => m.push(m.popMark()), // LIST
  97: (m) => m.append([m.pop()]), // APPEND
  101: (m) => m.append(m.popMark()), // APPENDS
  41: (m) => m.push([]), // EMPTY_TUPLE
  116: (m) => m.push(m.popMark()), // TUPLE
  133: (m) => m.push(m.popMany(1)), // TUPLE1
  134: (m) => m.push(m.popMany(2)), // TUPLE2
  135: (m) => m.push(m.popMany(3)), // TUPLE3
  125: (m) => m.push(new PickleDict()), // EMPTY_DICT
  100: (m) => m.dict(m.popMark()), // DICT
  115: (m) => m.setItems(m.popMany(2)), // SETITEM
  117: (m) => m.setItems(m.popMark()), // SETITEMS
  143: (m) => m.push(new Set<PickleValue>()), // EMPTY_SET
  144: (m) => m.addItems(m.popMark()), // ADDITEMS
  145: (m) => m.push(new Set(m.popMark())), // FROZENSET

  103: (m) => m.get(Number(m.integer(m.text()))), // GET
  104: (m) => m.get(m.reader.u8()), // BINGET
  106: (m) => m.get(m.reader.u32()), // LONG_BINGET
  112: (m) => m.put(Number(m.integer(m.text()))), // PUT
  113: (m) => m.put(m.reader.u8()), // BINPUT
  114: (m) => m.put(m.reader.u32()), // LONG_BINPUT
  148: (m) => m.memoize(), // MEMOIZE

  99: (m) => m.push(m.global(m.text(), m.text())), // GLOBAL
  147: (m) => m.stackGlobal(), // STACK_GLOBAL
  82: (m) => {
    // REDUCE
    const [callable, args] = m.popMany(2) as [PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  129: (m) => {
    // NEWOBJ
    const [callable, args] = m.popMany(2) as [PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  146: (m) => {
    // NEWOBJ_EX
    const [callable, args] = m.popMany(3) as [PickleValue, PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  105: (m) => {
    // INST
    const callable = m.global(m.text(), m.text());
    m.push(m.call(callable, m.popMark()));
  },
  111: (m) => {
    // OBJ
    const [callable, ...args] = m.popMark();
    if (callable === undefined) throw m.fail("an object has no class");
    m.push(m.call(callable, args));
  },
  98: (m) => m.build(), // BUILD
  80: (m) => m.push(m.persistent(m.text())), // PERSID
  81: (m) => m.push(m.persistent(m.pop())), // BINPERSID
};

/**
 * Read one pickle.
 *
 * @param reader   Positioned at the pickle; left just behind its STOP.
 * @param options  Known constructors and persistent ids.
 * @returns        The pickled value. It may contain itself: walk it with a record of what was seen.
 * @throws         XrayError `pickle/bad-pickle`, `format/…`.
 */
export function unpickle(reader: ByteReader, options: UnpickleOptions = {}): PickleValue {
  return new Unpickler(reader, options).run();
}
