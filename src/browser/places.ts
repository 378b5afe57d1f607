/**
 * Locates the files that the bundle fetches on demand: beside it, unless the page says otherwise.
 *
 * Knows: their names. `scripts/bundle-browser.mjs` puts them there. Bundlers that process this package recognise
 * exactly these forms of `new URL`.
 */

const BESIDE: Readonly<Record<string, URL>> = {
  "vips.wasm": new URL("./vips.wasm", import.meta.url),
  "dcmjs-native-codecs.wasm": new URL("./dcmjs-native-codecs.wasm", import.meta.url),
  "ort-wasm-simd-threaded.mjs": new URL("./ort-wasm-simd-threaded.mjs", import.meta.url),
  "ort-wasm-simd-threaded.wasm": new URL("./ort-wasm-simd-threaded.wasm", import.meta.url),
  "ort-wasm-simd-threaded.asyncify.mjs": new URL("./ort-wasm-simd-threaded.asyncify.mjs", import.meta.url),
  "ort-wasm-simd-threaded.asyncify.wasm": new URL("./ort-wasm-simd-threaded.asyncify.wasm", import.meta.url),
};

/** Returns the URL of a file. */
export type Places = (file: string) => string;

/** @param folder  The absolute URL of a folder with the files; beside the bundle by default. */
export function placesIn(folder: string | undefined): Places {
  if (folder === undefined) return (file) => (BESIDE[file] ?? new URL(file, import.meta.url)).href;
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  return (file) => new URL(file, base).href;
}
