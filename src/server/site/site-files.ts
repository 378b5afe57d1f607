/**
 * The files of the page that come with the package, each with its URL relative to the page.
 *
 * Knows: the folders `dist/page`, `dist/browser` and `examples`. Not how files are sent or copied.
 */

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { XrayError } from "../../errors.ts";
import { packageFile } from "../../node/package-file.ts";
import { EXAMPLES, EXAMPLES_FOLDER } from "./examples.ts";
import { PAGE_POLICY, WORKER_POLICY } from "./headers.ts";

/** How long a browser may keep a file without asking: never, or for good because its URL names its content. */
export type Keeping = "ask" | "forever";

/** A file of the site. */
export interface SiteFile {
  /** Relative to the page, with `/`, not encoded: `engine/vips.wasm`. */
  readonly path: string;
  /** Absolute path on this machine. */
  readonly source: string;
  readonly keeping: Keeping;
  /** Its content security policy. */
  readonly policy: string;
}

/** Scripts and WebAssembly of `dist/browser` that the page's workers fetch; the rest of their code is in `dist/page`. */
export const ENGINE_FILES = [
  "dcmjs-native-codecs.wasm",
  "ort-wasm-simd-threaded.asyncify.mjs",
  "ort-wasm-simd-threaded.asyncify.wasm",
  "ort-wasm-simd-threaded.mjs",
  "ort-wasm-simd-threaded.wasm",
  "vips-es6.js",
  "vips.wasm",
  "LICENSES.txt",
] as const;

/** The worker that reads images, and the decoder's script, from which it starts threads. */
const isDecoding = (path: string): boolean =>
  path === "engine/vips-es6.js" || /^assets\/page-worker[^/]*\.js$/.test(path);

const siteFile = (path: string, source: string): SiteFile => ({
  path,
  source,
  // Vite puts a hash of the content into the names of these.
  keeping: path.startsWith("assets/") ? "forever" : "ask",
  policy: isDecoding(path) ? WORKER_POLICY : PAGE_POLICY,
});

function pageFiles(): SiteFile[] {
  const folder = packageFile("dist/page");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const found = files.map((file) => siteFile(relative(folder, file).split(sep).join("/"), file));
  if (found.some(({ path }) => path === "index.html")) return found;
  const file = "dist/page/index.html";
  const message = `${file}: this file of the package is missing; install medical-x again`;
  throw new XrayError("file/not-found", message, { file });
}

/**
 * All files of the site but the model and `page.json`.
 *
 * @throws  XrayError `file/not-found` if the installation is incomplete.
 */
export function packagedFiles(): readonly SiteFile[] {
  return [
    ...pageFiles(),
    ...ENGINE_FILES.map((name) => siteFile(`engine/${name}`, packageFile(`dist/browser/${name}`))),
    ...EXAMPLES.map(({ file }) => {
      const name = file.replace("examples/", "");
      return siteFile(file, packageFile(`${EXAMPLES_FOLDER}/${name}`));
    }),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
