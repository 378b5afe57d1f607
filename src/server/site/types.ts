/**
 * Media types of the site's files.
 *
 * Knows: endings of names.
 */

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};

/** The media type of a file; bytes without a meaning for any other ending, such as a model's. */
export const typeOf = (path: string): string =>
  TYPES[path.split(".").at(-1)!.toLowerCase()] ?? "application/octet-stream";
