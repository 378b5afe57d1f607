/**
 * Loads the decoders of compressed DICOM frames in a browser.
 *
 * Knows: the name of the WebAssembly module of dcmjs-codecs. Its JavaScript is not part of the bundle, because it includes
 * dcmjs, which no decoder needs.
 */

import type { CodecExports, CodecImports } from "../engine/decode/codec-module.ts";
import type { FrameCodecs } from "../engine/decode/frame-codecs.ts";
import { WasmFrameCodecs } from "../engine/decode/wasm-frame-codecs.ts";
import { XrayError } from "../errors.ts";
import { readSource } from "./bytes.ts";
import type { Places } from "./places.ts";

const FILE = "dcmjs-native-codecs.wasm";

/** Far more than the module has. */
const MAX_BYTES = 64 * 1024 * 1024;

async function compile(places: Places): Promise<WebAssembly.Module> {
  try {
    const bytes = await readSource({ name: FILE, data: places(FILE) }, MAX_BYTES);
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    const message = `the decoder of compressed DICOM pictures could not be loaded; serve its file ${FILE} beside the others`;
    throw new XrayError("dicom/no-codec", message, {}, error);
  }
}

/**
 * Make the decoders of compressed frames. The module is fetched and compiled for the first frame; instances of it start
 * in a few milliseconds.
 */
export function openFrameCodecs(places: Places): FrameCodecs {
  let module: WebAssembly.Module | undefined;
  return new WasmFrameCodecs(async (imports: CodecImports): Promise<CodecExports> => {
    module ??= await compile(places);
    const { exports } = await WebAssembly.instantiate(module, imports);
    return exports as unknown as CodecExports;
  });
}
