/**
 * Asks servers for images: what they are like, and their bytes.
 *
 * What a server says about an image itself (there is none, it may not be read) is a final error; everything else may pass,
 * such as its being busy, an answer that is cut off, or silence.
 *
 * Knows:      HTTP, by undici. Messages name an address without what may be secret in it.
 * Reference:  RFC 9110.
 */

import { EnvHttpProxyAgent, type Response, fetch as undiciFetch } from "undici";
import { XrayError } from "../../errors.ts";
import { byteSize } from "../../text.ts";
import { FinalError, retryAfterMs, ServerError } from "../retry.ts";
import { requestFor, shownAddress } from "./address.ts";

/** No byte for this long is silence. */
const SILENCE_MS = 30_000;
const MOST_REDIRECTS = 5;
/** The beginning of an error's document, in which S3 says what is wrong. */
const ERROR_BYTES = 4096;

/** What S3 says when another attempt, or another token, may help. */
const PASSING_CODES =
  /<Code>(?:ExpiredToken|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed|RequestTimeout|SlowDown|InternalError|ServiceUnavailable)<\/Code>/;

let dispatcher: EnvHttpProxyAgent | undefined;

/** The proxy is the one in HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
function agent(): EnvHttpProxyAgent {
  dispatcher ??= new EnvHttpProxyAgent({
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    connectTimeout: SILENCE_MS,
  });
  return dispatcher;
}

/** What a server says about an image, as far as it says it. */
export interface RemoteFacts {
  /** In bytes. */
  readonly size: number | null;
  /** When it was last changed, in milliseconds since 1970. */
  readonly time: number | null;
  /** Its ETag. */
  readonly version: string | null;
}

/** The bytes of an image, and what was said about them. */
export interface RemoteImage {
  readonly bytes: Uint8Array;
  readonly facts: RemoteFacts;
}

const NOTHING: RemoteFacts = { size: null, time: null, version: null };

function passing(address: string, reason: string, cause?: unknown): XrayError {
  const file = shownAddress(address);
  return new XrayError("download/no-connection", `${file}: ${reason}`, { file }, cause);
}

function factsOf({ headers }: Response): RemoteFacts {
  const length = headers.get("content-length");
  const isWhole = headers.get("content-encoding") === null && length !== null && /^\d+$/.test(length);
  const time = Date.parse(headers.get("last-modified") ?? "");
  return {
    size: isWhole ? Number(length) : null,
    time: Number.isNaN(time) ? null : time,
    version: headers.get("etag"),
  };
}

/** An address that a server names instead: of the same scheme, or of a safer one. */
function redirected(address: string, from: URL, response: Response): URL {
  const file = shownAddress(address);
  const location = response.headers.get("location");
  const to =
    location === null || !URL.canParse(location, from.href) ? undefined : new URL(location, from.href);
  if (to !== undefined && (to.protocol === from.protocol || to.protocol === "https:")) return to;
  throw new FinalError(
    "download/refused",
    `${file}: the server answered ${response.status} and named ${to === undefined ? "no address" : `an address of another kind (${to.protocol})`}`,
    { file, status: response.status },
  );
}

async function ask(address: string, method: "GET" | "HEAD"): Promise<Response> {
  const request = await requestFor(address, method);
  let { url } = request;
  let headers: Record<string, string> = {
    "accept-encoding": "identity",
    "user-agent": "medical-x",
    ...request.headers,
  };
  for (let redirects = 0; ; redirects++) {
    let response: Response;
    try {
      response = await undiciFetch(url, { method, headers, redirect: "manual", dispatcher: agent() });
    } catch (error) {
      throw passing(address, `the server could not be reached (${reasonOf(error)})`, error);
    }
    if (response.status < 300 || response.status >= 400 || response.status === 304) return response;
    await response.body?.cancel();
    if (!request.mayFollow || redirects === MOST_REDIRECTS) {
      const file = shownAddress(address);
      throw new FinalError(
        "download/refused",
        `${file}: the server answered ${response.status} and named another address`,
        { file },
      );
    }
    const to = redirected(address, url, response);
    // A password is for the server that it was given for.
    if (to.origin !== url.origin) headers = { ...headers, authorization: "" };
    if (headers["authorization"] === "") delete headers["authorization"];
    url = to;
  }
}

/** The system's code for a failure of the network, which contains no address; undici keeps it in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return code === "" ? "the connection failed" : code;
}

/** The error of an answer that is none. Throws it. */
async function refuse(address: string, response: Response): Promise<never> {
  const { status, headers } = response;
  const body = await response.text().then(
    (text) => text.slice(0, ERROR_BYTES),
    () => "",
  );
  const file = shownAddress(address);
  const isFinal =
    status < 500 && status !== 408 && status !== 425 && status !== 429 && !PASSING_CODES.test(body);
  const message = `${file}: the server answered ${status}${status === 404 ? " (not found)" : ""}`;
  if (isFinal) throw new FinalError("download/refused", message, { file, status });
  throw new ServerError(
    "download/server-error",
    message,
    { file, status },
    retryAfterMs(headers.get("retry-after")),
  );
}

/**
 * What a server says about an image without sending it; nothing if it does not say, or if there is no such image.
 *
 * @throws  XrayError `download/bad-url`; `download/server-error`, `download/no-connection`, which may pass.
 */
export async function remoteFacts(address: string): Promise<RemoteFacts> {
  const response = await ask(address, "HEAD").catch((error) => {
    if (error instanceof FinalError) return undefined;
    throw error;
  });
  if (response === undefined) return NOTHING;
  await response.body?.cancel();
  if (response.ok) return factsOf(response);
  // Some servers do not answer HEAD.
  if (
    response.status === 501 ||
    (response.status < 500 && response.status !== 429 && response.status !== 408)
  )
    return NOTHING;
  return refuse(address, response);
}

function tooLarge(address: string, size: number, limit: number): FinalError {
  const file = shownAddress(address);
  const message = `${file}: it has ${byteSize(size)} or more, but at most ${byteSize(limit)} are read`;
  return new FinalError("download/too-large", message, { file, size, limit });
}

/**
 * Fetch an image.
 *
 * @param limit  In bytes.
 * @throws       XrayError `download/bad-url`, `download/refused`, `download/too-large`, which are final;
 *               `download/server-error`, `download/no-connection`, which may pass.
 */
export async function fetchImage(address: string, limit: number): Promise<RemoteImage> {
  const response = await ask(address, "GET");
  if (!response.ok) return refuse(address, response);
  const facts = factsOf(response);
  if ((facts.size ?? 0) > limit) {
    await response.body?.cancel();
    throw tooLarge(address, facts.size!, limit);
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      pieces.push(piece as Uint8Array);
      size += (piece as Uint8Array).length;
      if (size > limit) throw tooLarge(address, size, limit);
    }
  } catch (error) {
    if (error instanceof XrayError) throw error;
    throw passing(address, `the connection ended after ${byteSize(size)} (${reasonOf(error)})`, error);
  }
  if (facts.size !== null && size !== facts.size)
    throw passing(address, `the connection ended after ${byteSize(size)} of ${byteSize(facts.size)}`);
  return { bytes: new Uint8Array(Buffer.concat(pieces)), facts: { ...facts, size } };
}
