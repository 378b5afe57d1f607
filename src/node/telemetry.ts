/**
 * ONNX Runtime reports its use to its makers unless the environment says otherwise: it leaves an identifier of the device
 * in the home folder and looks up a collector's host. Here it never does.
 *
 * Knows:      the environment of the process, and that the threads of Node have copies of it.
 * Reference:  ONNX Runtime, docs/Privacy.md.
 */

import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { XrayError } from "../errors.ts";

const VARIABLE = "ORT_DISABLE_TELEMETRY";

/** Tells the threads of this process that its environment says it. */
const MARK = "medical-x: telemetry of ONNX Runtime is off";

/**
 * Switch the reports off for this process and all that it starts. To be called before ONNX Runtime is loaded.
 *
 * It has no effect in a worker thread: `process.env` there is a copy, and ONNX Runtime reads that of the process.
 */
export function switchTelemetryOff(): void {
  if (!isMainThread) return;
  process.env[VARIABLE] = "1";
  // Threads get a copy of this when they start, whatever environment they are given.
  setEnvironmentData(MARK, true);
}

/**
 * Make sure that the reports are off.
 *
 * @throws  XrayError `runtime/telemetry-on` in a worker thread of a process whose main thread has not switched them off.
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
