/** A thread of a pool that does what its job says: the byte 0 ends it, any other byte is answered. */
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ id, job }) => {
  if (id === undefined) return;
  const [byte] = job.source;
  setTimeout(() => {
    if (byte === 0) process.exit(7);
    parentPort.postMessage({ id, value: { byte } });
  }, 20);
});
