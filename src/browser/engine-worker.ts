/**
 * The worker that runs the engine, so that the page stays responsive while the network runs.
 *
 * Knows: the messages of `calls.ts`. A worker has one model; a page that no longer needs it ends the worker.
 */

import { asXrayError } from "../errors.ts";
import type { Call, CallName, Calls, Reply } from "./calls.ts";
import { EngineModel } from "./engine-model.ts";

/** The part of a worker's global scope that is used here. TypeScript's library for pages does not cover workers. */
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

/** Memory of a reply that can be transferred instead of copied. */
function movable(value: unknown): ArrayBufferLike[] {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [];
  return parts.flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer] : []));
}

async function answer<N extends CallName>({ id, name, args }: Call<N>): Promise<void> {
  try {
    const value = await ANSWERS[name](...args);
    scope.postMessage({ id, value }, movable(value));
  } catch (error) {
    const { code, message, details } = asXrayError(error);
    scope.postMessage({ id, failure: { code, message, details } });
  }
}

// One call at a time: the names given to images must not depend on concurrent calls.
let turn: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  turn = turn.then(() => answer(data));
};
