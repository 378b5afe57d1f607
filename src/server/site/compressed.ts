/**
 * Files of the page, compressed once in the life of the process, when a browser on another machine first asks for them.
 *
 * Nothing is compressed for this machine, where decompression would take longer than it saves. See docs/decisions.md.
 *
 * Knows: Brotli. Not HTTP.
 */

import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

/** Half the time of quality 9 and a twentieth more bytes. */
const QUALITY = 5;

/** Kinds of files that get smaller. */
const COMPRESSIBLE = /\.(?:wasm|m?js|css|html|svg|txt)$/;

export const isCompressible = (path: string): boolean => COMPRESSIBLE.test(path);

export class Compressed {
  readonly #kept = new Map<string, Promise<Buffer>>();

  /** The compressed bytes of a file of the package. */
  of(source: string): Promise<Buffer> {
    const kept = this.#kept.get(source);
    if (kept !== undefined) return kept;
    const made = readFile(source).then((bytes) =>
      compress(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    );
    // A file that cannot be read now may be readable later.
    made.catch(() => this.#kept.delete(source));
    this.#kept.set(source, made);
    return made;
  }
}
