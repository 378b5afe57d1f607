/**
 * Whether heatmaps show what the model used: a table for people, an object for programs.
 *
 * Knows: figures. Not how they are computed.
 */

import type { FaithfulnessByMap, FaithfulnessFigures } from "../../evaluation/faithfulness.ts";
import { displayName } from "../../findings.ts";
import type { FaithfulnessJson, FaithfulnessReport } from "../../results/faithfulness.ts";
import { counted } from "../../text.ts";
import { heatmapsIn } from "../words/heatmaps.ts";
import { columns, share } from "../words/table.ts";

function row(name: string, pairs: number, { model, random, centre }: FaithfulnessByMap): string[] {
  return [
    name,
    String(pairs),
    share(model.deletionArea),
    share(random.deletionArea),
    share(centre.deletionArea),
    share(model.insertionArea),
    share(random.insertionArea),
    share(centre.insertionArea),
  ];
}

/** The table that `evaluate` prints of it. */
export function faithfulnessLines({ method, layer, steps, findings, overall }: FaithfulnessReport): string[] {
  return [
    "",
    `Faithfulness of ${heatmapsIn(method, layer).replace("Heatmaps", "heatmaps")} on ${counted(overall.pairs, "pair")} of an image and a finding that it has, in ${steps} steps:`,
    ...columns([
      ["", "pairs", "deletion", "random", "centre", "insertion", "random", "centre"],
      ...findings.map(({ label, pairs, maps }) => row(displayName(label), pairs, maps)),
      ...(findings.length < 2 ? [] : [row("all pairs", overall.pairs, overall.maps)]),
    ]),
    "  Mean area under the curve of the probability while the hottest places are blurred away (deletion; lower is better) or",
    "  restored in a blurred image (insertion; higher is better), for the model's map, a random one and a central one.",
  ];
}

const figuresObject = ({ deletion, insertion, deletionArea, insertionArea }: FaithfulnessFigures) => ({
  deletion_area: deletionArea,
  insertion_area: insertionArea,
  deletion,
  insertion,
});

const mapsObject = ({ model, random, centre }: FaithfulnessByMap) => ({
  model: figuresObject(model),
  random: figuresObject(random),
  centre: figuresObject(centre),
});

/** The object of the JSON's field `faithfulness`. */
export function faithfulnessObject({
  method,
  layer,
  steps,
  findings,
  overall,
}: FaithfulnessReport): FaithfulnessJson {
  return {
    method,
    layer,
    steps,
    findings: Object.fromEntries(
      findings.map(({ label, pairs, maps }) => [label, { n_images: pairs, ...mapsObject(maps) }]),
    ),
    overall: { n_pairs: overall.pairs, ...mapsObject(overall.maps) },
  };
}
