/**
 * Asks `/healthz` again and again until it is ended, and prints how long the answers took. In a process of its own, so that
 * it measures the server and not the test.
 *
 * node health.mjs <url>
 */
import { Agent, get } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const times = [];
let isOn = true;
process.on("SIGTERM", () => {
  isOn = false;
});

const ask = () =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    get(`${process.argv[2]}healthz`, { agent }, (answer) => {
      answer.resume().on("end", () => {
        times.push(performance.now() - start);
        resolve();
      });
    }).on("error", reject);
  });

while (isOn) {
  await ask();
  await new Promise((resolve) => setTimeout(resolve, 10));
}
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.floor(share * (times.length - 1))] * 10) / 10;
process.stdout.write(JSON.stringify({ count: times.length, p50: at(0.5), p99: at(0.99), most: at(1) }));
agent.destroy();
