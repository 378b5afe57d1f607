/**
 * How the page in web/ is built to dist/page/, which is shipped in the package. See docs/page.md.
 *
 * The page refers to everything by relative URLs, so that it works under any path. The WebAssembly files and the scripts that
 * start them are those of dist/browser/, and are served beside the page as `engine/`.
 */

import { defineConfig, type Plugin } from "vite";
import { serviceWorker } from "./scripts/page/service-worker.ts";

/** The script of wasm-vips starts threads from its own file, so it stays one: `engine/vips-es6.js`. */
const vipsAsFile: Plugin = {
  name: "vips-as-file",
  enforce: "pre",
  resolveId: (source) =>
    source === "wasm-vips" ? { id: "../engine/vips-es6.js", external: "absolute" } : undefined,
};

export default defineConfig({
  root: "web",
  base: "./",
  publicDir: "public",
  plugins: [vipsAsFile, serviceWorker()],
  // The builds of onnxruntime-web that keep WebAssembly and its script in separate files.
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "browser", "import", "default"] },
  worker: { format: "es", plugins: () => [vipsAsFile] },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: "es2023",
    // The policy of the page allows no inline data for scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});
