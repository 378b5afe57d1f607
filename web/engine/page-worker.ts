/**
 * The page's worker, which reads images, so that the page stays responsive.
 *
 * Knows: how each call is answered. A worker has one model; a page that wants another one ends the worker.
 */

import { type Answers, answerCalls } from "../../src/browser/answer-calls.ts";
import { checkIsolated } from "../../src/browser/isolation.ts";
import { openRuntime } from "../../src/browser/session.ts";
import { startRuntime } from "../../src/engine/warm-up.ts";
import { crashOf } from "./crash.ts";
import type { PageCalls } from "./page-calls.ts";
import { openViewerDecoder } from "./page-images.ts";
import { type PageMachine, PageModel } from "./page-model.ts";

let machine: PageMachine | undefined;
let model: PageModel | undefined;

/** Do work on an image. What broke the engine itself, rather than the image's reading, is thrown as such. */
async function onImage<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw crashOf(name, error) ?? error;
  }
}

const ANSWERS: Answers<PageCalls> = {
  warm(_, { device = "wasm", threads }, files) {
    checkIsolated();
    const places = (file: string) => new URL(file, files).href;
    const runtime = openRuntime({ device, ...(threads === undefined ? {} : { threads }) }, places);
    // Whoever loads a model sees the failure.
    runtime.then(({ createSession }) => startRuntime(createSession)).catch(() => undefined);
    machine = { runtime, decode: openViewerDecoder(places) };
  },
  async load(_, source, options) {
    model = await PageModel.load(source, options, machine!);
    return model.facts();
  },
  sha256: () => model!.sha256(),
  read: ({ signal }, image, options) => onImage(image.name, () => model!.read(image, options, signal)),
  look: (_, image) => onImage(image.name, () => model!.look(image)),
  prepare: (_, image) => onImage(image.name, () => model!.prepare(image)),
  erase: (_, image, mask) => onImage(image.name, () => model!.erase(image, mask)),
};

answerCalls(ANSWERS);
