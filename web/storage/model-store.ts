/**
 * The page's model, which is fetched once, checked and kept.
 *
 * Knows: Cache Storage, the page's own origin. Not what is in a model.
 */

import { XrayError } from "../../src/errors.ts";
import { sha256Of } from "../../src/models/published.ts";
import { cacheName } from "../service-worker/cache-names.ts";
import { collect } from "./collect.ts";
import type { PageModel } from "./page-facts.ts";

export { removeEverything, type StorageReport, storageReport } from "./stored.ts";

/** How a model is fetched. */
export interface FetchHooks {
  /** Called with the bytes that have arrived and those that are expected. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The header of a kept model with the SHA-256 that was checked. */
const SHA256 = "X-SHA256";

/** Cache Storage; undefined where the browser has none, such as on insecure pages. */
const storage = (): CacheStorage | undefined => globalThis.caches;

const modelCache = async (): Promise<Cache | undefined> =>
  storage()
    ?.open(cacheName(document.baseURI, "model"))
    .catch(() => undefined);

function urlOf({ name, file }: PageModel): string {
  const url = new URL(file, document.baseURI);
  if (url.origin === location.origin) return url.href;
  const message = `${name}: the page's model lies on another origin, from which nothing is fetched; tell whoever runs this page`;
  throw new XrayError("download/bad-url", message, { file: name });
}

/** A kept model whose SHA-256 was checked; undefined if there is none. */
async function keptModel({ name, sha256, bytes }: PageModel, url: string): Promise<File | undefined> {
  const response = await (await modelCache())?.match(url).catch(() => undefined);
  if (response?.headers.get(SHA256) !== sha256) return undefined;
  const blob = await response.blob();
  return blob.size === bytes ? new File([blob], name) : undefined;
}

/** Keep a model, and no other one. Where nothing can be kept, it is fetched again the next time. */
async function keep(blob: Blob, { sha256 }: PageModel, url: string): Promise<void> {
  try {
    const cache = await modelCache();
    if (cache === undefined) return;
    for (const request of await cache.keys()) if (request.url !== url) await cache.delete(request);
    const headers = { [SHA256]: sha256, "Content-Length": String(blob.size) };
    await cache.put(url, new Response(blob, { headers }));
  } catch {
    // No room, or a private window.
  }
}

async function fetchModel(
  model: PageModel,
  url: string,
  { onProgress, signal }: FetchHooks,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name: file, bytes: expected } = model;
  const wayOn = "check the connection, and load the page again";
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) {
      const isMissing = response.status === 404 || response.status === 410;
      const message = `${file}: the server answered ${response.status} for the page's model; ${wayOn}`;
      throw new XrayError(isMissing ? "file/not-found" : "file/not-accessible", message, { file });
    }
    return await collect(response.body, expected, (done) => onProgress?.(done, expected));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof XrayError) throw error;
    const message = `${file}: the page's model cannot be fetched; ${wayOn}`;
    throw new XrayError("file/not-accessible", message, { file }, error);
  }
}

/**
 * The page's model: from Cache Storage if it is kept there, otherwise fetched, checked against its SHA-256 and kept. Where
 * nothing can be kept, such as in a private window, it is fetched each time.
 *
 * @throws  XrayError `file/not-accessible`, `file/not-found`, `pull/wrong-hash`, `download/bad-url`; the reason of an aborted
 *          signal.
 */
export async function pageModel(model: PageModel, hooks: FetchHooks = {}): Promise<File> {
  const url = urlOf(model);
  const kept = await keptModel(model, url);
  if (kept !== undefined) {
    hooks.onProgress?.(model.bytes, model.bytes);
    return kept;
  }
  const bytes = await fetchModel(model, url, hooks);
  if ((await sha256Of(bytes)) !== model.sha256) {
    const message = `${model.name}: what the server sent is not the model that this page names, as its SHA-256 differs; load the page again, or tell whoever runs it`;
    throw new XrayError("pull/wrong-hash", message, { file: model.name });
  }
  const file = new File([bytes], model.name);
  // The page need not wait for it.
  void keep(file, model, url);
  return file;
}

/** Whether the model is kept, so that it need not be fetched. */
export async function isKept(model: PageModel): Promise<boolean> {
  return (await keptModel(model, urlOf(model))) !== undefined;
}
