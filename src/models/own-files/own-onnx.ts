/**
 * ONNX files that this package wrote, as checkpoints: DenseNet121's parameters under their names, and a card.
 *
 * Pipeline:   file bytes → **initialisers that are a DenseNet121's** → checkpoint
 * Knows:      what `exportOnnx` writes. Not sessions.
 *
 * The weights stand for the file only if its graph does with them what a DenseNet121 does. A file that was optimised,
 * renamed or extended by another program is not read as weights, whatever names are in it.
 */

import type { OnnxFile, OnnxGraph, OnnxNode } from "../../formats/onnx/structure.ts";
import type { TensorEntry } from "../../formats/tensor-entry.ts";
import { GraphBuilder } from "../../graph/core/builder.ts";
import { inOnnxOps } from "../../graph/core/rewrite.ts";
import { CARD_KEY } from "../card.ts";
import { type Checkpoint, checkpointOf } from "../checkpoint.ts";
import type { WeightKind } from "../choose-weights.ts";
import { PORTS } from "../compile.ts";
import { densenet121 } from "../densenet121.ts";
import { labelsInMetadata } from "../find-labels.ts";
import { compare, expectedShapes, readDimensions } from "../match.ts";
import { hasInt8Parameters, int8Graph, looksLikeInt8, readInt8 } from "../quantise/own-int8.ts";

/** Operators in alphabetical order, each as often as it is used. */
const listed = (types: readonly string[]): string => types.toSorted().join(" ");

/** The operators of a DenseNet121, from the image to the logits. */
function denseNetOps(inChannels: number, numLabels: number): string {
  const graph = new GraphBuilder("densenet121");
  const { logits } = densenet121(graph.input(PORTS.image, ["N", inChannels, 224, 224]), numLabels);
  graph.output(PORTS.logits, logits);
  return listed(inOnnxOps(graph.build()).nodes.map(({ op }) => op.type));
}

/** The nodes that a graph's output is computed by. */
function nodesBehind({ nodes }: OnnxGraph, output: string): OnnxNode[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const found = new Set<OnnxNode>();
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = makers.get(name);
    if (node === undefined || found.has(node)) continue;
    found.add(node);
    open.push(...node.inputs);
  }
  return [...found];
}

/** The kinds of files that this package writes. */
type OwnKind = "float32" | "int8";

/** Which kind of file of this package it is: with a card, and with a DenseNet121's graph over all of its parameters. */
function ownKind({ graph, metadata }: OnnxFile): OwnKind | undefined {
  const { initialisers } = graph;
  if (metadata[CARD_KEY] === undefined || !graph.outputs.some(({ name }) => name === PORTS.logits))
    return undefined;
  const { inChannels, numLabels } = readDimensions(initialisers);
  const ops = listed(nodesBehind(graph, PORTS.logits).map(({ type }) => type));
  if (looksLikeInt8(initialisers)) {
    const types = int8Graph(inChannels, numLabels).nodes.map(({ op }) => op.type);
    const isOwn = ops === listed(types) && hasInt8Parameters(initialisers, inChannels, numLabels);
    return isOwn ? "int8" : undefined;
  }
  const { missing, otherShape } = compare(initialisers, expectedShapes(inChannels, numLabels));
  const isOwn = missing.length + otherShape.length === 0 && ops === denseNetOps(inChannels, numLabels);
  return isOwn ? "float32" : undefined;
}

/**
 * The checkpoint in an ONNX file that this package wrote.
 *
 * @returns  Undefined for any other file.
 * @throws   XrayError `card/invalid`, `checkpoint/no-such-weights`, `checkpoint/bad-codes`.
 */
export function ownCheckpoint(file: OnnxFile, weights?: WeightKind): Checkpoint | undefined {
  const kind = ownKind(file);
  if (kind === undefined) return undefined;
  const { graph, metadata } = file;
  const { inChannels, numLabels } = readDimensions(graph.initialisers);
  const expected = expectedShapes(inChannels, numLabels);
  const int8 = kind === "int8" ? readInt8(graph.initialisers, inChannels, numLabels) : undefined;
  const found: ReadonlyMap<string, TensorEntry> = int8?.tensors ?? graph.initialisers;
  const tensors = new Map([...found].filter(([name]) => expected.has(name)));
  const checkpoint = checkpointOf(
    {
      format: "onnx",
      sources: [{ tensors, path: "onnx", where: "onnx", isAveraged: false, siblings: [] }],
      lists: [],
      metadata,
      labelsFor: () => labelsInMetadata(metadata),
    },
    weights,
  );
  return int8 === undefined ? checkpoint : { ...checkpoint, tensors: graph.initialisers, codes: int8.codes };
}
