/**
 * What a model's card says about its sensitivity and specificity on the validation images.
 *
 * Knows: a planned run and its validation. Not how either came about.
 */

import { rocTables } from "../../evaluation/roc-table.ts";
import type { CardRoc } from "../../models/card-roc.ts";
import { counted } from "../../text.ts";
import { columnsOf } from "../../training/validation.ts";
import type { Plan } from "./plan.ts";

/** Logits and labels of the validation images that could be read, each [images, labels]. */
interface Validated {
  readonly logits: Float32Array;
  readonly labels: Float32Array;
}

/** The card's field `roc`; undefined without validation, or if no label has both positives and negatives. */
export function validationRoc(
  { dataset, config }: Pick<Plan, "dataset" | "config">,
  validation: Validated | undefined,
): CardRoc | undefined {
  if (validation === undefined) return undefined;
  const { labels } = dataset.table;
  const columns = columnsOf(validation.logits, validation.labels, labels.length);
  const findings = rocTables(labels.map((label, i) => ({ label, ...columns[i]! })));
  if (Object.keys(findings).length === 0) return undefined;
  const images = counted(validation.logits.length / labels.length, "validation image");
  const kind = dataset.phantom === undefined ? "" : "drawn phantoms, ";
  return {
    description: `${images} (${kind}${config.labelFile.name}), by which the epoch was chosen, so the figures are optimistic`,
    findings,
  };
}
