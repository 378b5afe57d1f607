/**
 * Takes in the bytes of one request within its limits.
 *
 * Pipeline:   socket → **bytes, counted as they come** → images
 * Knows:      streams. Not what the bytes are.
 */

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { XrayError } from "../../errors.ts";
import { byteSize } from "../../text.ts";
import type { HeldBytes } from "../service/held-bytes.ts";
import type { Limits } from "../service/settings.ts";
import { GrowingBytes } from "./growing-bytes.ts";

/** What a form may have around its images. */
const FORM_BYTES = 65_536;

function tooLarge(limit: number): XrayError {
  const message = `the request has more than ${byteSize(limit)} of images; send smaller ones, or fewer at once`;
  return new XrayError("server/too-large", message, { limit });
}

const tooSlow = (): XrayError =>
  new XrayError("server/too-slow", "nothing came of the request for a while; send it again", {});

/** The bytes of one request. Must be released when the request has been answered. */
export class Intake {
  readonly #request: IncomingMessage;
  readonly #limits: Limits;
  readonly #held: HeldBytes;
  #taken = 0;

  /** @throws  XrayError `server/too-large` if the header already says so. */
  constructor(request: IncomingMessage, limits: Limits, held: HeldBytes) {
    this.#request = request;
    this.#limits = limits;
    this.#held = held;
    if (Number(request.headers["content-length"] ?? 0) > limits.upload + FORM_BYTES)
      throw tooLarge(limits.upload);
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#taken;
  }

  /**
   * Read a stream to its end.
   *
   * @param expected  Number of bytes that it has, as far as it is known.
   * @throws  XrayError `server/too-large`, `server/busy`; the stream's own error.
   */
  async read(stream: Readable, expected = 0): Promise<Uint8Array> {
    const bytes = new GrowingBytes(expected);
    // A stream that is destroyed would take its connection with it, and the answer could not be sent.
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (this.#taken + chunk.length > this.#limits.upload) throw tooLarge(this.#limits.upload);
      this.#held.take(chunk.length);
      this.#taken += chunk.length;
      bytes.add(chunk);
    }
    return bytes.take();
  }

  /**
   * Take in bytes while the client keeps sending.
   *
   * @throws  XrayError `server/too-slow` if it stops; whatever the work throws.
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const { socket } = this.#request;
    let watch: NodeJS.Timeout | undefined;
    let seen = socket.bytesRead;
    const stalled = new Promise<never>((_, reject) => {
      watch = setInterval(() => {
        if (socket.bytesRead === seen) reject(tooSlow());
        seen = socket.bytesRead;
      }, this.#limits.stallMs);
    });
    try {
      return await Promise.race([work(), stalled]);
    } finally {
      clearInterval(watch);
    }
  }

  release(): void {
    this.#held.giveBack(this.#taken);
    this.#taken = 0;
  }
}
