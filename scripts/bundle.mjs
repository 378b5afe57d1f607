/**
 * Bundles the command into a few files instead of a hundred. Node takes about half a millisecond for each module that
 * it loads, and `medical-x predict` should start at once. The library in dist/ stays as tsc writes it.
 */
import { chmodSync } from "node:fs";
import { build } from "rolldown";

await build({
  input: {
    "medical-x": "dist/cli/main.js",
    "engine-worker": "dist/app/engine-threads/engine-worker.js",
    "image-worker": "dist/node/image-worker.js",
    "phantom-worker": "dist/app/phantoms/phantom-worker.js",
    "score-reader": "dist/app/scoring/score-reader.js",
    "score-worker": "dist/app/scoring/score-worker.js",
  },
  platform: "node",
  external: [
    /^onnxruntime/,
    "sharp",
    "dcmjs-dimse",
    "undici",
    "cli-progress",
    "papaparse",
    "fastify",
    /^@fastify\//,
    "prom-client",
  ],
  output: {
    dir: "dist/bin",
    format: "esm",
    chunkFileNames: "[name].js",
    // Licences stay.
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});

// `npx medical-x` makes the file executable only when it links a checkout for the first time.
chmodSync("dist/bin/medical-x.js", 0o755);
