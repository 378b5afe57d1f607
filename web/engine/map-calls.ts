/**
 * The calls that the page makes to the worker that computes finer maps.
 *
 * Knows: types only, so that making calls loads none of the code that answers them.
 */

import type { NamedSource } from "../../src/browser/bytes.ts";
import type { ModelOptions } from "../../src/browser/calls.ts";
import type { FinerMap } from "../../src/engine/finer-maps.ts";

/** The calls. `load` comes first, and only once. */
export interface MapCalls {
  /**
   * Load a model whose card names maps, or whose network is run and not understood.
   *
   * @param files  The absolute URL of the folder with the engine's files.
   * @param busy   The memory of the `BusyCount` of what comes first.
   */
  load(model: NamedSource, options: ModelOptions, files: string, busy: SharedArrayBuffer): void;
  /**
   * The finer map of a finding.
   *
   * @param name     The image's name in messages.
   * @param view     The values that `prepare` of `PageCalls` gives.
   * @param finding  Index of the label.
   */
  map(name: string, view: Float32Array, finding: number): FinerMap;
}
