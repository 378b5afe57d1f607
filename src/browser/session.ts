/**
 * From ONNX bytes to a running session in a browser. The only import of onnxruntime-web.
 *
 * Pipeline:   architecture → graph → ONNX bytes → **session**
 * Knows:      ONNX Runtime and a browser's devices. Not models or images.
 *
 * ONNX Runtime comes in two builds, with WebGPU and a smaller one without. Only the build that is needed is fetched.
 */

import type * as Ort from "onnxruntime-common";
import { fromNative, toNative } from "../engine/native-tensor.ts";
import { XrayError } from "../errors.ts";
import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import { bytesOf, type Tensor } from "../tensor.ts";
import type { Places } from "./places.ts";

/** Where a network runs: on the graphics card, or on the processor as WebAssembly. */
export type BrowserDevice = "webgpu" | "wasm";

/** What the sessions of a page run on. */
export interface Runtime {
  readonly createSession: SessionFactory;
  readonly device: BrowserDevice;
  /** Threads of the processor; with WebGPU this is 1, and the graphics card has its own. */
  readonly threads: number;
}

/** Options for a runtime. */
export interface RuntimeOptions {
  /** `webgpu`, or `wasm` (also called `cpu`). By default, WebGPU if there is an adapter for it. */
  readonly device?: string;
  /** Threads of WebAssembly; by default one per logical processor, at most 8. */
  readonly threads?: number;
}

/** With more threads than this, each has too little work. */
const MOST_THREADS = 8;

/** The small part of WebGPU that is needed here. TypeScript's library lacks it. */
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
  // Otherwise they would be looked for beside whatever script ONNX Runtime takes for its own.
  ort.env.wasm.wasmPaths = { mjs: places(`${build}.mjs`), wasm: places(`${build}.wasm`) };
  return ort;
}

function webOptions({ optimise = "throughput", memory = "planned" }: SessionOptions, device: BrowserDevice) {
  return {
    executionProviders: [device],
    enableMemPattern: memory === "planned",
    graphOptimizationLevel: optimise === "throughput" ? "all" : "disabled",
    // Its warnings mean nothing to users, and its errors are thrown.
    logSeverityLevel: 4,
  } as const;
}

/** Copy a result into the memory that was provided for it. */
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
 * Choose a device and load ONNX Runtime for it. Once per thread, since the number of threads is fixed from then on.
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
