/**
 * Where the files of the bundle are that are fetched when they are needed: beside it, unless the page says otherwise.
 *
 * Knows: their names. `scripts/bundle-browser.mjs` puts them there. A bundler that takes this package in finds them by these
 * very forms of `new URL`.
 */

const BESIDE: Readonly<Record<string, URL>> = {
  "vips.wasm": new URL("./vips.wasm", import.meta.url),
  "ort-wasm-simd-threaded.mjs": new URL("./ort-wasm-simd-threaded.mjs", import.meta.url),
  "ort-wasm-simd-threaded.wasm": new URL("./ort-wasm-simd-threaded.wasm", import.meta.url),
  "ort-wasm-simd-threaded.asyncify.mjs": new URL("./ort-wasm-simd-threaded.asyncify.mjs", import.meta.url),
  "ort-wasm-simd-threaded.asyncify.wasm": new URL("./ort-wasm-simd-threaded.asyncify.wasm", import.meta.url),
};

/** Finds a file. */
export type Places = (file: string) => string;

/** @param folder  The URL of a folder that has the files, in full; beside the bundle unless given. */
export function placesIn(folder: string | undefined): Places {
  if (folder === undefined) return (file) => (BESIDE[file] ?? new URL(file, import.meta.url)).href;
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  return (file) => new URL(file, base).href;
}
