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

/** Marks in the session that the page was loaded again to be isolated, so that it is not done a second time. */
const RELOADED = "medical-x isolating";

/** How long a service worker may take to start, in milliseconds. */
const PATIENCE = 15_000;

const NOT_SECURE =
  "The page was opened over plain http from another machine, where browsers do not let threads share memory; open it over https, or run it on this machine.";
const NOT_ISOLATED =
  "The page is not isolated from other origins, so the engine cannot start. Open it in a normal window, allow this site to store data, or have it served with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.";
const NOT_OFFLINE = "This browser keeps nothing for this site, so the page will not work offline.";

const problemOf = (problem: string | undefined): OfflineState => ({
  isIsolated: globalThis.crossOriginIsolated === true,
  isReloading: false,
  problem,
});

const register = (container: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> =>
  container.register(new URL("service-worker.js", document.baseURI), {
    scope: new URL("./", document.baseURI).href,
    updateViaCache: "none",
  });

/** Resolves once a service worker controls the page, or after a while, or if one is active but passes the page by. */
function controlled(
  container: ServiceWorkerContainer,
  registration: ServiceWorkerRegistration,
): Promise<void> {
  if (container.controller !== null || registration.active !== null) return Promise.resolve();
  return new Promise((resolve) => {
    container.addEventListener("controllerchange", () => resolve(), { once: true });
    setTimeout(resolve, PATIENCE);
  });
}

/** The session's store, which throws where the user allows none. */
function mark(value: string | undefined): boolean {
  try {
    const was = sessionStorage.getItem(RELOADED) !== null;
    if (value === undefined) sessionStorage.removeItem(RELOADED);
    else sessionStorage.setItem(RELOADED, value);
    return was;
  } catch {
    // Without a mark, the page could be loaded again for ever.
    return true;
  }
}

/**
 * Call this first when the page starts. On an isolated page it returns at once. Otherwise it waits until the service worker
 * has taken control and loads the page again, once.
 */
export async function startServiceWorker(): Promise<OfflineState> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (globalThis.crossOriginIsolated === true) {
    mark(undefined);
    return problemOf(container === undefined ? NOT_OFFLINE : undefined);
  }
  if (!globalThis.isSecureContext) return problemOf(NOT_SECURE);
  if (container === undefined) return problemOf(NOT_ISOLATED);
  try {
    await controlled(container, await register(container));
  } catch {
    return problemOf(NOT_ISOLATED);
  }
  if (mark("yes")) return problemOf(NOT_ISOLATED);
  location.reload();
  return { isIsolated: false, isReloading: true, problem: undefined };
}

/**
 * Keep the page for later visits. Call it when the engine is ready: what the service worker keeps would hold up the files that
 * the engine waits for.
 */
export async function keepPage(): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (container !== undefined) await register(container);
}

/**
 * Fetch and keep what is not needed yet but would be offline, such as the codecs of DICOM. Call it when nothing else waits.
 *
 * @returns  Whether the page can now read every format offline.
 */
export async function keepTheRest(): Promise<boolean> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const registration = await container?.getRegistration(document.baseURI);
  if (container === undefined || registration === undefined) return false;
  const { active } = await container.ready;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<{ readonly problem: string | undefined }>) => {
      port1.close();
      resolve(data.problem === undefined);
    };
    active?.postMessage({ type: "keep-the-rest" }, [port2]);
  });
}
