import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { afterAll, expect, test } from "vitest";
import { Desk, type Ended, putSmallDemo, words } from "../cli/run.ts";
import { example, formOf, predict } from "../server/running.ts";

const desk = new Desk();
afterAll(() => desk.remove());
putSmallDemo(desk, "m.safetensors");
const serve = "serve --model m.safetensors --port 0";

/** Start the command and wait for its address. */
function start(line: string): Promise<{ url: string; child: ChildProcess; ended: Promise<Ended> }> {
  return new Promise((resolve, reject) => {
    let ended: Promise<Ended>;
    ended = desk.run(words(line), {
      onStdout: (piece, child) => {
        const [url] = /http:\S+/.exec(piece) ?? [];
        if (url !== undefined) resolve({ url, child, ended });
      },
    });
    ended.then(({ stderr }) => reject(new Error(stderr)));
  });
}

/** Wait until the server has taken so many requests that it has not answered. */
async function untilTaken(url: string, count: number): Promise<void> {
  // This question is one of them.
  const pattern = new RegExp(`^http_requests_in_progress ${count + 1}$`, "m");
  while (!pattern.test(await (await fetch(`${url}metrics`)).text()))
    await new Promise((resolve) => setTimeout(resolve, 10));
}

test("one line on stdout says where it is; SIGTERM under load loses nothing that was accepted", async () => {
  const { url, child, ended } = await start(serve);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const xray = example("00000001_000.png");
  const images = formOf(Array.from({ length: 30 }, (_, i) => [`${i}.png`, xray] as const));
  const taken = [predict(url, images), predict(url, images)];
  await untilTaken(url, 2);
  child.kill("SIGTERM");
  for (const answer of await Promise.all(taken)) {
    expect(answer.status).toBe(200);
    expect(await answer.json()).toHaveLength(30);
  }
  const { code, stdout, stderr } = await ended;
  expect([code, stdout]).toEqual([0, `Medical-X is at ${url}\n`]);
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.filter(({ route }) => route === "/api/predict")).toHaveLength(2);
});

test("Ctrl-C ends it with 0, below a path and with a token from a file", async () => {
  desk.put("token.txt", "s3cret\n");
  const { url, child, ended } = await start(
    `${serve} --base-path reader --token-file token.txt --host 127.0.0.2`,
  );
  expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/reader\/$/);
  expect((await fetch(`${url}api/model`)).status).toBe(401);
  const headers = { Authorization: "Bearer s3cret" };
  expect((await fetch(`${url}api/model`, { headers })).status).toBe(200);
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
});

test("a second signal ends it at once", async () => {
  const { url, child, ended } = await start(serve);
  const xray = example("00000001_000.png");
  const lost = predict(url, formOf(Array.from({ length: 60 }, (_, i) => [`${i}.png`, xray] as const)));
  const settled = lost.catch(() => undefined);
  await untilTaken(url, 1);
  child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  // A shell makes 130 of it.
  expect([code, child.signalCode]).toEqual([null, "SIGINT"]);
  expect(stderr).not.toContain("terminate");
  await settled;
});

test("a server that only serves the page predicts nothing", async () => {
  const { url, child, ended } = await start(`${serve} --browser-only`);
  expect((await predict(url, example("00000001_000.png"))).status).toBe(404);
  expect((await fetch(`${url}readyz`)).status).toBe(200);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
});

test("a port that is taken is an error that says so", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const { code, stdout, stderr } = await desk.run(
    words(`serve --model m.safetensors --port ${port} --verbose`),
  );
  other.close();
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(
    `the server cannot listen at 127.0.0.1, port ${port}: another program listens there; choose another port (--port)`,
  );
  for (const code of ["server/no-port"]) expect(stderr).toContain(`code: ${code}`);
});

test.each([
  ["serve --model m.safetensors --host 0.0.0.0 --verbose", 2, "server/needs-token", "(--token-file)"],
  [
    "serve --model m.safetensors --token-file two.txt --verbose",
    1,
    "server/bad-token",
    "two.txt: this is no token",
  ],
])("`medical-x %s` ends with %i: %s", async (line, expected, code, message) => {
  desk.put("two.txt", "two words\n");
  const ended = await desk.run(words(line));
  expect([ended.code, ended.stdout]).toEqual([expected, ""]);
  expect(ended.stderr).toContain(`code: ${code}`);
  expect(ended.stderr).toContain(message);
});

test.concurrent.each([
  "serve --port 70000",
  "serve --max-upload much",
  "serve --max-upload 1TB",
  "serve --queue 0",
  "serve --cors-origin example.org",
  "serve --cors-origin https://example.org/page",
  "serve --base-path ../up",
  "serve --page-compute server",
])("`medical-x %s` is wrong usage", async (line) => {
  const { code, stdout } = await desk.run(words(line));
  expect([code, stdout]).toEqual([2, ""]);
});
