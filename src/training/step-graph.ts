/**
 * One training step as a graph: features and labels in, loss and the updated weights out.
 *
 * Pipeline:   suffix → logits → loss → **backward → Adam** → ONNX model → session
 * Knows:      the network, gradients and the optimiser. Not sessions or files.
 *
 * Trained parameters are inputs by name, as views of one vector. The same vector is also an input for the optimiser,
 * and comes out updated. Frozen tensors are part of the model.
 */

import { GraphBuilder } from "../graph/core/builder.ts";
import type { Graph, Value } from "../graph/core/graph.ts";
import { extentsOf } from "../graph/core/shapes.ts";
import { adam, clipNorm, withWeightDecay } from "../graph/gradient/adam.ts";
import { backward } from "../graph/gradient/backward.ts";
import { type BatchStatistics, batchStatistics, normalise } from "../graph/gradient/batch-norm.ts";
import { binaryCrossEntropy } from "../graph/gradient/loss.ts";
import { add } from "../graph/ops/add.ts";
import { concat } from "../graph/ops/concat.ts";
import { expand } from "../graph/ops/expand.ts";
import { mul } from "../graph/ops/mul.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { stepForSession } from "../lowering/for-session.ts";
import { densenet121, type Norm } from "../models/densenet121.ts";
import { float32, sizeOf } from "../tensor.ts";
import { firstTrained, type Unfreeze } from "./suffix.ts";

/** What a step is built for. */
export interface StepSettings {
  readonly unfreeze: Unfreeze;
  /** Images per step. */
  readonly batchSize: number;
  /** Shape of one image's features. */
  readonly featureShape: readonly number[];
  readonly numLabels: number;
  /**
   * `frozen` uses the running statistics and keeps them; `train` uses the batch's own, and updates the running ones.
   */
  readonly batchNorm: "frozen" | "train";
  readonly weightDecay: number;
  /** Upper bound of the gradient's norm; unlimited by default. */
  readonly clipNorm?: number;
  /** Weight of the positives of each label; 1 by default. */
  readonly posWeight?: Float32Array;
}

/** Names of a step's inputs and outputs, other than the tensors that go by their own names. */
export const STEP_PORTS = {
  /** [N, …featureShape] */
  features: "features",
  /** [N, labels], 1 or 0. */
  targets: "targets",
  /** [N, labels], 1 if the label is known, else 0. */
  known: "known",
  /** [1], see `adamRates`. */
  rate: "rate",
  epsilon: "epsilon",
  /** [P]: the trained parameters, one after another, and their moments. */
  weights: "weights",
  moment1: "moment1",
  moment2: "moment2",
  /** [1, 1] */
  loss: "loss",
  newWeights: "weights'",
  newMoment1: "moment1'",
  newMoment2: "moment2'",
  /** [R]: running statistics before and after the step, if they follow the batch. */
  running: "running",
  newRunning: "running'",
} as const;

/** The position of a tensor in a vector of several. */
export interface Segment {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly length: number;
}

/** The layout of a step's vectors. */
export interface StepLayout {
  /** Parameters in the vector of weights, in the network's order. */
  readonly trained: readonly Segment[];
  /** Running statistics in their vector; empty if statistics are frozen. */
  readonly running: readonly Segment[];
}

/** The graph of a step, and the layout of its vectors. */
export interface StepGraph extends StepLayout {
  readonly graph: Graph;
}

function segments(values: readonly Value[]): Segment[] {
  let start = 0;
  return values.map(({ name, shape }) => {
    const extents = shape as readonly number[];
    const segment = { name, shape: extents, start, length: sizeOf(extents) };
    start += segment.length;
    return segment;
  });
}

/** Turn parameters into inputs, which are supplied for each run instead of being part of the model. */
function asInputs(graph: Graph, names: ReadonlySet<string>): Graph {
  const moved = [...graph.parameters].filter(([name]) => names.has(name));
  const kept = [...graph.parameters].filter(([name]) => !names.has(name));
  return {
    ...graph,
    inputs: [...graph.inputs, ...moved.map(([, value]) => value)],
    parameters: new Map(kept),
  };
}

const STATISTIC = /\.running_(mean|var)$/;

/** Weight of the batch in an update of running statistics: PyTorch's default. */
const MOMENTUM = 0.1;

function join(values: readonly Value[]): Value {
  const flat = values.map((value) => {
    return value.shape.length === 1 ? value : reshape(value, [sizeOf(value.shape as readonly number[])]);
  });
  return concat(flat as [Value, ...Value[]], 0);
}

/** What a norm measured on the batch, and over how many elements per channel. */
interface Measured extends BatchStatistics {
  readonly count: number;
}

/** The norms that the setting asks for, and what they measure on the batch, by name. */
function norms(kind: StepSettings["batchNorm"]): { norm: Norm; measured: Map<string, Measured> } {
  const measured = new Map<string, Measured>();
  const norm: Norm = (x, parameters, name) => {
    const { running_mean: mean, running_var: variance } = parameters;
    if (kind === "frozen") return normalise(x, parameters, { mean, variance });
    const statistics = batchStatistics(x);
    measured.set(name, { ...statistics, count: extentsOf("BatchNormalization", x, [0, 2, 3]) });
    return normalise(x, parameters, statistics);
  };
  return { norm, measured };
}

/**
 * Append the running statistics after the step as one vector, blended with those of the batch. The batch's variance is
 * the unbiased one here.
 */
function trackStatistics(
  graph: GraphBuilder,
  running: readonly Segment[],
  measured: ReadonlyMap<string, Measured>,
): void {
  const last = running.at(-1)!;
  const shares = new Float32Array(last.start + last.length);
  const batch = running.map(({ name, start, length }) => {
    const { mean, variance, count } = measured.get(name.replace(STATISTIC, ""))!;
    const isMean = name.endsWith("mean");
    shares.fill(isMean ? MOMENTUM : (MOMENTUM * count) / (count - 1), start, start + length);
    return isMean ? mean : variance;
  });
  const before = graph.input(STEP_PORTS.running, [shares.length]);
  const kept = mul(before, graph.scalar(1 - MOMENTUM));
  const joined = mul(join(batch), graph.constant(float32([shares.length], shares)));
  graph.output(STEP_PORTS.newRunning, add(kept, joined));
}

function lossOf(graph: GraphBuilder, logits: Value, { posWeight }: StepSettings): Value {
  const targets = graph.input(STEP_PORTS.targets, logits.shape);
  const known = graph.input(STEP_PORTS.known, logits.shape);
  const weight = posWeight && graph.constant(float32([posWeight.length], posWeight));
  return binaryCrossEntropy(logits, targets, known, weight);
}

/** The gradient of the loss with respect to the trained parameters, as one vector. */
function gradientOf(graph: GraphBuilder, loss: Value, trained: readonly Value[]): Value {
  const one = graph.constant(float32([1, 1], Float32Array.of(1)));
  const gradients = backward(new Map([[loss, one]]), trained);
  return join(trained.map((value) => expand(gradients.get(value)!, value.shape)));
}

/** Append the optimiser; its updated vectors become outputs. */
function optimise(graph: GraphBuilder, gradient: Value, settings: StepSettings): void {
  const vector = (name: string) => graph.input(name, gradient.shape);
  const state = {
    weights: vector(STEP_PORTS.weights),
    moment1: vector(STEP_PORTS.moment1),
    moment2: vector(STEP_PORTS.moment2),
  };
  const rates = {
    rate: graph.input(STEP_PORTS.rate, [1]),
    epsilon: graph.input(STEP_PORTS.epsilon, [1]),
  };
  const clipped = settings.clipNorm === undefined ? gradient : clipNorm(gradient, settings.clipNorm);
  const after = adam(state, withWeightDecay(clipped, state.weights, settings.weightDecay), rates);
  graph.output(STEP_PORTS.newWeights, after.weights);
  graph.output(STEP_PORTS.newMoment1, after.moment1);
  graph.output(STEP_PORTS.newMoment2, after.moment2);
}

/** Write the forward pass, up to the logits. */
function forwardPass(settings: StepSettings) {
  const graph = new GraphBuilder("training step");
  const features = graph.input(STEP_PORTS.features, [settings.batchSize, ...settings.featureShape]);
  const { norm, measured } = norms(settings.batchNorm);
  const { logits } = densenet121(features, settings.numLabels, firstTrained(settings.unfreeze), norm);
  const parameters = [...graph.build().parameters.values()];
  const parametersToTrain = parameters.filter(({ name }) => !STATISTIC.test(name));
  const isTracked = (name: string) => STATISTIC.test(name) && measured.has(name.replace(STATISTIC, ""));
  const layout: StepLayout = {
    trained: segments(parametersToTrain),
    running: segments(parameters.filter(({ name }) => isTracked(name))),
  };
  return { graph, logits, measured, parametersToTrain, layout };
}

/** The layout of a step's vectors without the step. It is the same for every batch size. */
export function stepLayout(settings: Omit<StepSettings, "batchSize">): StepLayout {
  return forwardPass({ ...settings, batchSize: 2 }).layout;
}

/** Write one training step. */
export function stepGraph(settings: StepSettings): StepGraph {
  const { graph, logits, measured, parametersToTrain, layout } = forwardPass(settings);
  const loss = lossOf(graph, logits, settings);
  graph.output(STEP_PORTS.loss, loss);
  const forward = graph.build();
  optimise(graph, gradientOf(graph, loss, parametersToTrain), settings);
  if (measured.size > 0) trackStatistics(graph, layout.running, measured);
  const lean = stepForSession(graph.build(), forward);
  return { graph: asInputs(lean, new Set(layout.trained.map(({ name }) => name))), ...layout };
}
