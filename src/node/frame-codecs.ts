/**
 * Loads the decoders of compressed DICOM frames in Node.
 *
 * Knows: where the WebAssembly module of dcmjs-codecs lies. Its JavaScript is not loaded, because it requires dcmjs, which
 * no decoder needs.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CodecExports, CodecImports } from "../engine/decode/codec-module.ts";
import { WasmFrameCodecs } from "../engine/decode/wasm-frame-codecs.ts";
import { XrayError } from "../errors.ts";

/** A compiled module. Node's types leave WebAssembly to those of a browser. */
type CompiledModule = object;

declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  instantiate(module: CompiledModule, imports: CodecImports): Promise<{ readonly exports: CodecExports }>;
};

const FILE = "dcmjs-native-codecs.wasm";

/** Compile the module, which takes some 50 ms; instances of it start in 20. */
async function compile(): Promise<CompiledModule> {
  try {
    const script = createRequire(import.meta.url).resolve("dcmjs-codecs");
    return await WebAssembly.compile(await readFile(join(dirname(script), FILE)));
  } catch (error) {
    const message =
      "the decoder of compressed DICOM pictures could not be loaded; install the package again with its dependencies";
    throw new XrayError("dicom/no-codec", message, {}, error);
  }
}

let module: Promise<CompiledModule> | undefined;

async function load(imports: CodecImports): Promise<CodecExports> {
  module ??= compile().catch((error) => {
    // The next frame tries again.
    module = undefined;
    throw error;
  });
  const { exports } = await WebAssembly.instantiate(await module, imports);
  return exports;
}

/** The decoders of compressed frames. Nothing is loaded before the first frame. */
export const frameCodecs = new WasmFrameCodecs(load);
