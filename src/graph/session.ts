/**
 * What runs a graph: an interface, for there is more than one runtime.
 *
 * Pipeline:   architecture → graph → ONNX model → **session**
 * Knows:      tensors. Which runtime it is, and where that runs, is an adapter's: `node/session.ts`, `browser/session.ts`.
 */

import type { Tensor } from "../tensor.ts";
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
   * Run once. Tensors are float32; inputs are not modified.
   *
   * @param into  Memory that outputs are written to, by name, instead of new memory; no input's.
   */
  run(
    feeds: Readonly<Record<string, Tensor<"float32">>>,
    outputs?: readonly string[],
    into?: Readonly<Record<string, Tensor<"float32">>>,
  ): Promise<Record<string, Tensor<"float32">>>;
  release(): Promise<void>;
}

/**
 * Starts a session.
 *
 * @param model  Bytes of an ONNX model, or a model with its weights elsewhere in memory. All of it may be dropped
 *               once this returns.
 * @throws       XrayError `runtime/unknown-device`, `runtime/no-session`.
 */
export type SessionFactory = (model: Uint8Array | OnnxModel, options?: SessionOptions) => Promise<Session>;
