/**
 * Bundles the library for browsers: scripts for the page, for its worker, for DICOM files and for ONNX files, and the WebAssembly
 * files that they fetch.
 *
 * onnxruntime-web and wasm-vips are included in full, so that the package depends on neither; of dcmjs-codecs, only the
 * WebAssembly module is included. See docs/decisions.md.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";

const OUT = "dist/browser";

const require = createRequire(import.meta.url);
const packageFolder = (name) => join("node_modules", ...name.split("/"));
const ort = dirname(require.resolve("onnxruntime-web"));
const vips = dirname(require.resolve("wasm-vips"));
const codecs = dirname(require.resolve("dcmjs-codecs"));

/** Files fetched at run time under these names; see `src/browser/places.ts`. */
const FETCHED = [
  join(ort, "ort-wasm-simd-threaded.mjs"),
  join(ort, "ort-wasm-simd-threaded.wasm"),
  join(ort, "ort-wasm-simd-threaded.asyncify.mjs"),
  join(ort, "ort-wasm-simd-threaded.asyncify.wasm"),
  join(vips, "vips-es6.js"),
  join(vips, "vips.wasm"),
  join(codecs, "dcmjs-native-codecs.wasm"),
];

// The script of wasm-vips starts threads from its own file, and must therefore stay a separate file.
const vipsAsFile = {
  name: "vips-as-file",
  resolveId: (source) => (source === "wasm-vips" ? { id: "./vips-es6.js", external: true } : undefined),
};

// Nothing is ever removed from the scripts that the worker loads, so they need no notes for bundlers.
const withoutNotes = {
  name: "without-notes",
  generateBundle(_, chunks) {
    for (const chunk of Object.values(chunks))
      if (chunk.type === "chunk")
        chunk.code = chunk.code.replaceAll(/\/\* @__(?:PURE|NO_SIDE_EFFECTS)__ \*\//g, " ");
  },
};

// What schemas say about their fields is for the files in docs/schemas/, which no browser writes.
const withoutDescriptions = {
  name: "without-descriptions",
  transform: (code, id) =>
    id.endsWith(".ts") ? { code: code.replaceAll(/\babout\(\s*"(?:[^"\\]|\\.)*"/g, 'about(""') } : undefined,
};

/** The table of error codes with that of archives in its place, written as a list for each category: two kilobytes shorter. */
function tableByCategory(table) {
  const whole = table.replace(
    "  ...PACS_CODES,\n",
    readFileSync("src/errors/pacs-codes.ts", "utf8").match(ROWS)[0],
  );
  const byCategory = {};
  const rows = [...whole.matchAll(/"([a-z0-9-]+\/[a-z0-9-]+)": "(\w+)"/g)];
  if (rows.length !== whole.split(",\n").length - 1)
    throw new Error("a row of the table of error codes was not understood");
  for (const [, code, category] of rows) byCategory[category] = [...(byCategory[category] ?? []), code];
  const lists = Object.entries(byCategory).map(([category, codes]) => [category, codes.join(" ")]);
  return `Object.fromEntries(${JSON.stringify(lists)}.flatMap(([category, codes]) => codes.split(" ").map((code) => [code, category])))`;
}

/** The rows of a table of error codes. */
const ROWS = /(?:^ {2}"[^\n]*,\n)+/m;

const withShortCodes = {
  name: "with-short-codes",
  transform(code, id) {
    if (!id.endsWith("/src/errors/codes.ts")) return undefined;
    const short = code.replace(/(?<=CATEGORY_OF = )\{.*?\n\} as const satisfies [^;]*/s, tableByCategory);
    if (short === code) throw new Error("the table of error codes was not found");
    return { code: short };
  },
};

const { output } = await build({
  input: { "medical-x": "src/browser.ts", "engine-worker": "src/browser/engine-worker.ts" },
  platform: "browser",
  // The builds of onnxruntime-web that keep WebAssembly and its script in separate files.
  resolve: { conditionNames: ["onnxruntime-web-use-extern-wasm", "browser", "import", "default"] },
  plugins: [vipsAsFile, withoutDescriptions, withShortCodes, withoutNotes],
  output: {
    dir: OUT,
    format: "esm",
    chunkFileNames: ({ name }) =>
      /^(?:ort|rolldown|dicom|onnx-reader|network-pass|occlusion-maps)/.test(name)
        ? "[name].js"
        : "shared.js",
    minify: true,
  },
});
for (const file of FETCHED) cpSync(file, join(OUT, file.split(/[\\/]/).at(-1)));

/** The modules in the scripts, for the test that looks for anything from Node. */
const chunks = output.flatMap((chunk) =>
  chunk.type === "chunk"
    ? [
        {
          file: chunk.fileName,
          modules: Object.keys(chunk.modules).map((path) => relative(process.cwd(), path)),
          imports: chunk.imports,
        },
      ]
    : [],
);
writeFileSync(join(OUT, "modules.json"), `${JSON.stringify(chunks, null, 1)}\n`);

/** Licences of the included code, as its packages give them. */
const NOTICES = [
  [
    "onnxruntime-web",
    undefined,
    "MIT, Copyright (c) Microsoft Corporation; https://github.com/microsoft/onnxruntime",
  ],
  ["wasm-vips", "LICENSE", "MIT; with libvips (LGPL-2.1-or-later), whose file vips.wasm may be replaced"],
  ["wasm-vips", "THIRD-PARTY-NOTICES.md", "what vips.wasm is made of"],
  [
    "lit",
    "LICENSE",
    "BSD-3-Clause, with lit-html, lit-element and @lit/reactive-element; in the page; https://lit.dev",
  ],
  ["d3-contour", "LICENSE", "ISC; https://github.com/d3/d3-contour"],
  ["d3-array", "LICENSE", "ISC; https://github.com/d3/d3-array"],
  ["dcmjs-codecs", "LICENSE.txt", "MIT; https://github.com/PantelisGeorgiadis/dcmjs-codecs"],
];
/** The package itself does not say what its module is compiled from. */
const CODEC_NOTICE = "scripts/notices/dcmjs-native-codecs.txt";
const notices = NOTICES.map(([name, file, words]) => {
  const text = file === undefined ? "" : `\n${readFileSync(join(packageFolder(name), file), "utf8")}`;
  return `${name}: ${words}\n${text}`;
});
notices.push(
  `dcmjs-codecs: what dcmjs-native-codecs.wasm is made of\n\n${readFileSync(CODEC_NOTICE, "utf8")}`,
);
writeFileSync(join(OUT, "LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
