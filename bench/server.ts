/** The server, saturated by fifty clients, beside `predict` on a folder of the same files; and its health meanwhile. */

import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { alternate, median, timeProcess } from "./measure.ts";
import type { Row } from "./table.ts";

const CLI = fileURLToPath(new URL("../../dist/bin/medical-x.js", import.meta.url));
const HEALTH = fileURLToPath(new URL("../../test/load/health.mjs", import.meta.url));
const CLIENTS = 50;
const HEALTH_GOAL_MS = 20;

/** Start a server. With the option force, because made-up images look like no chest. */
function start(model: string): Promise<{ url: string; child: ChildProcess }> {
  const args = ["serve", "--model", model, "--port", "0", "--force"];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (piece) => {
      const [url] = /http:\S+/.exec(String(piece)) ?? [];
      if (url !== undefined) resolve({ url, child });
    });
    child.on("close", () => reject(new Error("the server ended")));
  });
}

/** Watch `/healthz` during some work. Returns the 99th percentile in milliseconds. */
async function healthDuring(url: string, work: () => Promise<void>): Promise<number> {
  const watcher = spawn(process.execPath, [HEALTH, url], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  watcher.stdout.on("data", (piece) => {
    text += piece;
  });
  await work();
  watcher.kill("SIGTERM");
  await new Promise((resolve) => watcher.on("close", resolve));
  return (JSON.parse(text) as { p99: number }).p99;
}

/** Images per second of both, in pairs, and the time in which `/healthz` answers under that load. */
export async function benchServer(model: string, images: readonly string[], folder: string): Promise<Row[]> {
  const many = join(folder, "served");
  await mkdir(many);
  const bodies: Buffer[] = [];
  for (const [i, image] of images.entries()) {
    await copyFile(image, join(many, `${String(i).padStart(4, "0")}.png`));
    bodies.push(await readFile(image));
  }
  const { url, child } = await start(model);
  const pool = new Pool(new URL(url).origin, { connections: CLIENTS });
  const sendAll = async () => {
    let next = 0;
    const client = async () => {
      while (next < bodies.length) {
        const request = { path: "/api/predict", method: "POST", body: bodies[next++]! } as const;
        const { statusCode, body } = await pool.request(request);
        await body.json();
        if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  };
  const timed = async () => {
    const begin = performance.now();
    await sendAll();
    return (performance.now() - begin) / 1000;
  };
  const command = [process.execPath, CLI, "predict", "--force", "--format", "ndjson"];
  const predict = () => timeProcess([...command, "--model", model, "--image", many], folder);
  try {
    const { a, b } = await alternate(2, timed, predict);
    const p99 = await healthDuring(url, sendAll);
    return [
      {
        work: `the server, ${CLIENTS} clients, ${images.length} PNGs of 1024²`,
        unit: "images per second",
        ours: images.length / median(a),
        theirs: images.length / median(b),
        theirsName: "predict",
        goal: "≥ 0.9",
      },
      {
        work: "its /healthz under that load, 99th percentile",
        unit: "ms",
        ours: p99,
        theirs: HEALTH_GOAL_MS,
        theirsName: "bound",
        goal: "≤ 1.0",
      },
    ];
  } finally {
    await pool.close();
    child.kill("SIGTERM");
  }
}
