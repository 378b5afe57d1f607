/**
 * Reads a model that was sent to a worker.
 *
 * Knows: sources and checkpoints. Not runtimes.
 */

import { type NamedSource, readSource } from "../../src/browser/bytes.ts";
import type { ModelOptions } from "../../src/browser/calls.ts";
import { MAX_MODEL_BYTES } from "../../src/engine/limits.ts";
import { type NamedModel, readModel, weightsOf } from "../../src/engine/read-model.ts";

/** The model's name in results and messages. */
export const nameOfSent = ({ name = "model" }: Pick<NamedSource, "name">): string => name;

/** Read a model's weights and its card. Throws XrayError `file/…`, `checkpoint/…`, `card/…`, `preparation/…`. */
export async function readSentModel(
  source: NamedSource,
  { bits, card, labels, weights }: ModelOptions,
): Promise<NamedModel> {
  const reading = {
    ...(labels === undefined ? {} : { labels }),
    ...(weights === undefined ? {} : { weights }),
  };
  const bytes = await readSource(source, MAX_MODEL_BYTES);
  const named = { name: nameOfSent(source), bytes, ...(card === undefined ? {} : { card }) };
  return weightsOf(await readModel(named, reading), bits);
}
