/**
 * From ONNX bytes to a running session. The only import of onnxruntime-node.
 *
 * Pipeline:   architecture → graph → ONNX bytes → **session**
 * Knows:      ONNX Runtime and its devices. Not models or images.
 */

import { createRequire } from "node:module";
import type { InferenceSession } from "onnxruntime-common";
import { fromNative, toNative } from "../engine/native-tensor.ts";
import { startRuntime } from "../engine/warm-up.ts";
import { XrayError } from "../errors.ts";
import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import type { Tensor } from "../tensor.ts";
import { checkTelemetryIsOff, switchTelemetryOff } from "./telemetry.ts";

switchTelemetryOff();

// The CommonJS build loads in a fraction of the time of its ESM wrapper in Node.
type Ort = typeof import("onnxruntime-common") & { listSupportedBackends(): { name: string }[] };
const require = createRequire(import.meta.url);
let loaded: Ort | undefined;

function ort(): Ort {
  if (loaded !== undefined) return loaded;
  checkTelemetryIsOff();
  loaded = require("onnxruntime-node") as Ort;
  return loaded;
}

/** Names of the devices that this build of ONNX Runtime supports. */
export function supportedDevices(): string[] {
  return ort()
    .listSupportedBackends()
    .map(({ name }) => name);
}

/** Load and initialise ONNX Runtime ahead of time, while a model's file is being read. */
export const warmUp = (): Promise<void> => startRuntime(createSession);

function checkDevice(device: string): void {
  const devices = supportedDevices();
  if (devices.includes(device)) return;
  throw new XrayError(
    "runtime/unknown-device",
    `the device "${device}" is not part of this installation of ONNX Runtime; choose one of ${devices.join(", ")}`,
    { device, devices },
  );
}

function nativeOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const { device = "cpu", threads, optimise = "throughput", memory = "planned", profile } = options;
  return {
    executionProviders: [device],
    enableMemPattern: memory === "planned",
    graphOptimizationLevel: optimise === "throughput" ? "all" : "disabled",
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    // Otherwise threads of a session that has just run keep the cores busy while the next session runs.
    extra: { session: { force_spinning_stop: "1" } },
    // Its warnings mean nothing to users, and its errors are thrown.
    logSeverityLevel: 4,
  };
}

/** The same elements as a tensor of ONNX Runtime, without a copy. */
function native(tensor: Tensor) {
  const made = toNative(tensor, (type, data, dims) => new (ort().Tensor)(type, data, dims));
  // Where there is a Float16Array (Node 24), Tensor makes one of the bits, which the native binding cannot read.
  if (tensor.dtype === "float16") Object.defineProperty(made, "data", { value: tensor.data });
  return made;
}

/** Starts a session in this process. */
export const createSession: SessionFactory = async (model, options = {}) => {
  const { device = "cpu" } = options;
  checkDevice(device);
  const { InferenceSession } = ort();
  let session: InferenceSession;
  try {
    session =
      model instanceof Uint8Array
        ? await InferenceSession.create(model, nativeOptions(options))
        : await InferenceSession.create(model.bytes, {
            ...nativeOptions(options),
            externalData: [...model.buffers].map(([path, data]) => ({ path, data })),
          });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new XrayError(
      "runtime/no-session",
      `ONNX Runtime could not start on "${device}": ${message}${device === "cpu" ? "" : '; try the device "cpu"'}`,
      { device },
      error,
    );
  }
  return {
    outputNames: session.outputNames,
    async run(feeds, outputs = session.outputNames, into = {}) {
      const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, native(feed)]));
      const fetches = Object.fromEntries(
        outputs.map((name) => [name, into[name] === undefined ? null : native(into[name])]),
      );
      const results = await session.run(inputs, fetches);
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromNative(value)]));
    },
    release: () => session.release(),
  };
};
