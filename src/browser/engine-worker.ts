/**
 * The worker that has the engine, so that the page stays responsive while the network runs.
 *
 * Knows: the messages of `calls.ts`. A worker has one model; a page that is done with it ends the worker.
 */

import { sentError } from "../errors.ts";
import type { Call, CallName, Calls, Reply } from "./calls.ts";
import { EngineModel } from "./engine-model.ts";

/** What a worker has of its global scope: TypeScript's library for pages does not know workers. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Call>) => void) | null;
  postMessage(message: Reply, transfer?: readonly ArrayBufferLike[]): void;
}

const scope = globalThis as unknown as WorkerScope;

let model: EngineModel | undefined;

const ANSWERS: {
  readonly [N in CallName]: (...args: Parameters<Calls[N]>) => Promise<ReturnType<Calls[N]>>;
} = {
  async load(source, options, files) {
    model = await EngineModel.load(source, options, files);
    return model.facts();
  },
  sha256: () => model!.sha256(),
  predict: (images, reading) => model!.predict(images, reading),
  explain: (image, options) => model!.explain(image, options),
  overlay: (image, options) => model!.overlay(image, options),
  release: () => model!.release(),
};

/** Memory of an answer that need not be copied. */
function movable(value: unknown): ArrayBufferLike[] {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [];
  return parts.flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer] : []));
}

async function answer<N extends CallName>({ id, name, args }: Call<N>): Promise<void> {
  try {
    const value = await ANSWERS[name](...args);
    scope.postMessage({ id, value }, movable(value));
  } catch (error) {
    scope.postMessage({ id, failure: sentError(error) });
  }
}

// One after the other: what images are called must not depend on what else is asked for at the time.
let turn: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  turn = turn.then(() => answer(data));
};
