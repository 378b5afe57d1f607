/**
 * The worker that computes finer maps, beside the one that reads images, so that no image waits for a map.
 *
 * Knows: how each call is answered. It decodes nothing: images come prepared.
 */

import { type Answers, answerCalls } from "../../src/browser/answer-calls.ts";
import { openRuntime } from "../../src/browser/session.ts";
import { FinerMaps } from "../../src/engine/finer-maps.ts";
import { inFile } from "../../src/errors.ts";
import { crashOf } from "./crash.ts";
import { BusyCount, givingWay } from "./giving-way.ts";
import type { MapCalls } from "./map-calls.ts";
import { nameOfSent, readSentModel } from "./sent-model.ts";

/** How long a step of a map is put off while an image is read, in milliseconds. Long lists are read one image after another. */
const PATIENCE = 500;

let maps: FinerMaps | undefined;

const ANSWERS: Answers<MapCalls> = {
  async load(_, source, options, files, memory) {
    const places = (file: string) => new URL(file, files).href;
    const busy = new BusyCount(memory);
    try {
      const [model, { createSession }] = await Promise.all([
        readSentModel(source, options),
        openRuntime(options, places),
      ]);
      maps = await FinerMaps.open(
        model,
        givingWay(createSession, () => busy.waitUntilFree(PATIENCE)),
      );
    } catch (error) {
      throw inFile(nameOfSent(source), error);
    }
  },
  async map(_, name, view, finding) {
    try {
      return await maps!.of(view, finding);
    } catch (error) {
      throw crashOf(name, error, "map") ?? inFile(name, error);
    }
  },
};

answerCalls(ANSWERS);
