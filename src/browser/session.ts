/**
 * ONNX bytes to a running session in a browser. The only import of onnxruntime-web.
 *
 * Pipeline:   architecture → graph → ONNX bytes → **session**
 * Knows:      ONNX Runtime and a browser's devices. Not models or images.
 *
 * There are two builds of ONNX Runtime, of which the one that is needed is fetched: with WebGPU, and the smaller one without.
 */

import type * as Ort from "onnxruntime-common";
import { fromNative, toNative } from "../engine/native-tensor.ts";
import { XrayError } from "../errors.ts";
import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import { bytesOf, type Tensor } from "../tensor.ts";
import type { Places } from "./places.ts";

/** Where a network runs: on the graphics card, or on the processor as WebAssembly. */
export type BrowserDevice = "webgpu" | "wasm";

/** What sessions of a page run on. */
export interface Runtime {
  readonly createSession: SessionFactory;
  readonly device: BrowserDevice;
  /** Of the processor; 1 and what the graphics card has, with WebGPU. */
  readonly threads: number;
}

/** What is asked of a runtime. */
export interface RuntimeOptions {
  /** `webgpu`, or `wasm` (also called `cpu`); WebGPU where there is an adapter for it, unless given. */
  readonly device?: string;
  /** Of WebAssembly; as many as there are logical processors, at most 8, unless given. */
  readonly threads?: number;
}

/** More threads share too little work. */
const MOST_THREADS = 8;

/** The little of WebGPU that is asked here: TypeScript's library does not have it. */
interface NavigatorWithGpu {
  readonly gpu?: { requestAdapter(): Promise<unknown> };
}

async function hasAdapter(): Promise<boolean> {
  try {
    const { gpu } = globalThis.navigator as NavigatorWithGpu;
    return ((await gpu?.requestAdapter()) ?? null) !== null;
  } catch {
    return false;
  }
}

/** @throws  XrayError `runtime/unknown-device`. */
async function chooseDevice(wanted: string | undefined): Promise<BrowserDevice> {
  if (wanted === "wasm" || wanted === "cpu") return "wasm";
  if (wanted === undefined) return (await hasAdapter()) ? "webgpu" : "wasm";
  if (wanted === "webgpu" && (await hasAdapter())) return "webgpu";
  const reason =
    wanted === "webgpu" ? "this browser has no adapter for it; choose wasm" : "choose webgpu or wasm";
  throw new XrayError("runtime/unknown-device", `the device "${wanted}" cannot be used: ${reason}`, {
    device: wanted,
    devices: ["webgpu", "wasm"],
  });
}

async function loadOrt(device: BrowserDevice, places: Places): Promise<typeof Ort> {
  const build = device === "webgpu" ? "ort-wasm-simd-threaded.asyncify" : "ort-wasm-simd-threaded";
  const ort: typeof Ort =
    device === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
  // Else they would be looked for beside whatever script ONNX Runtime takes for its own.
  ort.env.wasm.wasmPaths = { mjs: places(`${build}.mjs`), wasm: places(`${build}.wasm`) };
  return ort;
}

function webOptions({ optimise = "throughput", memory = "planned" }: SessionOptions, device: BrowserDevice) {
  return {
    executionProviders: [device],
    enableMemPattern: memory === "planned",
    graphOptimizationLevel: optimise === "throughput" ? "all" : "disabled",
    // Only errors: warnings of the runtime mean nothing to a reader of predictions.
    logSeverityLevel: 3,
  } as const;
}

/** Copy a result to where it is wanted. */
function deliver(value: Ort.Tensor, into: Tensor | undefined): Tensor {
  const result = fromNative(value);
  if (into === undefined) return result;
  bytesOf(into.data).set(bytesOf(result.data));
  return into;
}

function sessionFactory(ort: typeof Ort, device: BrowserDevice): SessionFactory {
  return async (model, options = {}) => {
    let session: Ort.InferenceSession;
    try {
      session =
        model instanceof Uint8Array
          ? await ort.InferenceSession.create(model, webOptions(options, device))
          : await ort.InferenceSession.create(model.bytes, {
              ...webOptions(options, device),
              // Copied from here to the runtime's memory, tensor by tensor.
              externalData: [...model.buffers].map(([path, data]) => ({ path, data })),
            });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const wayOn = device === "webgpu" ? '; try the device "wasm"' : "";
      throw new XrayError(
        "runtime/no-session",
        `ONNX Runtime could not start on "${device}": ${message}${wayOn}`,
        { device },
        error,
      );
    }
    return {
      outputNames: session.outputNames,
      async run(feeds, outputs = session.outputNames, into = {}) {
        const inputs = Object.fromEntries(
          Object.entries(feeds).map(([name, feed]) => [
            name,
            toNative(feed, (type, data, dims) => new ort.Tensor(type, data, dims)),
          ]),
        );
        const results = await session.run(inputs, outputs);
        return Object.fromEntries(
          Object.entries(results).map(([name, value]) => [name, deliver(value, into[name])]),
        );
      },
      release: () => session.release(),
    };
  };
}

/**
 * Choose a device and load ONNX Runtime for it. Once for a thread: its number of threads holds from then on.
 *
 * @throws  XrayError `runtime/unknown-device`.
 */
export async function openRuntime(options: RuntimeOptions, places: Places): Promise<Runtime> {
  const device = await chooseDevice(options.device);
  const ort = await loadOrt(device, places);
  const available = Math.min(globalThis.navigator.hardwareConcurrency ?? 1, MOST_THREADS);
  const threads = device === "webgpu" ? 1 : (options.threads ?? available);
  ort.env.wasm.numThreads = threads;
  return { createSession: sessionFactory(ort, device), device, threads };
}
