/**
 * Errors as HTTP answers them.
 *
 * Knows: codes and statuses. Not routes.
 */

import type { FastifyError } from "fastify";
import { asXrayError, type ErrorCode, XrayError } from "../../errors.ts";

/** The body of an answer that is an error. */
export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

const STATUSES: { readonly [code in ErrorCode]?: number } = {
  "server/bad-request": 400,
  "server/unauthorised": 401,
  "server/forbidden-origin": 403,
  "server/not-found": 404,
  "server/bad-method": 405,
  "server/too-slow": 408,
  "server/too-large": 413,
  "server/bad-range": 416,
  "server/media-type": 415,
  "server/wrong-host": 421,
  "server/busy": 429,
  "server/closing": 503,
  "server/model-changed": 503,
  "server/timeout": 503,
  "raster/too-large": 413,
  "dicom/too-large": 413,
  "format/absurd-size": 413,
  "input/modality": 422,
  "input/not-frontal-chest": 422,
};

/** By the kind of the failure, for codes without a row of their own. */
const BY_CATEGORY = { input: 400, usage: 400, missing: 404, environment: 500, internal: 500 } as const;

/** The HTTP status of an error. */
export const statusOf = ({ code, category }: XrayError): number => STATUSES[code] ?? BY_CATEGORY[category];

/** Seconds after which it is worth trying again, for errors that pass. */
export function retryAfter({ code }: XrayError): number | undefined {
  if (code === "server/busy" || code === "server/timeout") return 1;
  return code === "server/closing" ? 5 : undefined;
}

/** What a client is told about an error. The words of an unforeseen one may be about this machine, so they stay here. */
export const errorBody = ({ code, message }: XrayError, requestId: string): ErrorBody => ({
  error: {
    code,
    message:
      code === "internal/unexpected"
        ? `something happened that the server did not foresee; its log has more about request ${requestId}`
        : message,
  },
});

const bad = (message: string): XrayError => new XrayError("server/bad-request", message, {});

/** Errors of Fastify and its parsers that a client can cause, by their codes. */
const FOREIGN: Readonly<Record<string, (message: string) => XrayError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new XrayError("server/too-large", "the request is larger than the server takes; send less at once", {}),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new XrayError("server/media-type", "the server does not read bodies of this content type here", {}),
  FST_ERR_CTP_INVALID_JSON_BODY: () => bad("the body is not valid JSON; correct it"),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => bad("the body is empty; send JSON"),
  FST_FILES_LIMIT: () =>
    new XrayError("server/too-large", "the request has too many images; send fewer at once", {}),
  FST_PARTS_LIMIT: () =>
    new XrayError("server/too-large", "the request has too many parts; send fewer at once", {}),
  ECONNRESET: () => bad("the request ended too soon; send it again"),
  FST_FIELDS_LIMIT: () => bad("the form has too many fields; send only images"),
};

/** Any failure while a request is answered, as an error of this package. */
export function requestError(error: unknown): XrayError {
  if (error instanceof XrayError) return error;
  const { code, statusCode, message } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : FOREIGN[code];
  if (known !== undefined) return known(message ?? "");
  if (statusCode === 416)
    return new XrayError("server/bad-range", "the file ends before the range; ask for another", {});
  // Whatever else a parser refuses, such as a form whose end is missing.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return bad(`the request cannot be read: ${message}`);
  return asXrayError(error);
}
