/**
 * Vite's plugin that writes `service-worker.js`: the script of web/service-worker/ in one file, with the list of the files of this
 * build.
 *
 * Files of the page come from Vite's output; those of the engine from dist/browser/, which the page fetches as `engine/`.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { rolldown } from "rolldown";
import type { Plugin } from "vite";
import type { Build, BuildFile } from "../../web/service-worker/files.ts";

const ENGINE = "dist/browser";

/** Files of dist/browser/ that the page fetches, and when they are kept. */
const ENGINE_FILES: readonly (readonly [string, BuildFile["when"]])[] = [
  ["vips-es6.js", "later"],
  ["vips.wasm", "later"],
  ["ort-wasm-simd-threaded.mjs", "later"],
  ["ort-wasm-simd-threaded.wasm", "later"],
  ["dcmjs-native-codecs.wasm", "later"],
  // Only where WebGPU was chosen.
  ["ort-wasm-simd-threaded.asyncify.mjs", "used"],
  ["ort-wasm-simd-threaded.asyncify.wasm", "used"],
];

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The page itself stands under its folder's URL. */
const urlOf = (file: string): string => (file === "index.html" ? "" : file.split(sep).join("/"));

/** The WebGPU build's script is as rarely needed as its WebAssembly. */
const whenOf = (file: string): BuildFile["when"] => (/ort\.webgpu/.test(file) ? "used" : "first");

/** The files of a build. @param folder  Vite's output. */
export function filesOf(folder: string): readonly BuildFile[] {
  const own = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => file !== "service-worker.js")
    .sort();
  return [
    ...own.map((file) => ({
      url: urlOf(file),
      sha256: sha256(readFileSync(join(folder, file))),
      when: whenOf(file),
    })),
    ...ENGINE_FILES.map(([file, when]) => ({
      url: `engine/${file}`,
      sha256: sha256(readFileSync(join(ENGINE, file))),
      when,
    })),
  ];
}

/** The script with its build. */
async function scriptOf(build: Build): Promise<string> {
  const bundle = await rolldown({
    input: "web/service-worker/service-worker.ts",
    platform: "browser",
    transform: { define: { BUILD: JSON.stringify(build) } },
  });
  const { output } = await bundle.generate({ format: "iife", minify: true });
  await bundle.close();
  return output[0].code;
}

/** Write `service-worker.js` beside the page. */
export function serviceWorker(): Plugin {
  let folder = "";
  return {
    name: "service-worker",
    apply: "build",
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    async closeBundle() {
      const files = filesOf(folder);
      const id = sha256(Buffer.from(JSON.stringify(files))).slice(0, 16);
      writeFileSync(join(folder, "service-worker.js"), await scriptOf({ id, files }));
    },
  };
}
