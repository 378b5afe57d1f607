/**
 * Runs a network in float32 on images and measures what becomes codes.
 *
 * Pipeline:   images → network → **histograms** → codes
 * Knows:      images and sessions of this machine.
 */

import type { PreparedItem } from "../../../engine/prepared-queue.ts";
import { admit } from "../../../engine/refused.ts";
import { inFile, XrayError } from "../../../errors.ts";
import { onnxModel } from "../../../graph/onnx/model.ts";
import { runFloat32 } from "../../../graph/session.ts";
import { inputSizeOf } from "../../../image/preparation.ts";
import type { LoadedModel } from "../../../models/load.ts";
import { Observer, observedGraph, type Seen } from "../../../models/quantise/observe.ts";
import { createSession } from "../../../node/session.ts";
import { float32 } from "../../../tensor.ts";

/** What was seen, and how many images it was. */
export interface ObservedImages {
  readonly seen: ReadonlyMap<string, Seen>;
  readonly images: readonly string[];
}

/**
 * Measure images, one after another.
 *
 * @param model      Its weights; codes that it has are not used.
 * @param images     Prepared images. Those that cannot be read, or that a check refuses, are left out.
 * @param onFailure  Is told of each of these.
 */
export async function observeImages(
  { inChannels, numLabels, tensors, card }: LoadedModel,
  images: AsyncIterable<PreparedItem>,
  onFailure: (error: XrayError) => void,
): Promise<ObservedImages> {
  const { width, height } = inputSizeOf(card.preparation);
  const { graph, kinds } = observedGraph(inChannels, numLabels, width, height);
  const session = await createSession(onnxModel(graph, tensors), { memory: "pooled" });
  const observer = new Observer(kinds);
  const found: string[] = [];
  try {
    for await (const { source, result } of images) {
      const image = result instanceof XrayError ? result : admit(result, false);
      if (image instanceof XrayError) {
        onFailure(inFile(String(source), image) as XrayError);
        continue;
      }
      const { input, views } = image;
      observer.add(await runFloat32(session, { image: float32([views, inChannels, height, width], input) }));
      found.push(String(source));
    }
  } finally {
    await session.release();
  }
  return { seen: observer.results(), images: found };
}
