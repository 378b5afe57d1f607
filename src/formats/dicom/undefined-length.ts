/**
 * Finding the end of a value whose length is not given.
 *
 * Knows:      items, sequences and their delimiters. It keeps nothing of what it passes.
 * Reference:  DICOM PS3.5, 7.5.
 *
 * The nesting is followed on a stack of our own, so that deep nesting ends with an error rather than with the engine's
 * stack.
 */

import { damaged } from "./damaged.ts";
import { type DataSource, elementAt, hasVr, TAG, tagAt, UNDEFINED_LENGTH } from "./element.ts";

/** Structured reports nest about ten deep. */
const MAX_DEPTH = 64;

/** Enough for the items of 10,000 frames. Passing them takes a fraction of a second. */
const MAX_PASSED = 4_000_000;

/** What is open at a place: a sequence, where items are expected, or an item, where attributes are. */
interface Open {
  readonly isItem: boolean;
  readonly isExplicit: boolean;
}

/** Whether an item's attributes give their value representations; in an explicit file, items may be implicit. */
export const isExplicitItem = (source: DataSource, at: number, isExplicit: boolean): boolean =>
  isExplicit && (tagAtOrZero(source, at) >= TAG.item || hasVr(source, at));

const tagAtOrZero = (source: DataSource, at: number): number =>
  at + 4 <= source.bytes.length ? tagAt(source, at) : 0;

/** Where the bytes of a delimiter follow: the end of a value that is no sequence. The file's end if they do not. */
function afterDelimiter({ bytes, isLittleEndian }: DataSource, from: number): number {
  const [a, b, c, d] = isLittleEndian ? [0xfe, 0xff, 0xdd, 0xe0] : [0xff, 0xfe, 0xe0, 0xdd];
  for (let at = bytes.indexOf(a!, from); at >= 0; at = bytes.indexOf(a!, at + 1)) {
    if (bytes[at + 1] === b && bytes[at + 2] === c && bytes[at + 3] === d)
      return Math.min(at + 8, bytes.length);
  }
  return bytes.length;
}

/** A walk over nested items. */
class Passage {
  readonly #source: DataSource;
  readonly #open: Open[];
  #passed = 0;

  constructor(source: DataSource, first: Open) {
    this.#source = source;
    this.#open = [first];
  }

  /** Walk on until what was open first is closed. Returns where the next attribute begins. */
  endFrom(start: number): number {
    let at = start;
    while (this.#open.length > 0) {
      if (at + 8 > this.#source.bytes.length) return this.#source.bytes.length;
      this.#passed += 1;
      if (this.#passed > MAX_PASSED) throw damaged("a sequence has too many attributes");
      at = this.#open.at(-1)!.isItem ? this.#passAttribute(at) : this.#passItem(at);
    }
    return at;
  }

  #enter(open: Open): void {
    this.#open.push(open);
    if (this.#open.length > MAX_DEPTH) throw damaged("its sequences are nested too deep");
  }

  #passItem(at: number): number {
    const { view, isLittleEndian } = this.#source;
    const tag = tagAt(this.#source, at);
    const length = view.getUint32(at + 4, isLittleEndian);
    if (tag === TAG.sequenceEnd) {
      this.#open.pop();
      return at + 8;
    }
    if (tag === TAG.itemEnd) return at + 8;
    if (tag !== TAG.item) {
      // The sequence's delimiter is missing: another attribute closes it.
      this.#open.pop();
      return at;
    }
    if (length !== UNDEFINED_LENGTH) return at + 8 + length;
    const { isExplicit } = this.#open.at(-1)!;
    this.#enter({ isItem: true, isExplicit: isExplicitItem(this.#source, at + 8, isExplicit) });
    return at + 8;
  }

  #passAttribute(at: number): number {
    const { isExplicit } = this.#open.at(-1)!;
    const element = elementAt(this.#source, at, isExplicit);
    if (element === undefined) return this.#source.bytes.length;
    if (element.tag === TAG.itemEnd) {
      this.#open.pop();
      return element.at;
    }
    if (element.tag === TAG.sequenceEnd) {
      // The item's own delimiter is missing: the sequence's closes both.
      this.#open.splice(-2);
      return element.at;
    }
    if (element.length !== UNDEFINED_LENGTH) return element.at + element.length;
    if (!holdsItems(this.#source, element.at)) return afterDelimiter(this.#source, element.at);
    this.#enter({ isItem: false, isExplicit: element.vr === undefined ? false : isExplicit });
    return element.at;
  }
}

/** Whether an item, or the end of an empty sequence, stands here. */
export function holdsItems(source: DataSource, at: number): boolean {
  const tag = tagAtOrZero(source, at);
  return tag === TAG.item || tag === TAG.sequenceEnd;
}

/**
 * Where a value of undefined length ends, after its delimiter.
 *
 * @param at          Where the value begins.
 * @param isExplicit  Whether the attributes around it give their value representations.
 * @returns           The file's end if a delimiter is missing.
 * @throws            XrayError `dicom/damaged` for what no file has: see the limits above.
 */
export function endOfValue(source: DataSource, at: number, isExplicit: boolean): number {
  if (!holdsItems(source, at)) return afterDelimiter(source, at);
  return new Passage(source, { isItem: false, isExplicit }).endFrom(at);
}

/** Where an item of undefined length ends, after its delimiter. Like `endOfValue`. */
export function endOfItem(source: DataSource, at: number, isExplicit: boolean): number {
  return new Passage(source, { isItem: true, isExplicit }).endFrom(at);
}
