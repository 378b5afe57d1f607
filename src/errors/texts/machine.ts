/**
 * Errors of downloads, devices, threads and browsers: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const MACHINE = {
  title: "Downloads, devices, threads and browsers",
  errors: {
    "download/bad-url": {
      cause: "The address is not one of http or https.",
      wayOn: "Give such an address.",
    },
    "download/no-connection": {
      cause: "The server could not be reached.",
      wayOn: "Check the network and the proxy, and try again.",
    },
    "download/refused": {
      cause: "The server refused to send the file.",
      wayOn: "Try another address: the file may have moved.",
    },
    "download/server-error": {
      cause: "The server failed to answer.",
      wayOn: "Try again later.",
    },
    "download/stalled": {
      cause: "No data arrived for a while.",
      wayOn: "Try again; what has arrived is kept.",
    },
    "download/incomplete": {
      cause: "The download ended before the file was whole.",
      wayOn: "Try again; what has arrived is kept.",
    },
    "download/bad-range": {
      cause: "The server did not send the part of the file that was asked for.",
      wayOn: "Try again, or use another address.",
    },
    "download/too-large": {
      cause: "The file is far larger than any model that is read.",
      wayOn: "Check the address.",
    },
    "download/wrong-content": {
      cause: "The server sent something other than a model, such as a web page.",
      wayOn: "Check the address, and whether it needs a login.",
    },
    "runtime/unknown-device": {
      cause: "ONNX Runtime does not have this device here.",
      wayOn: "Choose one of those in the message.",
    },
    "runtime/no-session": {
      cause: "ONNX Runtime could not start.",
      wayOn: "See the reason in the message; try another device.",
    },
    "runtime/unsupported-dtype": {
      cause: "ONNX Runtime's tensors in JavaScript cannot hold this type.",
      wayOn: "Cast the model's inputs and outputs to another type.",
    },
    "runtime/telemetry-on": {
      cause: "ONNX Runtime would report its use from a worker thread.",
      wayOn: "Import this package on the main thread before the worker is started.",
    },
    "thread/ended": {
      cause: "A worker thread ended in the middle of its work.",
      wayOn: "Try again with more memory, or fewer threads.",
    },
    "browser/not-isolated": {
      cause: "The page is not isolated from other origins, so its threads cannot share memory.",
      wayOn: "Serve it with the headers that the message names.",
    },
    "browser/worker-failed": {
      cause: "The worker that computes could not be started, or failed.",
      wayOn: "Serve its script from the page's origin, with the header that the message names.",
    },
    "browser/no-decoder": {
      cause: "A decoder of images or the reader of ONNX files could not be loaded or started in the browser.",
      wayOn: "Serve its files beside the script, and check the browser's memory.",
    },
  },
} as const satisfies ErrorArea;
