/**
 * The files of the app that the service worker keeps, each checked by its SHA-256.
 *
 * Knows: Cache Storage. Not requests.
 */

import { sha256Of } from "../../src/models/published.ts";
import { cacheName, kindOf } from "./cache-names.ts";
import type { Build, BuildFile } from "./files.ts";
import { ISOLATION } from "./isolation.ts";

const SHA256 = "X-SHA256";

/** How many builds are kept: this one, and the last one for pages that are still open. */
const BUILDS = 2;

/** A response as it is kept: with its hash, and with the headers that isolate the page. */
function checked(response: Response, body: ArrayBuffer, sha256: string): Response {
  const headers = new Headers(response.headers);
  headers.set(SHA256, sha256);
  // The body is no longer compressed.
  headers.delete("Content-Encoding");
  headers.set("Content-Length", String(body.byteLength));
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(body, { status: 200, headers });
}

/** The kept files of one build. */
export class KeptFiles {
  readonly #base: string;
  readonly #build: Build;
  readonly #byUrl: ReadonlyMap<string, BuildFile>;

  /** @param base  The URL of the page's folder. */
  constructor(base: string, build: Build) {
    this.#base = base;
    this.#build = build;
    this.#byUrl = new Map(build.files.map((file) => [new URL(file.url, base).href, file]));
  }

  get #cache(): Promise<Cache> {
    return caches.open(cacheName(this.#base, "app", this.#build.id));
  }

  /** The file of this build that a URL stands for. */
  fileAt(url: string): BuildFile | undefined {
    return this.#byUrl.get(url);
  }

  /** The caches of this page's builds, the newest last. */
  async #buildCaches(): Promise<readonly string[]> {
    return (await caches.keys()).filter((name) => kindOf(this.#base, name) === "app");
  }

  /** A kept file, from this build or, for pages that are still open, from another one. */
  async match(url: string): Promise<Response | undefined> {
    const own = await (await this.#cache).match(url);
    if (own !== undefined || this.#byUrl.has(url)) return own;
    for (const name of await this.#buildCaches()) {
      const found = await (await caches.open(name)).match(url);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The same file as another build kept it. */
  async #copyOf(url: string, { sha256 }: BuildFile): Promise<Response | undefined> {
    for (const name of await this.#buildCaches()) {
      const found = await (await caches.open(name)).match(url);
      if (found?.headers.get(SHA256) === sha256) return found;
    }
    return undefined;
  }

  /**
   * Keep a file, unless it is kept.
   *
   * @throws  Error if it cannot be fetched, or is not that of this build.
   */
  async keep(file: BuildFile): Promise<void> {
    const url = new URL(file.url, this.#base).href;
    const cache = await this.#cache;
    if ((await cache.match(url)) !== undefined) return;
    const copy = await this.#copyOf(url, file);
    if (copy !== undefined) return cache.put(url, copy);
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
    await this.keepResponse(file, response);
  }

  /** Keep a response that has just arrived for a file. Throws Error if it is not that of this build. */
  async keepResponse(file: BuildFile, response: Response): Promise<void> {
    const body = await response.arrayBuffer();
    if ((await sha256Of(new Uint8Array(body))) !== file.sha256)
      throw new Error(`${file.url}: it is not the file of this build of the page`);
    const url = new URL(file.url, this.#base).href;
    await (await this.#cache).put(url, checked(response, body, file.sha256));
  }

  /** Keep all files of a kind, a few at a time. */
  async keepAll(when: BuildFile["when"]): Promise<void> {
    for (const file of this.#build.files) if (file.when === when) await this.keep(file);
  }

  /** Remove what older builds kept, but for the last one. */
  async removeOld(): Promise<void> {
    const own = cacheName(this.#base, "app", this.#build.id);
    const others = (await this.#buildCaches()).filter((name) => name !== own);
    for (const name of others.slice(0, Math.max(0, others.length - (BUILDS - 1)))) await caches.delete(name);
  }
}
