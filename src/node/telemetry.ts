/**
 * Keeps ONNX Runtime from reporting its use to its makers. Unless the environment forbids it, it stores a device
 * identifier in the home folder and looks up the host of a collector. Here it never does.
 *
 * Knows:      the environment of the process, and that Node's threads have copies of it.
 * Reference:  ONNX Runtime, docs/Privacy.md.
 */

import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { XrayError } from "../errors.ts";

const VARIABLE = "ORT_DISABLE_TELEMETRY";

/** Tells the threads of this process that its environment forbids the reports. */
const MARK = "medical-x: telemetry of ONNX Runtime is off";

/**
 * Switch the reports off for this process and everything that it starts. Must be called before ONNX Runtime is loaded.
 *
 * It has no effect in a worker thread, where `process.env` is a copy and ONNX Runtime reads the environment of the
 * process.
 */
export function switchTelemetryOff(): void {
  if (!isMainThread) return;
  process.env[VARIABLE] = "1";
  // Threads get a copy of this when they start, whatever environment they are given.
  setEnvironmentData(MARK, true);
}

/**
 * Check that the reports are off.
 *
 * @throws  XrayError `runtime/telemetry-on` in a worker thread if the main thread has not switched them off.
 */
export function checkTelemetryIsOff(): void {
  if (isMainThread || getEnvironmentData(MARK) === true) return;
  throw new XrayError(
    "runtime/telemetry-on",
    "ONNX Runtime would report its use from this worker thread, and only the main thread can switch that off: " +
      "import this package on the main thread before it starts the worker",
    {},
  );
}
