import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { codeOf, example, predict, type Tried, tryServer } from "./running.ts";

const desk = new Desk();
const TOKEN = "4f1c-secret-token";
let server: Tried;
beforeAll(async () => {
  server = await tryServer(desk, {
    host: "0.0.0.0",
    token: TOKEN,
    basePath: "/reader/",
    corsOrigins: ["https://viewer.example"],
  });
});
afterAll(async () => {
  await server.close();
  desk.remove();
});

const url = (path: string): string => `${server.url.replace("0.0.0.0", "127.0.0.1")}${path}`;
const get = (path: string, headers: Record<string, string> = {}) => fetch(url(path), { headers });

test("health is answered without a token, and everything else is not", async () => {
  expect((await get("healthz")).status).toBe(200);
  expect((await get("readyz")).status).toBe(200);
  for (const path of ["api/model", "metrics", "api/nothing"]) {
    const answer = await get(path);
    expect([answer.status, await codeOf(answer)]).toEqual([401, "server/unauthorised"]);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="medical-x"');
  }
  expect((await predict(url(""), example("00000001_000.png"))).status).toBe(401);
});

test.each([`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, "Bearer", TOKEN])(
  "the wrong credentials %j are refused",
  async (Authorization) => {
    expect((await get("api/model", { Authorization })).status).toBe(401);
  },
);

test("the token opens the API, whatever the host is called", async () => {
  const headers = { Authorization: `Bearer ${TOKEN}` };
  expect((await get("api/model", headers)).status).toBe(200);
  expect((await predict(url(""), example("00000001_000.png"), "", headers)).status).toBe(200);
});

test("an allowed origin is told so, before and with the answer; another one is not", async () => {
  const ask = (Origin: string) =>
    fetch(url("api/predict"), {
      method: "OPTIONS",
      headers: {
        Origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      },
    });
  const allowed = await ask("https://viewer.example");
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get("access-control-allow-origin")).toBe("https://viewer.example");
  expect(allowed.headers.get("access-control-allow-headers")).toMatch(/Authorization/);
  const other = await ask("https://evil.example");
  expect([other.status, other.headers.get("access-control-allow-origin")]).toEqual([401, null]);
  const headers = { Authorization: `Bearer ${TOKEN}`, Origin: "https://viewer.example" };
  const answer = await predict(url(""), example("00000001_000.png"), "", headers);
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
    200,
    "https://viewer.example",
  ]);
});

test("nothing is above the base path", async () => {
  const answer = await fetch(url("").replace("reader/", "healthz"), {
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  expect([answer.status, await codeOf(answer)]).toEqual([404, "server/not-found"]);
});
