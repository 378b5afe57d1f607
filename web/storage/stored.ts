/**
 * How much the page keeps in this browser, and the removal of it.
 *
 * Knows: the page's caches and its service worker.
 */

import { type CacheKind, kindOf } from "../service-worker/cache-names.ts";

/** What the page keeps in this browser, in bytes. */
export interface StorageReport {
  /** The model's file. */
  readonly model: number;
  /** Scripts and WebAssembly files. */
  readonly app: number;
  /** Examples that were opened. */
  readonly examples: number;
  /** The sum of these, and of the last `page.json`. */
  readonly total: number;
  /** What the browser counts and allows for this origin, if it says so. */
  readonly usage: number | undefined;
  readonly quota: number | undefined;
}

/** The sizes of all files in a cache together. */
async function sizeOf(name: string): Promise<number> {
  const cache = await caches.open(name);
  let sum = 0;
  for (const request of await cache.keys()) sum += (await (await cache.match(request))?.blob())?.size ?? 0;
  return sum;
}

/** The names of the page's caches. */
async function ownCaches(): Promise<readonly { readonly name: string; readonly kind: CacheKind }[]> {
  if (globalThis.caches === undefined) return [];
  const names = await caches.keys().catch(() => []);
  return names.flatMap((name) => {
    const kind = kindOf(document.baseURI, name);
    return kind === undefined ? [] : [{ name, kind }];
  });
}

/** How much the page keeps. */
export async function storageReport(): Promise<StorageReport> {
  const sums = { model: 0, app: 0, examples: 0, page: 0 };
  for (const { name, kind } of await ownCaches()) sums[kind] += await sizeOf(name);
  const { page, ...told } = sums;
  const { usage, quota } = (await navigator.storage?.estimate().catch(() => undefined)) ?? {};
  return { ...told, total: told.model + told.app + told.examples + page, usage, quota };
}

/** Resolves when a service worker that is being installed, and keeps files meanwhile, has been. */
function installed({ installing }: ServiceWorkerRegistration): Promise<void> {
  if (installing === null) return Promise.resolve();
  return new Promise((resolve) => {
    installing.addEventListener("statechange", () => {
      if (installing.state !== "installing" && installing.state !== "installed") resolve();
    });
  });
}

/**
 * Remove everything that the page keeps: model, scripts, examples, and the service worker. The page goes on working until it is
 * closed or loaded again; loaded again, it starts as on a first visit.
 */
export async function removeEverything(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration(document.baseURI);
  if (registration !== undefined) await installed(registration);
  // Until the page is gone, the service worker goes on serving it, but must not keep anything anew.
  registration?.active?.postMessage({ type: "forget" });
  await registration?.unregister();
  for (const { name } of await ownCaches()) await caches.delete(name);
}
