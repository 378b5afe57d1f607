/**
 * Downloads a large file: streamed, resumable, verified, and put in place only when complete.
 *
 * Knows: HTTP. `part-file.ts` handles the file on disk.
 *
 * An interrupted download resumes where it stopped, at once or in a later run, if the server still has the version that
 * the part belongs to; otherwise it starts over. Two versions are never mixed.
 */

import { dirname } from "node:path";
import { EnvHttpProxyAgent, type Response, fetch as undiciFetch } from "undici";
import { quote, XrayError } from "../errors.ts";
import { explainKind, identify } from "../formats/identify.ts";
import { byteSize } from "../text.ts";
import { Claim, type ClaimHolder } from "./claim.ts";
import { type Digests, digestFile } from "./digest.ts";
import { layoutOf, noteOf } from "./download-layout.ts";
import { fileError, leftoverName, removeLeftoversOf, systemCode } from "./files.ts";
import { makeFolders } from "./make-folder.ts";
import { PartFile, type PartNote } from "./part-file.ts";
import { FinalError, type RetryOptions, retryAfterMs, retrying, ServerError } from "./retry.ts";

const STALL_MS = 30_000;
const A_DAY_MS = 24 * 3600 * 1000;

/** The progress of a download. */
export interface Progress {
  readonly received: number;
  /** Undefined if the server does not say. */
  readonly total: number | undefined;
}

export interface DownloadOptions extends RetryOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Called on the complete file before it is put in place; throws to reject it. */
  readonly verify: (digests: Digests) => void | Promise<void>;
  /** Reject files larger than this. */
  readonly limit: number;
  /** Abort an attempt when no byte arrives for this long. */
  readonly stallMs?: number;
}

function httpError(url: string, { status, headers }: Response): XrayError {
  const message = `${url}: the server answered ${status}${status === 404 ? " (not found)" : ""}`;
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (isFinal)
    return new FinalError("download/refused", `${message}; the file may have moved; try another address`, {
      url,
      status,
    });
  const waitMs = retryAfterMs(headers.get("retry-after"));
  return new ServerError("download/server-error", message, { url, status }, waitMs);
}

class Download {
  readonly part: PartFile;
  readonly #url: string;
  readonly #options: DownloadOptions;
  // The proxy is the one in HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
  readonly #dispatcher = new EnvHttpProxyAgent();

  constructor(url: string, part: PartFile, options: DownloadOptions) {
    this.#url = url;
    this.part = part;
    this.#options = options;
  }

  #request(from: number, validator: string | null, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { "accept-encoding": "identity", "user-agent": "medical-x" };
    if (from > 0) {
      headers["range"] = `bytes=${from}-`;
      headers["if-range"] = validator!;
    }
    return undiciFetch(this.#url, { headers, redirect: "follow", dispatcher: this.#dispatcher, signal });
  }

  /** The note of a part that can be resumed, and the size of that part. */
  async #resumePoint(): Promise<{ from: number; note: PartNote | undefined }> {
    const note = await this.part.note();
    const have = await this.part.size();
    const fits =
      note?.url === this.#url && note.validator !== null && have > 0 && have <= (note.total ?? have);
    return fits ? { from: have, note } : { from: 0, note: undefined };
  }

  /** One attempt: request what is missing and append it. */
  async attempt(): Promise<void> {
    const { from, note } = await this.#resumePoint();
    const stalled = new AbortController();
    const signals = [stalled.signal, ...(this.#options.signal ? [this.#options.signal] : [])];
    const timer = setTimeout(() => stalled.abort(), this.#options.stallMs ?? STALL_MS);
    try {
      const response = await this.#request(from, note?.validator ?? null, AbortSignal.any(signals));
      if (response.status === 416 && note?.total === from) {
        await response.body?.cancel();
        return;
      }
      if (!response.ok && response.status !== 416) {
        await response.body?.cancel();
        throw httpError(this.#url, response);
      }
      await this.#receive(response, from, note, timer);
    } catch (error) {
      if (!stalled.signal.aborted) throw error;
      throw new XrayError("download/stalled", `${this.#url}: no data arrived for a while; try again later`, {
        url: this.#url,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Drop a useless part, so that the next attempt requests the whole file. */
  async #startAnew(response: Response, problem: string): Promise<never> {
    await response.body?.cancel();
    await this.part.clear();
    throw new XrayError("download/bad-range", `${this.#url}: ${problem}`, { url: this.#url });
  }

  async #receive(
    response: Response,
    asked: number,
    known: PartNote | undefined,
    timer: NodeJS.Timeout,
  ): Promise<void> {
    const layout = response.status === 416 ? undefined : layoutOf(response);
    if (layout === undefined || (response.status === 206 && layout.start !== asked)) {
      return this.#startAnew(
        response,
        "the server sent another part than was asked for; try again, or use another address",
      );
    }
    const { start, total } = layout;
    this.#checkSize(total ?? 0);
    const note = noteOf(this.#url, response, total);
    const isSameSize = note.total === null || (known?.total ?? note.total) === note.total;
    if (start > 0 && (note.validator !== known?.validator || !isSameSize)) {
      return this.#startAnew(response, "the file changed after its first part was fetched; try again");
    }
    const at = await this.#append(response, note, start, timer);
    if (total !== undefined && at !== total) {
      const message = `${this.#url}: the connection ended after ${byteSize(at)} of ${byteSize(total)}; try again to fetch the rest`;
      throw new XrayError("download/incomplete", message, { received: at, total });
    }
  }

  /** Write the body from `start` on; returns where it ended. */
  async #append(response: Response, note: PartNote, start: number, timer: NodeJS.Timeout): Promise<number> {
    const total = note.total ?? undefined;
    const file = await this.part.open(note, start);
    let at = start;
    try {
      this.#options.onProgress?.({ received: at, total });
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        await this.part.write(file, chunk as Uint8Array, at);
        at += (chunk as Uint8Array).length;
        this.#checkSize(at);
        this.#options.onProgress?.({ received: at, total });
      }
    } finally {
      await file.close();
    }
    return at;
  }

  #checkSize(size: number): void {
    if (size <= this.#options.limit) return;
    throw new FinalError(
      "download/too-large",
      `${this.#url}: over ${byteSize(this.#options.limit)}, far more than a DenseNet121 takes; check the address`,
      { url: this.#url, size },
    );
  }

  /** Reject a web page or the like that was served instead of a model. */
  async refuseWrongKind(): Promise<void> {
    const kind = identify(await this.part.head(256));
    if (kind !== "html" && kind !== "git-lfs" && kind !== "empty") return;
    throw new FinalError("download/wrong-content", `${this.#url}: ${explainKind(kind)}`, {
      url: this.#url,
      kind,
    });
  }
}

/** Convert any failure of an attempt to an `XrayError`. `fetch` hides the reason in the cause of its error. */
function asKnown(url: string, target: string, error: unknown): XrayError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (error instanceof XrayError) return error;
  const isSystem = cause instanceof Error && "syscall" in cause && "path" in cause;
  const named = isSystem ? fileError(target, cause) : undefined;
  if (named instanceof XrayError) return named;
  const message = cause instanceof Error ? cause.message || systemCode(cause) || cause.name : String(cause);
  return new XrayError(
    "download/no-connection",
    `${url}: it cannot be reached (${message}); check the address, the network and the proxy`,
    { url },
    error,
  );
}

function checkUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return;
  throw new XrayError("download/bad-url", `${quote(url)} is not an http or https address; give one that is`, {
    url,
  });
}

/**
 * Download a file.
 *
 * @param url     http or https; redirects are followed.
 * @param target  Path for the complete, verified file. Its folder is created; an existing file is replaced.
 * @returns       The digests of the file.
 * @throws        XrayError `download/…` after four attempts, or at once if retrying is pointless; `file/…` that names
 *                the target. What has arrived is kept for a later call, unless it failed its check.
 */
export async function download(url: string, target: string, options: DownloadOptions): Promise<Digests> {
  checkUrl(url);
  await makeFolders(dirname(target)).catch((error) => {
    throw fileError(dirname(target), error);
  });
  await removeLeftoversOf(target, A_DAY_MS).catch(() => undefined);
  const claim = claimPart(target);
  if (claim instanceof Claim) {
    try {
      return await fetchInto(new PartFile(target), url, target, options);
    } finally {
      claim.release();
    }
  }
  // Another process is downloading the same file and holds the resumable part, so this one uses a part of its own.
  const own = new PartFile(target, leftoverName(target));
  try {
    return await fetchInto(own, url, target, options);
  } finally {
    await own.clear();
  }
}

/** Claim a target's part, or find out who holds it. */
function claimPart(target: string): Claim | ClaimHolder {
  try {
    return Claim.take(`${target}.part.lock`);
  } catch (error) {
    throw fileError(target, error);
  }
}

/** Download, check, and put in place. */
async function fetchInto(
  part: PartFile,
  url: string,
  target: string,
  options: DownloadOptions,
): Promise<Digests> {
  const task = new Download(url, part, options);
  const attempt = () =>
    task.attempt().catch(async (error) => {
      const known = asKnown(url, target, error);
      if (known.code === "download/too-large") await part.clear();
      throw known;
    });
  await retrying(attempt, options);
  try {
    await task.refuseWrongKind();
    const digests = await digestFile(part.path);
    await options.verify(digests);
    await part.place();
    return digests;
  } catch (error) {
    await part.clear();
    throw error;
  }
}
