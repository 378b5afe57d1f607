/**
 * Has images read on the server that serves the page, where its operator allows this and the user chose it.
 *
 * Knows: `POST api/predict`. Not elements.
 */

import { receivedError, type SentError, XrayError } from "../../src/errors.ts";
import type { PredictionJson } from "../../src/results/prediction.ts";

/** An image that the server read. */
export type ServerResult = Exclude<PredictionJson, { readonly error: unknown }> & {
  /** Undefined if they were not asked for. */
  readonly heatmaps?: {
    readonly shape: readonly [labels: number, height: number, width: number];
    /** The part of the image that they cover, in its pixels. */
    readonly region: readonly [x: number, y: number, width: number, height: number];
    /** Base64 of little-endian float32. */
    readonly data: string;
  };
};

/** What the server says instead of a result. */
interface Refusal {
  readonly error?: Pick<SentError, "code" | "message">;
}

/** The words of an answer that is no result. */
async function refusalOf(response: Response, name: string): Promise<XrayError> {
  const refusal: Refusal = await response.json().catch(() => ({}));
  if (refusal.error !== undefined) {
    // The server does not know the image's name.
    const message = `${name}: ${refusal.error.message.replace(/^(?:the )?image: /, "")}`;
    return receivedError({ code: refusal.error.code, message, details: { file: name } });
  }
  const message = `${name}: the server answered with status ${response.status} and no result; try again, or read the image in this browser`;
  return new XrayError("download/server-error", message, { file: name, status: response.status });
}

/**
 * Send an image to the server and wait for its result.
 *
 * @param name      The name in the result and in messages. It is not sent.
 * @param withMaps  Whether to ask for Grad-CAM of all findings.
 * @throws      XrayError that of the image; `download/no-connection`, `download/server-error`.
 */
export async function readOnServer(image: Blob, name: string, withMaps: boolean): Promise<ServerResult> {
  let response: Response;
  try {
    response = await fetch(`./api/predict?maps=${withMaps ? "json" : "none"}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: image,
    });
  } catch (error) {
    const message = `${name}: the server cannot be reached; try again, or read the image in this browser`;
    throw new XrayError("download/no-connection", message, { file: name }, error);
  }
  if (!response.ok) throw await refusalOf(response, name);
  const [result]: ServerResult[] = await response.json();
  if (result === undefined) throw await refusalOf(response, name);
  return { ...result, image: name };
}
