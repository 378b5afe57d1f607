/**
 * Downloading a large file: streamed, resumable, verified, and in place only when it is whole.
 *
 * Knows: HTTP and files. Not models.
 *
 * The part that has arrived is kept as `<file>.part`, beside a `<file>.part.json` that says of which version of
 * which URL it is; a later call goes on where it stopped if the server still has that version.
 */

import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { EnvHttpProxyAgent, type Response, fetch as undiciFetch } from "undici";
import { XrayError } from "../errors.ts";
import { explainKind, identify } from "../formats/identify.ts";
import { type Digests, digestFile } from "./digest.ts";
import { fileError } from "./files.ts";

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
const STALL_MS = 30_000;

/** How far a download is. */
export interface Progress {
  readonly received: number;
  /** Undefined where the server does not say. */
  readonly total: number | undefined;
}

export interface DownloadOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Called on the complete file before it is put in place; it throws to refuse it. */
  readonly verify: (digests: Digests) => void | Promise<void>;
  /** Refuse a file that is larger. */
  readonly limit: number;
  /** Pause before the second attempt; each further one doubles it. */
  readonly pauseMs?: number;
  /** Give up an attempt on which no byte arrives for so long. */
  readonly stallMs?: number;
  readonly signal?: AbortSignal;
}

/** What a `.part` file is a part of. */
interface PartInfo {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly total: number | null;
}

/** An answer that no further attempt can change. */
class FinalError extends XrayError {}

function httpError(url: string, status: number): XrayError {
  const message = `${url}: the server answered ${status}${status === 404 ? " (not found)" : ""}`;
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return isFinal
    ? new FinalError("download/refused", `${message}; the file may have moved`, { url, status })
    : new XrayError("download/server-error", message, { url, status });
}

async function sizeOfFile(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readPartInfo(path: string): Promise<PartInfo | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as PartInfo;
  } catch {
    return undefined;
  }
}

/** Where in the file the body of an answer begins, and how large the file is in all. */
function layout(response: Response, asked: number): { start: number; total: number | undefined } {
  const length = response.headers.get("content-length");
  const encoded = response.headers.get("content-encoding") !== null;
  if (response.status !== 206) {
    return { start: 0, total: length === null || encoded ? undefined : Number(length) };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
  if (range === null || Number(range[1]) !== asked) {
    throw new XrayError("download/bad-range", "the server answered with another part than was asked for", {});
  }
  return { start: asked, total: range[2] === "*" ? undefined : Number(range[2]) };
}

class Download {
  readonly #url: string;
  readonly #part: string;
  readonly #info: string;
  readonly #options: DownloadOptions;
  // A proxy is used as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say.
  readonly #dispatcher = new EnvHttpProxyAgent();

  constructor(url: string, target: string, options: DownloadOptions) {
    this.#url = url;
    this.#part = `${target}.part`;
    this.#info = `${target}.part.json`;
    this.#options = options;
  }

  async #request(from: number, validator: string | null, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { "accept-encoding": "identity", "user-agent": "medical-x" };
    if (from > 0) {
      headers["range"] = `bytes=${from}-`;
      if (validator !== null) headers["if-range"] = validator;
    }
    return undiciFetch(this.#url, { headers, redirect: "follow", dispatcher: this.#dispatcher, signal });
  }

  /** The bytes at hand that this URL's file can go on from, and the validator of their version. */
  async #resumePoint(): Promise<{ from: number; validator: string | null }> {
    const info = await readPartInfo(this.#info);
    const have = await sizeOfFile(this.#part);
    const validator = info?.etag?.startsWith('"') ? info.etag : (info?.lastModified ?? null);
    const fits = info?.url === this.#url && have > 0 && validator !== null;
    return fits ? { from: have, validator } : { from: 0, validator: null };
  }

  /** One attempt: ask for what is missing and append it. */
  async attempt(): Promise<void> {
    const { from, validator } = await this.#resumePoint();
    const stalled = new AbortController();
    const signals = [stalled.signal, ...(this.#options.signal ? [this.#options.signal] : [])];
    const timer = setTimeout(() => stalled.abort(), this.#options.stallMs ?? STALL_MS);
    try {
      const response = await this.#request(from, validator, AbortSignal.any(signals));
      // All of it is here already, or the part is of no use.
      if (response.status === 416) {
        await response.body?.cancel();
        const info = await readPartInfo(this.#info);
        if (info?.total === from) return;
        await this.clear();
        throw new XrayError(
          "download/bad-range",
          `${this.#url}: the part at hand does not fit; starting anew`,
          {},
        );
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw httpError(this.#url, response.status);
      }
      await this.#receive(response, from, timer);
    } catch (error) {
      if (stalled.signal.aborted) {
        throw new XrayError("download/stalled", `${this.#url}: no data arrived for a while`, {
          url: this.#url,
        });
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #receive(response: Response, asked: number, timer: NodeJS.Timeout): Promise<void> {
    const { start, total } = layout(response, asked);
    this.#checkSize(total ?? 0);
    const info: PartInfo = {
      url: this.#url,
      etag: response.headers.get("etag"),
      lastModified: response.headers.get("last-modified"),
      total: total ?? null,
    };
    await writeFile(this.#info, JSON.stringify(info));
    const file = await open(this.#part, start > 0 ? "r+" : "w");
    let at = start;
    try {
      this.#options.onProgress?.({ received: at, total });
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        await file.write(chunk as Uint8Array, 0, undefined, at);
        at += (chunk as Uint8Array).length;
        this.#checkSize(at);
        this.#options.onProgress?.({ received: at, total });
      }
    } finally {
      await file.close();
    }
    if (total !== undefined && at !== total) {
      throw new XrayError(
        "download/incomplete",
        `${this.#url}: the connection ended after ${at} of ${total} bytes`,
        {
          received: at,
          total,
        },
      );
    }
  }

  #checkSize(size: number): void {
    if (size <= this.#options.limit) return;
    throw new FinalError(
      "download/too-large",
      `${this.#url}: over ${Math.round(this.#options.limit / 1e6)} MB, far more than a DenseNet121 takes`,
      { url: this.#url, size },
    );
  }

  /** A page where a model was expected is told from a model. */
  async refuseWrongKind(): Promise<void> {
    const file = await open(this.#part, "r");
    try {
      const head = new Uint8Array(256);
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      const kind = identify(head.subarray(0, bytesRead));
      if (kind === "html" || kind === "git-lfs" || kind === "empty") {
        throw new FinalError("download/wrong-content", `${this.#url}: ${explainKind(kind)}`, {
          url: this.#url,
          kind,
        });
      }
    } finally {
      await file.close();
    }
  }

  async clear(): Promise<void> {
    await rm(this.#part, { force: true });
    await rm(this.#info, { force: true });
  }

  async place(target: string): Promise<void> {
    await rename(this.#part, target);
    await rm(this.#info, { force: true });
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What went wrong with a connection, which `fetch` keeps in the cause of its error. */
function networkError(url: string, error: unknown): XrayError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message =
    cause instanceof Error
      ? cause.message || String(("code" in cause && cause.code) || cause.name)
      : String(cause);
  return new XrayError("download/no-connection", `${url}: ${message}`, { url }, error);
}

async function attemptAll(download: Download, url: string, options: DownloadOptions): Promise<void> {
  let pause = options.pauseMs ?? FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      await download.attempt();
      return;
    } catch (error) {
      const failure = fileError(url, error);
      const known = failure instanceof XrayError ? failure : networkError(url, failure);
      const isFinal = known instanceof FinalError || known.code.startsWith("file/");
      if (isFinal || attempt === ATTEMPTS || options.signal?.aborted) throw known;
      await wait(pause);
      pause *= 2;
    }
  }
}

/**
 * Download a file.
 *
 * @param url     http or https; redirects are followed.
 * @param target  Where the complete, verified file is put. Its folder is made. What was there is replaced.
 * @returns       The digests of the file.
 * @throws        XrayError `download/…` after four attempts, or at once where trying again is of no use;
 *                what has arrived stays for a later call, unless it failed its check.
 */
export async function download(url: string, target: string, options: DownloadOptions): Promise<Digests> {
  await mkdir(dirname(target), { recursive: true }).catch((error) => {
    throw fileError(dirname(target), error);
  });
  const task = new Download(url, target, options);
  await attemptAll(task, url, options);
  try {
    await task.refuseWrongKind();
    const digests = await digestFile(`${target}.part`);
    await options.verify(digests);
    await task.place(target);
    return digests;
  } catch (error) {
    await task.clear();
    throw error;
  }
}
