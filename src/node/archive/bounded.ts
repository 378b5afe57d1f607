/**
 * Limits on answers: the time that they take, and their size.
 *
 * Knows: undici's answers. Not what is asked for.
 */

import type { Dispatcher } from "undici";
import { byteSize } from "../../text.ts";
import { type Asked, badAnswer, lasting } from "./failures.ts";

/** The value of an answer's header; empty if there is none. */
export const headerOf =
  ({ headers }: Dispatcher.ResponseData) =>
  (name: string): string => {
    const value = headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? "";
  };

/**
 * A signal that comes with another one, or when the time is over. Unlike `AbortSignal.any`, it leaves nothing behind on a
 * signal that lives as long as a watcher.
 */
export class TimeLimit {
  isOver = false;
  readonly #from: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #abort = () => this.#controller.abort();

  constructor(from: AbortSignal, milliseconds: number) {
    this.#from = from;
    if (from.aborted) this.#abort();
    from.addEventListener("abort", this.#abort, { once: true });
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#abort();
    }, milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#from.removeEventListener("abort", this.#abort);
  }
}

/**
 * Read an answer's body.
 *
 * @param limit  In bytes.
 * @throws       XrayError `pacs/too-large`, `pacs/bad-answer` if it is compressed; whatever undici throws.
 */
export async function readBounded(
  response: Dispatcher.ResponseData,
  limit: number,
  asked: Asked,
): Promise<Uint8Array> {
  const encoding = headerOf(response)("content-encoding");
  const announced = Number(headerOf(response)("content-length") || 0);
  const tooLarge = () =>
    lasting("pacs/too-large", asked, `the answer has more than ${byteSize(limit)}, which is not read`, {
      limit,
    });
  if (announced > limit || !/^(?:identity)?$/i.test(encoding)) {
    response.body.on("error", () => undefined).destroy();
    throw announced > limit
      ? tooLarge()
      : badAnswer(asked, "the answer is compressed, which was not asked for");
  }
  const pieces: Uint8Array[] = [];
  // Where the length is known, an image is not held twice.
  const whole = announced > 0 ? Buffer.allocUnsafeSlow(announced) : undefined;
  let size = 0;
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    if (size + piece.length > limit) throw tooLarge();
    if (whole === undefined) pieces.push(piece);
    else whole.set(piece, size);
    size += piece.length;
  }
  if (whole !== undefined && size < announced) throw new Error("cut off");
  return new Uint8Array(whole?.buffer ?? Buffer.concat(pieces, size));
}
