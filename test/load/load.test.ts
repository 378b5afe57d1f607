import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { sendHostile } from "./hostile.ts";
import { byClients, putImages, Served } from "./served.ts";

const CLIENTS = 50;
const IMAGES = 1000;

interface Answer {
  readonly image: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

const desk = new Desk();
let names: string[] = [];
/** What `predict` says about each image. */
const expected = new Map<string, Answer>();
beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  names = await putImages(desk, "images", IMAGES);
  const { stdout } = await desk.run([
    "predict",
    ...["--model", "m.safetensors", "--image", "images", "--format", "ndjson"],
  ]);
  for (const line of stdout.trim().split("\n")) {
    const answer = JSON.parse(line) as Answer;
    expected.set(answer.image.replace(/^.*\//, ""), answer);
  }
  expect(expected.size).toBe(IMAGES);
  // Otherwise an answer to another request could pass for the right one.
  expect(new Set([...expected.values()].map((answer) => JSON.stringify(answer.probabilities))).size).toBe(
    IMAGES,
  );
});
afterAll(() => desk.remove());

/** Check an answer against what `predict` says of the image of that name. */
function check(name: string, answers: unknown): void {
  const [answer, ...others] = answers as Answer[];
  expect([answer!.image, others]).toEqual([name, []]);
  const { probabilities } = expected.get(name)!;
  for (const [label, value] of Object.entries(probabilities))
    expect(Math.abs(answer!.probabilities[label]! - value)).toBeLessThan(1e-6);
}

const bytesOf = (name: string): Buffer => readFileSync(desk.path("images", name));

test("fifty clients, a thousand requests, and bad ones beside them: none lost, none wrong, none mixed up", async () => {
  const args = ["--model", "m.safetensors", "--max-upload", "2MB"];
  const server = await Served.start(desk, args, CLIENTS);
  const watcher = spawn(process.execPath, [
    fileURLToPath(new URL("health.mjs", import.meta.url)),
    server.url,
  ]);
  let health = "";
  watcher.stdout.on("data", (piece) => {
    health += piece;
  });
  const hostile = sendHostile(server.url, bytesOf(names[0]!));
  const start = performance.now();
  let answered = 0;
  await byClients(names, CLIENTS, async (name) => {
    const { status, body } = await server.predict(name, bytesOf(name));
    expect([status, name]).toEqual([200, name]);
    check(name, body);
    answered += 1;
  });
  const seconds = (performance.now() - start) / 1000;
  expect(answered).toBe(IMAGES);
  for (const { who, allowed, status } of await hostile) expect(allowed, who).toContain(status);
  watcher.kill("SIGTERM");
  await new Promise((resolve) => watcher.on("close", resolve));
  process.stderr.write(`${(IMAGES / seconds).toFixed(1)} images per second; health in ms: ${health}\n`);
  const { code } = await server.stop();
  expect(code).toBe(0);
});

test("at a full queue, clients that come again get all answers", async () => {
  const server = await Served.start(desk, ["--model", "m.safetensors", "--queue", "10"], CLIENTS);
  let refused = 0;
  await byClients(names.slice(0, 300), CLIENTS, async (name) => {
    for (;;) {
      const { status, body } = await server.predict(name, bytesOf(name));
      if (status === 200) {
        check(name, body);
        return;
      }
      expect([status, body]).toMatchObject([429, { error: { code: "server/busy" } }]);
      refused += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  expect(refused).toBeGreaterThan(0);
  await server.stop();
});

test("SIGTERM under load: every request that the server took has its whole answer", async () => {
  const server = await Served.start(desk, ["--model", "m.safetensors"], CLIENTS);
  let whole = 0;
  let refused = 0;
  const work = byClients(names, CLIENTS, async (name) => {
    try {
      const { status, body } = await server.predict(name, bytesOf(name));
      if (status === 200) {
        check(name, body);
        whole += 1;
      } else {
        expect([status, body]).toMatchObject([503, { error: { code: "server/closing" } }]);
        refused += 1;
      }
    } catch (error) {
      // The server no longer listens. An answer that was cut off would fail otherwise.
      expect(String((error as { code?: unknown }).code)).toMatch(
        /^(?:ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET|EPIPE)$/,
      );
      refused += 1;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  server.child.kill("SIGTERM");
  await work;
  const { code, stderr } = await server.ended;
  await server.pool.destroy();
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const took = lines.filter(({ route, status }) => route === "/api/predict" && status === 200);
  expect([code, whole]).toEqual([0, took.length]);
  expect(whole).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});
