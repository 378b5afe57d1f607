/**
 * The page's model, which is fetched once, checked and kept, and how much the page keeps in this browser.
 *
 * Knows: Cache Storage, the page's own origin. Not what is in a model.
 */

import type { PageModel } from "./page-facts.ts";

/** What the page keeps in this browser, in bytes. */
export interface StorageReport {
  /** The model's file. */
  readonly model: number;
  /** Scripts and WebAssembly files. */
  readonly app: number;
  /** Examples that were opened. */
  readonly examples: number;
  /** The sum of these. */
  readonly total: number;
  /** What the browser counts and allows for this origin, if it says so. */
  readonly usage: number | undefined;
  readonly quota: number | undefined;
}

/** How a model is fetched. */
export interface FetchHooks {
  /** Called with the bytes that have arrived and those that are expected. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The page's model: from Cache Storage if it is kept there, otherwise fetched, checked against its SHA-256 and kept. Where
 * nothing can be kept, such as in a private window, it is fetched each time.
 *
 * @throws  XrayError `file/not-accessible`, `file/not-found`, `download/…` if its SHA-256 is another one; the reason of an
 *          aborted signal.
 */
export async function pageModel(_model: PageModel, _hooks: FetchHooks = {}): Promise<Blob> {
  throw new Error("not written yet");
}

/** Whether the model is kept, so that it need not be fetched. */
export async function isKept(_model: PageModel): Promise<boolean> {
  throw new Error("not written yet");
}

/** How much the page keeps. */
export async function storageReport(): Promise<StorageReport> {
  throw new Error("not written yet");
}

/** Remove everything that the page keeps: model, scripts, examples, and the service worker. */
export async function removeEverything(): Promise<void> {
  throw new Error("not written yet");
}
