/**
 * From images to the features that training starts from: images are prepared, then run through the frozen front.
 *
 * Pipeline:   files → prepared images → **frozen front → features** → training
 * Knows:      an image preparer and sessions. Not labels or epochs.
 */

import { asXrayError, XrayError } from "../errors.ts";
import { onnxModel } from "../graph/onnx/model.ts";
import { runFloat32, type Session, type SessionFactory, type SessionOptions } from "../graph/session.ts";
import { inputSizeOf, type Preparation } from "../image/preparation.ts";
import { type PreparedImage, shownView } from "../image/prepare.ts";
import { float32, sizeOf, type Tensor } from "../tensor.ts";
import { FRONT_PORTS, featureShape, frontGraph, type Unfreeze } from "../training/suffix.ts";
import type { ImagePreparer, ImageRequest } from "./ports.ts";

/** Images per run of the front. */
const FRONT_BATCH = 16;

/** An image's features, or the reason why there are none. */
export type FrontResult = Float32Array | XrayError;

/** What a front consists of. */
export interface FrontParts {
  readonly unfreeze: Unfreeze;
  readonly inChannels: number;
  readonly preparation: Preparation;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What a front runs on. */
export interface FrontMachine {
  /** The front owns it: it sets its preparation and closes it. */
  readonly preparer: ImagePreparer;
  readonly createSession: SessionFactory;
}

/** Computes features. */
export class Front {
  readonly shape: readonly number[];
  readonly #preparer: ImagePreparer;
  readonly #input: readonly number[];
  readonly #session: Session | undefined;

  private constructor(
    shape: readonly number[],
    input: readonly number[],
    preparer: ImagePreparer,
    session: Session | undefined,
  ) {
    this.shape = shape;
    this.#input = input;
    this.#preparer = preparer;
    this.#session = session;
  }

  /** Start the front's session. If the whole network is trained, there is none. */
  static async start(parts: FrontParts, machine: FrontMachine, options: SessionOptions): Promise<Front> {
    const { unfreeze, inChannels, preparation } = parts;
    const input = { inChannels, ...inputSizeOf(preparation) };
    const { preparer, createSession } = machine;
    let session: Session | undefined;
    try {
      preparer.usePreparation(preparation);
      if (unfreeze !== "all")
        session = await createSession(onnxModel(frontGraph(unfreeze, input), parts.tensors), options);
    } catch (error) {
      await preparer.close();
      throw error;
    }
    return new Front(
      featureShape(unfreeze, input),
      [inChannels, input.height, input.width],
      preparer,
      session,
    );
  }

  /**
   * Features of some images, in order; with ten-crop, of their centre crops. An image that cannot be read yields an error in
   * its place.
   *
   * @param onNotes  Called for each image that was read, with its position and the notes about it.
   */
  async features(
    images: readonly ImageRequest[],
    onNotes: (at: number, notes: readonly string[]) => void,
  ): Promise<FrontResult[]> {
    const prepared = await Promise.all(images.map((image) => this.#prepare(image)));
    for (const [at, item] of prepared.entries()) if (!(item instanceof XrayError)) onNotes(at, item.notes);
    const results: FrontResult[] = prepared.map((item) =>
      item instanceof XrayError ? item : shownView(item),
    );
    const session = this.#session;
    if (session === undefined) return results;
    const there = results.flatMap((input, at) => (input instanceof XrayError ? [] : [{ at, input }]));
    for (let from = 0; from < there.length; from += FRONT_BATCH) {
      const batch = there.slice(from, from + FRONT_BATCH);
      const rows = await this.#run(
        session,
        batch.map(({ input }) => input),
      );
      for (const [i, { at }] of batch.entries()) results[at] = rows[i]!;
    }
    return results;
  }

  #prepare(image: ImageRequest): Promise<PreparedImage | XrayError> {
    return this.#preparer.prepare(image).catch(asXrayError);
  }

  async #run(session: Session, inputs: readonly Float32Array[]): Promise<Float32Array[]> {
    const size = sizeOf(this.#input);
    const data = new Float32Array(inputs.length * size);
    for (const [i, input] of inputs.entries()) data.set(input, i * size);
    const feeds = { [FRONT_PORTS.image]: float32([inputs.length, ...this.#input], data) };
    const { [FRONT_PORTS.features]: features } = await runFloat32(session, feeds);
    const length = sizeOf(this.shape);
    return inputs.map((_, i) => features!.data.subarray(i * length, (i + 1) * length));
  }

  async close(): Promise<void> {
    try {
      await this.#session?.release();
    } finally {
      await this.#preparer.close();
    }
  }
}
