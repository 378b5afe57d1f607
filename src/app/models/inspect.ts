/**
 * Says what is in a model's file.
 *
 * Pipeline:   file → checkpoint or network → **summary**
 * Knows:      the formats of models. Not the command line.
 */

import { type KnownImages, statisticOf } from "../../checks/known-images.ts";
import type { ReadCheckpoint, ReadNetwork, ReadOptions } from "../../engine/read-model.ts";
import { asXrayError, inFile, printable } from "../../errors.ts";
import type { OnnxFile, OnnxPort } from "../../formats/onnx/structure.ts";
import type { ResolvedCard } from "../../models/card.ts";
import type { CardMaps } from "../../models/card-maps.ts";
import type { CardQuantised } from "../../models/card-quantised.ts";
import {
  compare,
  expectedShapes,
  leftOutInWords,
  type Mismatch,
  readDimensions,
} from "../../models/match.ts";
import { settleCard } from "../../models/settle-card.ts";
import type { Inspection } from "../../results/inspection.ts";
import { readModelFile } from "./open-model.ts";

function listUnmatched({ missing, leftOver, otherShape }: Mismatch): string[] {
  return [
    ...missing.map((name) => `missing ${name}`),
    ...leftOver.map((name) => `left over ${name}`),
    ...otherShape.map(({ name, actual, expected }) => `shape ${name} [${actual}] instead of [${expected}]`),
  ];
}

/** The card and its notes. If the file cannot predict, as with a backbone, the notes say why. */
function trySettle(...args: Parameters<typeof settleCard>): {
  card?: ResolvedCard;
  notes: readonly string[];
} {
  try {
    return settleCard(...args);
  } catch (error) {
    return { notes: [asXrayError(error).message] };
  }
}

function inspectedKnownImages(known: KnownImages | undefined): Inspection["knownImages"] {
  if (known === undefined) return null;
  const { description, images, heldOut, limit } = known;
  return { statistic: statisticOf(known), description: printable(description), images, heldOut, limit };
}

const inspectedMaps = (maps: CardMaps | undefined): Inspection["maps"] =>
  maps === undefined ? null : { ...maps, description: printable(maps.description) };

const inspectedQuantised = (quantised: CardQuantised | undefined): Inspection["quantised"] =>
  quantised === undefined
    ? null
    : { ...quantised, description: printable(quantised.description), data: printable(quantised.data) };

/** What a settled card says. */
function inspectedCard(card: ResolvedCard | undefined) {
  return {
    labels: card?.labels ?? null,
    labelSource: card?.labelSource ?? null,
    preparation: card?.preparation ?? null,
    source: card?.source === undefined ? null : printable(card.source),
    trainedOn: card?.trainedOn ?? null,
    calibration: card?.calibration === undefined ? null : printable(card.calibration.description),
    roc: card?.roc === undefined ? null : printable(card.roc.description),
    learnedFrom: card?.learnedFrom?.map(({ dataset }) => printable(dataset)) ?? null,
    knownImages: inspectedKnownImages(card?.knownImages),
    maps: inspectedMaps(card?.maps),
    activation: card?.activation ?? null,
    quantised: null as Inspection["quantised"],
  } satisfies Partial<Inspection>;
}

const inspectedPort = ({ name, dtype, shape }: OnnxPort) => ({
  name: printable(name),
  dtype: dtype ?? null,
  shape: shape === undefined ? null : [...shape],
});

/** The graph of an ONNX file. */
function inspectedGraph({ irVersion, producer, opsets, graph }: OnnxFile): NonNullable<Inspection["graph"]> {
  const ops = new Map<string, number>();
  for (const { domain, type } of graph.nodes) {
    const name = printable(domain === "" ? type : `${domain}.${type}`);
    ops.set(name, (ops.get(name) ?? 0) + 1);
  }
  return {
    irVersion,
    producer: printable(producer),
    opsets: Object.fromEntries(
      [...opsets].map(([domain, version]) => [printable(domain || "ai.onnx"), version]),
    ),
    inputs: graph.inputs.filter(({ name }) => !graph.initialisers.has(name)).map(inspectedPort),
    outputs: graph.outputs.map(inspectedPort),
    ops: Object.fromEntries([...ops].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const listed = (tensors: Iterable<readonly [string, { dtype: string; shape: readonly number[] }]>) =>
  [...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));

function inspectCheckpoint({ checkpoint, hints, onnx, notes: onFile }: ReadCheckpoint): Inspection {
  const dimensions = readDimensions(checkpoint.parameters);
  const mismatch = compare(
    checkpoint.parameters,
    expectedShapes(dimensions.inChannels, dimensions.numLabels),
  );
  const { card, notes } = trySettle(checkpoint, hints);
  return {
    kind: "densenet121",
    format: checkpoint.format,
    where: checkpoint.where,
    tensors: listed(checkpoint.tensors),
    ...inspectedCard(card),
    quantised: checkpoint.codes === undefined ? null : inspectedQuantised(card?.quantised),
    graph: onnx === undefined ? null : inspectedGraph(onnx),
    missing: null,
    notes: [...onFile, ...notes, ...checkpoint.notes, ...leftOutInWords(mismatch.leftOut)],
    unmatched: listUnmatched(mismatch),
  };
}

/** A network whose card is complete, or what is missing for predicting with it. */
function inspectNetwork({ load, onnx, hints }: ReadNetwork): Inspection {
  const facts = {
    kind: "network" as const,
    format: "onnx",
    where: "onnx",
    tensors: listed(onnx.graph.initialisers),
    graph: inspectedGraph(onnx),
    unmatched: [],
  };
  try {
    const { card, notes } = load(hints);
    return { ...facts, ...inspectedCard(card), missing: null, notes: [...notes] };
  } catch (error) {
    return { ...facts, ...inspectedCard(undefined), missing: asXrayError(error).message, notes: [] };
  }
}

/**
 * Inspect a model's file. Nothing in it is executed, and it need not be a DenseNet121.
 *
 * @param nameOrPath  A file, or the name of a pulled model of the catalogue.
 * @throws            XrayError if the file cannot be read at all.
 */
export async function inspectModel(nameOrPath: string, options: ReadOptions = {}): Promise<Inspection> {
  const file = await readModelFile(nameOrPath, options);
  try {
    return file.kind === "network" ? inspectNetwork(file) : inspectCheckpoint(file);
  } catch (error) {
    throw inFile(file.path, error);
  }
}
