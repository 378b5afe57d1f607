import { connect } from "node:net";
import { afterAll, afterEach, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { codeOf, example, formOf, predict, type Tried, tryServer } from "../server/running.ts";

const desk = new Desk();
const servers: Tried[] = [];
const open = async (...args: Parameters<typeof tryServer> extends [Desk, ...infer R] ? R : never) => {
  const server = await tryServer(desk, ...args);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => desk.remove());

const xray = example("00000001_000.png");
const images = (count: number) =>
  formOf(Array.from({ length: count }, (_, i) => [`${i}.png`, xray] as const));

test("a full queue refuses with 429 and a time to wait; what was taken is answered", async () => {
  const server = await open({ limits: { queue: 4 } });
  const answers = await Promise.all(Array.from({ length: 40 }, () => predict(server.url, xray)));
  const statuses = answers.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  const busy = answers.find(({ status }) => status === 429)!;
  expect([busy.headers.get("retry-after"), await codeOf(busy)]).toEqual(["1", "server/busy"]);
  expect((await predict(server.url, xray)).status).toBe(200);
});

test("a request of several images is taken whole or not at all", async () => {
  const server = await open({ limits: { queue: 6 } });
  const tooMany = await predict(server.url, images(7));
  expect([tooMany.status, await codeOf(tooMany)]).toEqual([413, "server/too-large"]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => predict(server.url, images(5))));
  for (const answer of answers) {
    expect([200, 429]).toContain(answer.status);
    if (answer.status === 200) expect(await answer.json()).toHaveLength(5);
  }
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  expect(server.service.inference!.queued).toBe(0);
});

test("what all requests together hold in memory is bounded", async () => {
  const server = await open({ limits: { held: 1.5 * xray.length } });
  const answers = await Promise.all(Array.from({ length: 12 }, () => predict(server.url, xray)));
  const codes = await Promise.all(
    answers.filter(({ status }) => status !== 200).map((answer) => codeOf(answer)),
  );
  expect(new Set(codes)).toEqual(new Set(["server/busy"]));
  expect((await predict(server.url, xray)).status).toBe(200);
});

test("work that waits too long is dropped", async () => {
  const server = await open({ limits: { answerMs: 1 } });
  const answer = await predict(server.url, xray);
  expect([answer.status, await codeOf(answer), answer.headers.get("retry-after")]).toEqual([
    503,
    "server/timeout",
    "1",
  ]);
  expect(server.service.inference!.queued).toBe(0);
});

test("the work of a client that went away is dropped", async () => {
  const server = await open();
  const { inference } = server.service;
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const body = Buffer.from(await new Response(images(60)).arrayBuffer());
  const [, boundary] = /^--(\S+)/.exec(body.subarray(0, 100).toString("latin1"))!;
  const header = `POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(header);
  socket.write(body);
  while (inference!.queued < 30) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.destroy();
  while (inference!.queued > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const metrics = await server.service.metrics.text();
  const [, ran = "0"] = /^medical_x_batch_images_sum\S* (\d+)$/m.exec(metrics) ?? [];
  // Those that had not waited for long when it went away, and those that were under way.
  expect(Number(ran)).toBeLessThan(45);
  expect((await predict(server.url, xray)).status).toBe(200);
});

test("while it shuts down, the server answers what it took and refuses what comes after", async () => {
  const server = await tryServer(desk);
  // A connection that is kept, and one whose request is under way.
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const piece = "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
  socket.write(`${piece}${xray.length}\r\n\r\n`);
  socket.write(xray.subarray(0, 1000));
  const taken = predict(server.url, images(20));
  while (server.service.inference!.queued === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const closed = server.close();
  let text = "";
  socket.setEncoding("utf8").on("data", (data) => {
    text += data;
  });
  socket.write(xray.subarray(1000));
  const answer = await taken;
  expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
  expect(await answer.json()).toHaveLength(20);
  await closed;
  expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*medical-x\/prediction@1/);
  await expect(fetch(`${server.url}healthz`)).rejects.toThrow("fetch failed");
});

test("a request that is still being sent does not keep the server from ending", async () => {
  const server = await tryServer(desk, { limits: { drainMs: 200 } });
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const gone = new Promise((resolve) => socket.on("error", () => undefined).on("close", resolve));
  socket.write("POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc");
  const open = /^http_requests_in_progress 1$/m;
  while (!open.test(await server.service.metrics.text()))
    await new Promise((resolve) => setTimeout(resolve, 5));
  await server.close();
  await gone;
});

test("a request on a connection that is still open is told that the server shuts down", async () => {
  const server = await open();
  server.service.isClosing = true;
  const answer = await predict(server.url, xray);
  expect([answer.status, answer.headers.get("connection"), await codeOf(answer)]).toEqual([
    503,
    "close",
    "server/closing",
  ]);
  const ready = await fetch(`${server.url}readyz`);
  expect([ready.status, await codeOf(ready)]).toEqual([503, "server/closing"]);
  expect((await fetch(`${server.url}healthz`)).status).toBe(200);
});
