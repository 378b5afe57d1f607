/**
 * Starts the service worker, which keeps the page working offline and isolates it on hosts that send no headers.
 *
 * Knows: `service-worker.js` beside the page. Not what it does inside.
 */

/** What became of the service worker. */
export interface OfflineState {
  /** Whether threads may share memory, which the engine needs. */
  readonly isIsolated: boolean;
  /** Whether the page is about to be loaded again, because the service worker can now isolate it. Start nothing then. */
  readonly isReloading: boolean;
  /** In words, why the page is not isolated, or does not work offline; undefined if all is well. */
  readonly problem: string | undefined;
}

/**
 * Call this first when the page starts. On an isolated page it returns at once and registers the service worker in the
 * background. Otherwise it waits until the service worker has taken control and loads the page again, once.
 */
export async function startServiceWorker(): Promise<OfflineState> {
  throw new Error("not written yet");
}

/** Fetch and keep what is not needed yet but would be offline, such as the codecs of DICOM. Call it after the first result. */
export async function keepTheRest(): Promise<void> {
  throw new Error("not written yet");
}
