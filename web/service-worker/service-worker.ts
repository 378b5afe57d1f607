/**
 * The page's service worker: keeps the page working without a network, and isolates it on hosts that send no headers.
 *
 * Knows: a service worker's events. What is kept and answered is in the files beside this one.
 */

import { cacheName } from "./cache-names.ts";
import type { Build } from "./files.ts";
import { KeptFiles } from "./kept-files.ts";
import { answerTo, type Site } from "./respond.ts";

/** Written by the build. */
declare const BUILD: Build;

/** The parts of a service worker's global scope that are used here. TypeScript's library for pages does not cover it. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: ScopeEvent) => void): void;
}

interface ScopeEvent {
  readonly request: Request;
  readonly data: { readonly type?: string } | undefined;
  readonly ports: readonly MessagePort[];
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const scope = globalThis as unknown as Scope;
const base = new URL("./", scope.registration.scope).href;
const files = new KeptFiles(base, BUILD);
let isKeeping = true;

scope.addEventListener("install", (event) => {
  event.waitUntil(files.keepAll("first").then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(files.removeOld().then(() => scope.clients.claim()));
});

scope.addEventListener("fetch", (event) => {
  const site: Site = { base, files, isKeeping: () => isKeeping, later: (work) => event.waitUntil(work) };
  const answer = answerTo(event.request, site);
  if (answer !== undefined) event.respondWith(answer);
});

/** On a first visit, `page.json` was fetched before there was a service worker. */
async function keepPageFacts(): Promise<void> {
  const url = new URL("page.json", base);
  const response = await fetch(url, { cache: "no-cache" });
  if (response.ok) await (await caches.open(cacheName(base, "page"))).put(url, response);
}

/** Keep the rest, and tell the page how that went: undefined, or what was the matter. */
async function keepTheRest(port: MessagePort | undefined): Promise<void> {
  try {
    await keepPageFacts();
    await files.keepAll("later");
    port?.postMessage({ problem: undefined });
  } catch (error) {
    port?.postMessage({ problem: String(error) });
  }
}

scope.addEventListener("message", (event) => {
  if (event.data?.type === "forget") isKeeping = false;
  if (event.data?.type === "keep-the-rest" && isKeeping) event.waitUntil(keepTheRest(event.ports[0]));
});
