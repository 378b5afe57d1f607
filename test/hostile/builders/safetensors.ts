/** A safetensors assembler: any header, any length, any body. */

import { concat, u64, utf8 } from "./bytes.ts";

/** @param length  The length that the file claims for its header, where it is not the truth. */
export function safetensors(header: unknown, body = new Uint8Array(0), length?: number | bigint): Uint8Array {
  const json = utf8(typeof header === "string" ? header : JSON.stringify(header));
  return concat(u64(length ?? json.length), json, body);
}

/** A header's row. */
export function row(dtype: unknown, shape: unknown, offsets: unknown): Record<string, unknown> {
  return { dtype, shape, data_offsets: offsets };
}
