/** Bundles the decoder alone, for a page that decodes files and hands in the results. */

import { build } from "rolldown";

/** Its path on the server. */
export const DECODER_SCRIPT = "/build/browser/decoder.js";

export async function buildDecoderPage(): Promise<void> {
  await build({
    input: { decoder: "test/browser/page/decoder.ts" },
    platform: "browser",
    plugins: [
      {
        name: "vips-as-file",
        resolveId: (source) =>
          source === "wasm-vips" ? { id: "/dist/browser/vips-es6.js", external: true } : undefined,
      },
    ],
    output: { dir: "build/browser", format: "esm" },
  });
}
