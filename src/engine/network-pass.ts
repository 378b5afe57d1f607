/**
 * The forward pass of a network that is run and not understood: what goes in and comes out is checked and converted.
 *
 * Pipeline:   images → **pieces of the batch that the network takes → session → logits and probabilities** → predictions
 * Knows:      sessions, activations. Not what the network is.
 */

import { XrayError } from "../errors.ts";
import type { Session, SessionFactory, SessionOptions } from "../graph/session.ts";
import type { Activation } from "../models/activation.ts";
import { PORTS } from "../models/compile.ts";
import type { LoadedNetwork } from "../models/network/network.ts";
import { float32, showShape, sizeOf, type Tensor, toFloat16, toFloat32 } from "../tensor.ts";
import type { Forward, ForwardResults } from "./forward-pass.ts";

/** Probabilities closer to 0 or 1 than float32 can tell 1 from its neighbour have no logit of their own. */
const SMALLEST = 2 ** -24;

/** How far outside 0 to 1 rounding may take a probability: a float16 softmax is off by up to a thousandth. */
const SLACK = 1e-3;

const clamped = (p: number, low: number, high: number): number => Math.min(Math.max(p, low), high);

/** The logit of a probability; NaN if it is none. */
function logitOf(p: number): number {
  if (!(p >= -SLACK && p <= 1 + SLACK)) return Number.NaN;
  const inside = clamped(p, SMALLEST, 1 - SMALLEST);
  return Math.log(inside / (1 - inside));
}

/** The probabilities of one image's outputs, written into `into`. */
const PROBABILITIES: { readonly [A in Activation]: (outputs: Float32Array, into: Float32Array) => void } = {
  sigmoid: (outputs, into) => into.set(outputs.map((z) => 1 / (1 + Math.exp(-z)))),
  softmax: (outputs, into) => {
    const largest = Math.max(...outputs);
    const powers = Array.from(outputs, (z) => Math.exp(z - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    into.set(powers.map((power) => power / sum));
  },
  none: (outputs, into) => into.set(outputs.map((p) => clamped(p, 0, 1))),
};

/** The first lines of a runtime's message, without places in its own source. */
function runtimeWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replaceAll(/\S*onnxruntime\S*\.(?:cc|h):\d+ (?:\S+ )?onnxruntime::.*?\)(?: const)? /gs, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

const notRunnable = (what: string, error: unknown): XrayError =>
  new XrayError(
    "onnx/not-runnable",
    `ONNX Runtime ${what}: ${runtimeWords(error)}; check the file with onnx.checker, or export it again for opset 17`,
    {},
    error,
  );

/** Runs a network. */
class NetworkPass implements Forward {
  readonly #session: Session;
  readonly #model: LoadedNetwork;

  constructor(session: Session, model: LoadedNetwork) {
    this.#session = session;
    this.#model = model;
  }

  async run(image: Tensor<"float32">): Promise<ForwardResults> {
    const { card, numLabels, outputs } = this.#model;
    const images = image.shape[0]!;
    const raw = await this.#outputs(image);
    const width = raw.length / images;
    const logits = new Float32Array(images * numLabels);
    const probabilities = new Float32Array(images * numLabels);
    for (let row = 0; row < images; row++) {
      const all = raw.subarray(row * width, (row + 1) * width);
      const kept = Float32Array.from(outputs, (at) => all[at]!);
      const [from, to] = [row * numLabels, (row + 1) * numLabels];
      logits.set(card.activation === "none" ? kept.map(logitOf) : kept, from);
      PROBABILITIES[card.activation](kept, probabilities.subarray(from, to));
    }
    const shape = [images, numLabels];
    return { [PORTS.logits]: float32(shape, logits), [PORTS.probabilities]: float32(shape, probabilities) };
  }

  async logits(image: Tensor<"float32">): Promise<Tensor<"float32">> {
    return (await this.run(image))[PORTS.logits]!;
  }

  faultOf({ [PORTS.logits]: logits }: ForwardResults, row: number): XrayError | undefined {
    const { card, numLabels } = this.#model;
    const own = logits!.data.subarray(row * numLabels, (row + 1) * numLabels);
    const at = own.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return undefined;
    const what =
      card.activation === "none"
        ? "is no probability, although its card names no activation; name sigmoid or softmax, or check the network"
        : "is not a finite number; check the network, and that its preparation is the one that it was trained with";
    const label = card.labels[at]!;
    return new XrayError("onnx/bad-output", `the network's output for ${label} ${what}`, { label });
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** The outputs of all images, row by row, in pieces as large as the network takes. */
  async #outputs(image: Tensor<"float32">): Promise<Float32Array> {
    const [images, ...one] = image.shape as [number, ...number[]];
    const { batch = images } = this.#model.network;
    if (batch === images) return this.#once(image);
    const size = sizeOf(one);
    const rows: Float32Array[] = [];
    for (let from = 0; from < images; from += batch) {
      const part = Math.min(batch, images - from);
      // What is missing in the last piece is zeros, whose outputs are dropped.
      const piece = new Float32Array(batch * size);
      piece.set(image.data.subarray(from * size, (from + part) * size));
      const found = await this.#once(float32([batch, ...one], piece));
      rows.push(found.subarray(0, (found.length / batch) * part));
    }
    const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const row of rows) {
      all.set(row, at);
      at += row.length;
    }
    return all;
  }

  async #once(image: Tensor<"float32">): Promise<Float32Array> {
    const { input, output, width } = this.#model.network;
    const feed = input.dtype === "float16" ? toFloat16(image) : image;
    let found: Tensor;
    try {
      found = (await this.#session.run({ [input.name]: feed }, [output.name]))[output.name]!;
    } catch (error) {
      throw notRunnable(
        `cannot run this network on ${image.shape[0] === 1 ? "an image" : `${image.shape[0]} images at once`}`,
        error,
      );
    }
    const [rows, numbers, ...more] = found.shape;
    if (rows === image.shape[0] && more.length === 0 && numbers === width) return toFloat32(found).data;
    throw new XrayError(
      "onnx/bad-output",
      `the network gives ${showShape(found.shape)} for ${image.shape[0]} images, where [${image.shape[0]},${width}] is needed; ` +
        "correct the labels in its card, or export it with a batch of 1",
      { actual: found.shape },
    );
  }
}

/**
 * Start a network.
 *
 * @throws  XrayError `onnx/not-runnable`, `runtime/unknown-device`.
 */
export async function openNetwork(
  model: LoadedNetwork,
  createSession: SessionFactory,
  options: SessionOptions,
): Promise<Forward> {
  try {
    return new NetworkPass(await createSession(model.network.bytes, options), model);
  } catch (error) {
    if (!(error instanceof XrayError) || error.code !== "runtime/no-session") throw error;
    throw notRunnable("cannot run this network", error.cause);
  }
}
