/**
 * Says what goes wrong for longer without repeating itself.
 *
 * Knows: lines and times.
 */

/** The same line is not said again for this long. */
const SILENCE_MS = 10 * 60_000;

export class Voice {
  readonly #say: (line: string) => void;
  readonly #now: () => number;
  readonly #said = new Map<string, number>();
  #isTrouble = false;

  constructor(say: (line: string) => void, now: () => number) {
    this.#say = say;
    this.#now = now;
  }

  /** Say a line unless it was said a short while ago. */
  say(line: string): void {
    const now = this.#now();
    for (const [other, at] of this.#said) if (now - at >= SILENCE_MS) this.#said.delete(other);
    if (this.#said.has(line)) return;
    this.#said.set(line, now);
    this.#say(line);
  }

  /** Say that something is out of order. */
  trouble(line: string): void {
    this.#isTrouble = true;
    this.say(line);
  }

  /** Say that it is in order again, if something was not. */
  relief(line: string): void {
    if (!this.#isTrouble) return;
    this.#isTrouble = false;
    this.#said.clear();
    this.#say(line);
  }
}
