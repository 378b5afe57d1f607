/**
 * The worker that runs the engine, so that the page stays responsive while the network runs.
 *
 * Knows: the messages of `calls.ts`. A worker has one model; a page that no longer needs it ends the worker.
 */

import { sentError } from "../errors.ts";
import type { Call, CallName, Calls, Cancel, Progress, Reply } from "./calls.ts";
import { EngineModel } from "./engine-model.ts";

/** The parts of a worker's global scope that are used here. TypeScript's library for pages does not cover workers. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Call | Cancel>) => void) | null;
  postMessage(message: Reply | Progress, transfer?: readonly ArrayBufferLike[]): void;
}

/** How a running call is cancelled and reports its progress. */
interface Hooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

const scope = globalThis as unknown as WorkerScope;

let model: EngineModel | undefined;

const ANSWERS: {
  readonly [N in CallName]: (hooks: Hooks, ...args: Parameters<Calls[N]>) => Promise<ReturnType<Calls[N]>>;
} = {
  async load(_, source, options, files) {
    model = await EngineModel.load(source, options, files);
    return model.facts();
  },
  sha256: () => model!.sha256(),
  predict: (hooks, images, options) => model!.predict(images, { ...options, ...hooks }),
  explain: ({ signal }, image, options) => model!.explain(image, { ...options, signal }),
  overlay: ({ signal }, image, options) => model!.overlay(image, { ...options, signal }),
  release: () => model!.release(),
};

/** Memory of a reply that can be transferred instead of copied. */
function movable(value: unknown): ArrayBufferLike[] {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [];
  return parts.flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer] : []));
}

/** Calls that have not been answered yet. */
const open = new Map<number, AbortController>();

async function answer<N extends CallName>({ id, name, args }: Call<N>, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    const onProgress = (done: number, total: number) => scope.postMessage({ id, done, total });
    const value = await ANSWERS[name]({ signal, onProgress }, ...args);
    scope.postMessage({ id, value }, movable(value));
  } catch (error) {
    scope.postMessage({ id, failure: sentError(error) });
  } finally {
    open.delete(id);
  }
}

// One call at a time: the names given to images must not depend on concurrent calls.
let turn: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  if (data.name === "cancel") {
    open.get(data.id)?.abort();
    return;
  }
  const controller = new AbortController();
  open.set(data.id, controller);
  turn = turn.then(() => answer(data, controller.signal));
};
