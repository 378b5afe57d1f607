/**
 * The interface of what runs a graph, since there is more than one runtime.
 *
 * Pipeline:   architecture → graph → ONNX model → **session**
 * Knows:      tensors. Which runtime it is, and where it runs, is up to the adapters `node/session.ts` and
 *             `browser/session.ts`.
 */

import { ofDType, type Tensor } from "../tensor.ts";
import type { OnnxModel } from "./onnx/model.ts";

/** Where and how a session runs. */
export interface SessionOptions {
  /** An execution provider of ONNX Runtime: `cpu` (default), `webgpu`, `cuda`, `dml`, `coreml`, … */
  readonly device?: string;
  /** Threads within an op. Defaults to ONNX Runtime's choice, the number of physical cores. */
  readonly threads?: number;
  /**
   * `throughput` lets ONNX Runtime fuse ops and lay out convolutions for its fastest kernels, which adds a tenth of a
   * second to the start; `startup` runs the graph as it is. Results agree to float32 rounding.
   */
  readonly optimise?: "throughput" | "startup";
  /**
   * `planned` lays out all tensors of a run in one block, from the second run on. `pooled` takes each tensor from a
   * pool and needs no block beside the pool of the first run, which halves the memory of large runs.
   */
  readonly memory?: "planned" | "pooled";
  /** Prefix of a file to write a profile of every op to. */
  readonly profile?: string;
}

/** A graph that can be run. Runs of one session must not overlap. */
export interface Session {
  readonly outputNames: readonly string[];
  /**
   * Run once. Inputs are not modified.
   *
   * @param feeds    Tensors by the names of the model's inputs, with the inputs' dtypes.
   * @param outputs  Names of the wanted outputs; all by default.
   * @param into     Memory by output name to write outputs to, instead of new memory. It must not overlap an input's.
   * @returns        Outputs by name, with the dtypes that the model gives them.
   * @throws         XrayError `runtime/unsupported-dtype` if the runtime's tensors cannot hold a dtype.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[],
    into?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/**
 * Run a model once whose outputs are all float32.
 *
 * @throws  XrayError `tensor/wrong-dtype` if one of them is not, and whatever `run` throws.
 */
export async function runFloat32(
  session: Session,
  ...run: Parameters<Session["run"]>
): Promise<Record<string, Tensor<"float32">>> {
  const results = await session.run(...run);
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      ofDType(tensor, "float32", `the output "${name}"`),
    ]),
  );
}

/**
 * Starts a session.
 *
 * @param model  Bytes of an ONNX model, or a model with its weights elsewhere in memory. The caller may drop all of it
 *               once this returns.
 * @throws       XrayError `runtime/unknown-device`, `runtime/no-session`.
 */
export type SessionFactory = (model: Uint8Array | OnnxModel, options?: SessionOptions) => Promise<Session>;
