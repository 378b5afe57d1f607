/**
 * The stack machine that reads a pickle: its stack, marks and memo, and the operations on them.
 *
 * Knows: the operations. `opcodes.ts` maps bytes to them.
 */

import { XrayError } from "../../errors.ts";
import { type ByteReader, decodeText } from "../bytes.ts";
import { BUILTIN_CONSTRUCTORS } from "./builtins.ts";
import { decodeStringEscape, rawLatin1 } from "./text.ts";
import { PickleDict, PickleGlobal, PickleObject, type PickleValue } from "./values.ts";

/** No checkpoint needs a Python `int` of more bytes than this. */
const MAX_LONG_BYTES = 256;
const MAX_PROTOCOL = 5;

/** A pickled DenseNet121 with its optimiser takes fewer than 200,000. */
const MAX_OPCODES = 1_000_000;

/** How a reader of pickles extends the machine. */
export interface UnpickleOptions {
  /** Returns the object that a persistent id stands for. Without this function, persistent ids are errors. */
  readonly persistentLoad?: (id: PickleValue) => PickleValue;
  /** Calls that are understood, by the path of the callable. Each function must check its arguments. */
  readonly constructors?: ReadonlyMap<string, (args: PickleValue[]) => PickleValue>;
}

/** The error for a pickle that cannot be read. */
export function badPickle(problem: string, at: number): XrayError {
  return new XrayError("pickle/bad-pickle", `this is not a readable pickle: ${problem} (at byte ${at})`, {
    at,
  });
}

/** Python 2's names for modules that Python 3 renamed. */
const RENAMED = new Map([
  ["__builtin__", "builtins"],
  ["copy_reg", "copyreg"],
]);

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The stack machine. Each instance reads one pickle. */
export class PickleMachine {
  readonly reader: ByteReader;
  readonly #options: UnpickleOptions;
  readonly #memo = new Map<number, PickleValue>();
  readonly #marks: number[] = [];
  #copied = 0;
  #steps = 0;
  readonly stack: PickleValue[] = [];

  constructor(reader: ByteReader, options: UnpickleOptions) {
    this.reader = reader;
    this.#options = options;
  }

  /** Count an opcode. Each may make an object, so a limit on their number limits the memory. */
  step(): void {
    this.#steps += 1;
    if (this.#steps > MAX_OPCODES) throw this.fail(`it has over ${MAX_OPCODES} opcodes`);
  }

  fail(problem: string): XrayError {
    return badPickle(problem, this.reader.at);
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

  /** Pop everything above the last mark, and the mark. */
  popMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.fail("a mark is missing");
    return this.stack.splice(mark);
  }

  popMany(count: number): PickleValue[] {
    if (this.stack.length - count < (this.#marks.at(-1) ?? 0)) throw this.fail("the stack is empty");
    return this.stack.splice(this.stack.length - count);
  }

  /** POP. If nothing lies above the last mark, it removes the mark. */
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

  /** Bound what is copied: a small pickle could otherwise fill the memory by copying a memoised list repeatedly. */
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

  /** A decimal integer, possibly with Python 2's suffix `L`. */
  integer(text: string): number | bigint {
    const digits = text.trim().replace(/L$/, "");
    if (!/^[+-]?\d{1,620}$/.test(digits)) throw this.fail("an integer is not a number");
    return narrow(BigInt(digits.replace(/^\+/, "")));
  }

  /** A little-endian integer in two's complement, of up to MAX_LONG_BYTES bytes. */
  long(bytes: Uint8Array): number | bigint {
    if (bytes.length > MAX_LONG_BYTES) throw this.fail(`an integer of ${bytes.length} bytes`);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return narrow(BigInt.asIntN(Math.max(1, bytes.length * 8), value));
  }

  float(text: string): number {
    const special = /^([+-]?)(inf|nan)$/.exec(text.trim());
    if (special !== null) return special[2] === "nan" ? Number.NaN : Number(`${special[1]}Infinity`);
    if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) throw this.fail("a float is not a number");
    return Number(text);
  }

  /** Protocol 0's STRING: quoted, with one character per byte. */
  quotedString(): string {
    const text = rawLatin1(this.reader.line()).trim();
    const quote = text[0];
    if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
      throw this.fail("a string is not quoted");
    }
    const characters = decodeStringEscape(text.slice(1, -1));
    return decodeText(Uint8Array.from(characters, (character) => character.charCodeAt(0)));
  }

  protocol(version: number): void {
    if (version > MAX_PROTOCOL) throw this.fail(`protocol ${version} is not known`);
  }
}
