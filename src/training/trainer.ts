/**
 * The trained part of the network and its optimiser, one step at a time.
 *
 * Pipeline:   batches → **step** → loss, and new weights for the next one
 * Knows:      step graphs and sessions. Not files, epochs or images.
 *
 * Weights and moments exist twice: a step reads one copy and writes the other. So an interrupted step leaves the
 * previous state intact.
 */

import { XrayError } from "../errors.ts";
import { adamRates } from "../graph/gradient/adam.ts";
import { onnxModel } from "../graph/onnx/model.ts";
import { runFloat32, type Session, type SessionFactory, type SessionOptions } from "../graph/session.ts";
import { float32, ofDType, type Tensor } from "../tensor.ts";
import {
  type Segment,
  STEP_PORTS,
  type StepLayout,
  type StepSettings,
  stepGraph,
  stepLayout,
} from "./step-graph.ts";

/** Examples for one step. */
export interface Batch {
  readonly size: number;
  /** [size, …featureShape] */
  readonly features: Float32Array;
  /** [size, labels]: 1, 0, or NaN if unknown. */
  readonly labels: Float32Array;
}

/** Everything that a step reads and writes: vectors in the layout of `StepLayout`. */
export interface Vectors {
  readonly weights: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
  readonly running: Float32Array;
}

const FIELDS = ["weights", "moment1", "moment2", "running"] as const satisfies readonly (keyof Vectors)[];

const lengthOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { length }) => sum + length, 0);

function emptyVectors(weights: number, running: number): Vectors {
  return {
    weights: new Float32Array(weights),
    moment1: new Float32Array(weights),
    moment2: new Float32Array(weights),
    running: new Float32Array(running),
  };
}

/** Labels in the form that the loss takes: targets without NaN, and which of them are known. */
function splitLabels(labels: Float32Array): { targets: Float32Array; known: Float32Array; count: number } {
  const known = Float32Array.from(labels, (label) => (Number.isNaN(label) ? 0 : 1));
  const targets = Float32Array.from(labels, (label) => (Number.isNaN(label) ? 0 : label));
  return { targets, known, count: known.reduce((sum, one) => sum + one, 0) };
}

/** The result of a step. */
export interface StepResult {
  /** Mean over the known labels. */
  readonly loss: number;
  /** Number of known labels. If 0, no step was done. */
  readonly known: number;
}

/** Trains one network. */
export class Trainer {
  readonly #settings: Omit<StepSettings, "batchSize">;
  readonly #createSession: SessionFactory;
  readonly #options: SessionOptions;
  readonly #frozen: ReadonlyMap<string, Tensor>;
  readonly #layout: StepLayout;
  readonly #sessions = new Map<number, Promise<Session>>();
  #now: Vectors;
  #next: Vectors;
  #steps = 0;

  /**
   * @param tensors  All tensors of the network by name: initial values of the trained ones, and the frozen ones. Not
   *                 modified.
   */
  constructor(
    settings: Omit<StepSettings, "batchSize">,
    tensors: ReadonlyMap<string, Tensor>,
    createSession: SessionFactory,
    options: SessionOptions = {},
  ) {
    this.#settings = settings;
    this.#createSession = createSession;
    this.#options = { ...options, memory: "pooled" };
    this.#frozen = tensors;
    this.#layout = stepLayout(settings);
    const { trained, running } = this.#layout;
    this.#now = emptyVectors(lengthOf(trained), lengthOf(running));
    this.#next = emptyVectors(lengthOf(trained), lengthOf(running));
    const dataOf = (name: string) => ofDType(tensors.get(name)!, "float32", `"${name}"`).data;
    for (const { name, start } of trained) this.#now.weights.set(dataOf(name), start);
    for (const { name, start } of running) this.#now.running.set(dataOf(name), start);
  }

  /** Number of steps done so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Number of trained parameters, counting each element. */
  get trainedCount(): number {
    return this.#now.weights.length;
  }

  /** Names of the trained parameters. */
  get trainedNames(): readonly string[] {
    return this.#layout.trained.map(({ name }) => name);
  }

  /** The current vectors. These are views, which the next step but one overwrites. */
  get vectors(): Vectors {
    return this.#now;
  }

  /**
   * Continue from vectors that were saved after `steps` steps.
   *
   * @throws  XrayError `training/bad-state` if they belong to another network.
   */
  restore(vectors: Vectors, steps: number): void {
    for (const field of FIELDS) {
      const [actual, expected] = [vectors[field].length, this.#now[field].length];
      if (actual === expected) continue;
      throw new XrayError(
        "training/bad-state",
        `it has ${actual} ${field}, but this run has ${expected}: it is the state of another run; resume the run in its own folder`,
        { field, actual, expected },
      );
    }
    for (const field of FIELDS) this.#now[field].set(vectors[field]);
    this.#steps = steps;
  }

  /** All current tensors of the network. Trained ones are copies; frozen ones are those that were given. */
  tensors(): Map<string, Tensor> {
    const tensors = new Map(this.#frozen);
    const put = (segments: readonly Segment[], vector: Float32Array) => {
      for (const { name, shape, start, length } of segments)
        tensors.set(name, float32(shape, vector.slice(start, start + length)));
    };
    put(this.#layout.trained, this.#now.weights);
    put(this.#layout.running, this.#now.running);
    for (const { name } of this.#layout.running) {
      // Each norm counts the batches that its statistics have seen, as in PyTorch.
      const counter = name.replace(/running_(mean|var)$/, "num_batches_tracked");
      const before = this.#frozen.get(counter);
      const seen = before === undefined ? 0n : ofDType(before, "int64", `"${counter}"`).data[0]!;
      const count = seen + BigInt(this.#steps);
      tensors.set(counter, { dtype: "int64", shape: [], data: BigInt64Array.of(count) });
    }
    return tensors;
  }

  #session(batchSize: number): Promise<Session> {
    const known = this.#sessions.get(batchSize);
    if (known !== undefined) return known;
    const { graph } = stepGraph({ ...this.#settings, batchSize });
    const started = this.#createSession(onnxModel(graph, this.#frozen), this.#options);
    this.#sessions.set(batchSize, started);
    // A session that failed to start is tried again, and needs no release.
    started.catch(() => this.#sessions.delete(batchSize));
    return started;
  }

  /** Start the session that steps of this size need. */
  async prepare(batchSize: number): Promise<void> {
    await this.#session(batchSize);
  }

  #feeds({ size, features }: Batch, learningRate: number): Record<string, Tensor<"float32">> {
    const { rate, epsilon } = adamRates(this.#steps + 1, learningRate);
    const { weights, moment1, moment2, running } = this.#now;
    const scalar = (number: number) => float32([1], Float32Array.of(number));
    const vector = (data: Float32Array) => float32([data.length], data);
    return {
      [STEP_PORTS.features]: float32([size, ...this.#settings.featureShape], features),
      [STEP_PORTS.rate]: scalar(rate),
      [STEP_PORTS.epsilon]: scalar(epsilon),
      [STEP_PORTS.weights]: vector(weights),
      [STEP_PORTS.moment1]: vector(moment1),
      [STEP_PORTS.moment2]: vector(moment2),
      ...(running.length === 0 ? {} : { [STEP_PORTS.running]: vector(running) }),
      ...Object.fromEntries(
        this.#layout.trained.map(({ name, shape, start, length }) => [
          name,
          float32(shape, weights.subarray(start, start + length)),
        ]),
      ),
    };
  }

  /** Memory of the next vectors, for the session to write to. */
  #targets(): Record<string, Tensor<"float32">> {
    const { weights, moment1, moment2, running } = this.#next;
    const vector = (data: Float32Array) => float32([data.length], data);
    return {
      [STEP_PORTS.newWeights]: vector(weights),
      [STEP_PORTS.newMoment1]: vector(moment1),
      [STEP_PORTS.newMoment2]: vector(moment2),
      ...(running.length === 0 ? {} : { [STEP_PORTS.newRunning]: vector(running) }),
    };
  }

  /**
   * Do one step of Adam. A batch without known labels changes nothing.
   *
   * @returns  The loss before the step.
   */
  async step(batch: Batch, learningRate: number): Promise<StepResult> {
    const { targets, known, count } = splitLabels(batch.labels);
    if (count === 0) return { loss: 0, known: 0 };
    const session = await this.#session(batch.size);
    const labels = [batch.size, this.#settings.numLabels];
    const feeds = {
      ...this.#feeds(batch, learningRate),
      [STEP_PORTS.targets]: float32(labels, targets),
      [STEP_PORTS.known]: float32(labels, known),
    };
    const results = await runFloat32(session, feeds, session.outputNames, this.#targets());
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#steps += 1;
    return { loss: results[STEP_PORTS.loss]!.data[0]!, known: count };
  }

  /** Whether all weights are finite. If not, the learning rate may have been too high. */
  get isFinite(): boolean {
    return this.#now.weights.every(Number.isFinite);
  }

  async release(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) if (session.status === "fulfilled") await session.value.release();
  }
}
