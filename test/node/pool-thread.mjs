/** A thread of the pool under test: does what it is told, and can die in several ways. */
import { threadId, workerData } from "node:worker_threads";
import { XrayError } from "../../dist/errors.js";
import { serveJobs } from "../../dist/node/thread-side.js";

let told;
let handed;

const deeds = {
  thread: () => ({ value: threadId }),
  data: () => ({ value: workerData }),
  told: () => ({ value: told }),
  fail: () => {
    throw new XrayError("image/torn", "x.png: it is torn", { file: "x.png", at: 7 });
  },
  give: () => {
    handed = new Float32Array([1.5, -2.5]);
    return { value: handed, transfer: [handed.buffer] };
  },
  left: () => ({ value: handed.length }),
  wait: async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { value: ms };
  },
  throw: () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error("outside of any job");
      });
    }),
  exit: () => process.exit(3),
  // In small steps: Node ends a thread at the limit, but the whole process where the thread runs far beyond it at once.
  fill: async () => {
    const kept = [];
    for (;;) {
      kept.push(new Array(10_000).fill(kept.length));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
};

serveJobs(
  async (job) => deeds[job.deed](job),
  (value) => {
    told = value;
  },
);
