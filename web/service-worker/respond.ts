/**
 * How the service worker answers a request of the page.
 *
 * Knows: which kinds of files there are. How app files are kept is in `kept-files.ts`.
 *
 * Files of the app come from the cache; `page.json` from the network, and from the cache without one; the model from where the
 * page keeps it; examples from the network, and from the cache without one. Nothing else is touched, least of all the API.
 */

import { type CacheKind, cacheName } from "./cache-names.ts";
import { isolated } from "./isolation.ts";
import type { KeptFiles } from "./kept-files.ts";

/** What the answers depend on. */
export interface Site {
  /** The URL of the page's folder. */
  readonly base: string;
  readonly files: KeptFiles;
  /** Whether to keep anything; not after everything was removed. */
  readonly isKeeping: () => boolean;
  /** Does work after the answer. */
  readonly later: (work: Promise<unknown>) => void;
}

async function appFile(url: string, request: Request, { files, isKeeping, later }: Site): Promise<Response> {
  const kept = await files.match(url);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  const file = files.fileAt(url);
  if (file !== undefined && response.ok && isKeeping())
    later(files.keepResponse(file, response.clone()).catch(() => undefined));
  return response;
}

/** From the network, and kept; without a network what was kept. */
async function freshOr(
  kind: CacheKind,
  request: Request,
  { base, isKeeping, later }: Site,
): Promise<Response> {
  const cache = await caches.open(cacheName(base, kind));
  try {
    const response = await fetch(request);
    if (response.ok && isKeeping()) later(cache.put(request.url, response.clone()).catch(() => undefined));
    return response;
  } catch (error) {
    const kept = await cache.match(request.url);
    if (kept !== undefined) return kept;
    throw error;
  }
}

async function model(request: Request, { base }: Site): Promise<Response> {
  const kept = await (await caches.open(cacheName(base, "model"))).match(request.url);
  return kept ?? fetch(request);
}

/**
 * The answer to a request; undefined if the browser is to answer it by itself.
 *
 * @param url  Of the request, without its hash and search.
 */
export function answerTo(request: Request, site: Site): Promise<Response> | undefined {
  const { base } = site;
  const { origin, pathname } = new URL(request.url);
  const url = origin + pathname;
  if (request.method !== "GET" || !url.startsWith(base)) return undefined;
  const path = url.slice(base.length);
  if (path === "" || path === "index.html") return appFile(base, request, site).then(isolated);
  if (path === "page.json") return freshOr("page", request, site).then(isolated);
  if (path.startsWith("model/")) return model(request, site).then(isolated);
  if (path.startsWith("examples/")) return freshOr("examples", request, site).then(isolated);
  if (path.startsWith("assets/") || path.startsWith("engine/") || site.files.fileAt(url) !== undefined)
    return appFile(url, request, site).then(isolated);
  return undefined;
}
