/**
 * What runs a graph: an interface, for there is more than one runtime.
 *
 * Pipeline:   architecture → graph → ONNX model → **session**
 * Knows:      tensors. Which runtime it is, and where that runs, is an adapter's: `node/session.ts`, `browser/session.ts`.
 */

import { ofDType, type Tensor } from "../tensor.ts";
import type { OnnxModel } from "./onnx/model.ts";

/** Where and how a session runs. */
export interface SessionOptions {
  /** An execution provider of ONNX Runtime: `cpu` (default), `webgpu`, `cuda`, `dml`, `coreml`, … */
  readonly device?: string;
  /** Threads within an op; ONNX Runtime's choice (the physical cores) unless given. */
  readonly threads?: number;
  /**
   * `throughput` lets ONNX Runtime fuse ops and lay out convolutions for its fastest kernels, which takes a tenth of
   * a second more to start; `startup` runs the graph as it is. Results agree to float32 rounding.
   */
  readonly optimise?: "throughput" | "startup";
  /**
   * `planned` lays all of a run's tensors out in one block, from its second run on; `pooled` takes each from a pool, and
   * so needs no block beside the pool of the first run: half the memory, where a run is large.
   */
  readonly memory?: "planned" | "pooled";
  /** Write a profile of every op to a file with this prefix. */
  readonly profile?: string;
}

/** A graph that can be run. Runs of one session must not overlap. */
export interface Session {
  readonly outputNames: readonly string[];
  /**
   * Run once. Inputs are not modified.
   *
   * @param feeds    Tensors by the names of the model's inputs, of their dtypes.
   * @param outputs  Names of the wanted outputs; all unless given.
   * @param into     Memory that outputs are written to, by name, instead of new memory; no input's.
   * @returns        Outputs by name, of the dtypes that the model has for them.
   * @throws         XrayError `runtime/unsupported-dtype` where the runtime's tensors cannot hold one of a dtype.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[],
    into?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/**
 * Run once a model whose outputs are all float32.
 *
 * @throws  XrayError `tensor/wrong-dtype` where one is not, and as `run`.
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
 * @param model  Bytes of an ONNX model, or a model with its weights elsewhere in memory. All of it may be dropped
 *               once this returns.
 * @throws       XrayError `runtime/unknown-device`, `runtime/no-session`.
 */
export type SessionFactory = (model: Uint8Array | OnnxModel, options?: SessionOptions) => Promise<Session>;
