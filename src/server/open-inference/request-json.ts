/**
 * The JSON of an inference request, and how its body is divided into JSON and the bytes after it.
 *
 * Pipeline:   body → **JSON, bytes** → images and options
 * Knows:      the protocol's objects. Not images.
 *
 * Reference: Open Inference Protocol, "Inference request JSON object"; Triton, "Binary tensor data extension".
 */

import { XrayError } from "../../errors.ts";
import {
  about,
  byName,
  checkText,
  either,
  list,
  maybe,
  number,
  type Of,
  object,
  text,
  whole,
  yesOrNo,
} from "../../schema/schema.ts";

const PARAMETERS = byName(
  either(either(text(), number(), ""), yesOrNo(), "must be a text, a number, true or false"),
);

const INPUT = object({
  name: text(),
  shape: list(whole(0)),
  datatype: text(),
  parameters: maybe(about("`binary_data_size`: bytes of the tensor after the JSON.", PARAMETERS)),
  data: maybe(about("Each image, as base64.", list(text()))),
});

const OUTPUT = object({
  name: text(),
  parameters: maybe(about("`binary_data`: whether to send the tensor as bytes after the JSON.", PARAMETERS)),
});

export const INFER_REQUEST = object({
  id: maybe(about("Comes back with the answer.", text())),
  parameters: maybe(about("`threshold`, `method`, `layer`, `binary_data_output`.", PARAMETERS)),
  inputs: list(INPUT),
  outputs: maybe(about("The outputs to send; all of them by default.", list(OUTPUT))),
});

export type InferRequestJson = Of<typeof INFER_REQUEST>;
export type Parameters = Of<typeof PARAMETERS>;

/** How refusals of requests are worded. */
export const REFUSAL = { code: "server/bad-request", what: "the inference request is not valid" } as const;

/** An error about a request. */
export const badRequest = (message: string): XrayError =>
  new XrayError("server/bad-request", `${REFUSAL.what}: ${message}`, {});

/** A request's JSON, and the bytes after it. */
export interface DividedBody {
  readonly json: InferRequestJson;
  readonly binary: Uint8Array;
}

/**
 * Divide a body.
 *
 * @param jsonLength  The header `Inference-Header-Content-Length`, if there is one; otherwise all of the body is JSON.
 * @throws            XrayError `server/bad-request`.
 */
export function divideBody(body: Uint8Array, jsonLength: string | undefined): DividedBody {
  const length = jsonLength === undefined ? body.length : Number(jsonLength);
  if (!Number.isInteger(length) || length < 0 || length > body.length) {
    const found = `the body has ${body.length} bytes`;
    throw badRequest(
      `Inference-Header-Content-Length must be the number of bytes of the JSON at the start of the body, but ${found}`,
    );
  }
  const json = checkText(INFER_REQUEST, new TextDecoder().decode(body.subarray(0, length)), REFUSAL);
  return { json, binary: body.subarray(length) };
}
