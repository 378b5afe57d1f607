import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/node/package-file.ts";
import type { RunningServer } from "../../src/server/start.ts";
import { serveDemo } from "./serve-demo.ts";

const PAGE_ORIGIN = "https://reader.example.org";
const OTHER_ORIGIN = "https://other.example.org";
const IMAGE = readFileSync(packageFile("examples/images/00000004_000.png"));

let server: RunningServer;
/** A reverse proxy that passes the path on, as nginx and Caddy do with the configurations of deploy/. */
const proxy = createServer((incoming, outgoing) => {
  const { hostname, port, host } = new URL(server.url);
  // What a client says of itself in these headers must change nothing.
  const headers = {
    ...incoming.headers,
    host,
    "x-forwarded-host": "evil.example.org",
    "x-forwarded-proto": "gopher",
    "x-forwarded-prefix": "/elsewhere",
    "x-forwarded-for": "192.0.2.1, not an address",
    forwarded: "for=192.0.2.1;host=evil.example.org",
  };
  const onward = httpRequest(
    { hostname, port, path: incoming.url, method: incoming.method, headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  incoming.pipe(onward);
});
let outside = "";
beforeAll(async () => {
  server = await serveDemo({ basePath: "/tools/reader/", corsOrigins: [PAGE_ORIGIN] });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  outside = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await server.close();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${outside}${path}`, { headers, redirect: "manual" });

test("under a path behind a proxy, the page and all that it names are there", async () => {
  const redirect = await get("/tools/reader");
  expect([redirect.status, redirect.headers.get("location")]).toEqual([308, "/tools/reader/"]);
  const html = await (await get("/tools/reader/")).text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(1);
  for (const url of named) {
    expect(url).toMatch(/^\.\//);
    const answer = await get(`/tools/reader/${url.slice(2)}`);
    expect(answer.status, url).toBe(200);
    await answer.arrayBuffer();
  }
  expect(html).not.toContain("evil");
});

test("predictions and the API's page work behind the proxy, whatever X-Forwarded says", async () => {
  const answer = await fetch(`${outside}/tools/reader/api/predict`, {
    method: "POST",
    body: new Uint8Array(IMAGE),
    headers: { "Content-Type": "image/png" },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject([{ detected: ["Effusion", "Mass"] }]);
  const docs = await (await get("/tools/reader/api/docs")).text();
  expect(docs).not.toMatch(/evil|gopher|elsewhere/);
});

test("nothing is answered outside the base path", async () => {
  for (const path of ["/", "/healthz", "/api/model", "/tools/", "/tools/readerx/"])
    expect((await get(path)).status, path).toBe(404);
});

test("a page of an allowed origin may ask: its preflight, its request, and what it may read", async () => {
  const preflight = await fetch(`${outside}/tools/reader/v2/models/demo/infer`, {
    method: "OPTIONS",
    headers: {
      Origin: PAGE_ORIGIN,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type,inference-header-content-length,authorization",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
  expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
  const allowed = preflight.headers.get("access-control-allow-headers")!.toLowerCase();
  for (const name of ["content-type", "authorization", "inference-header-content-length"])
    expect(allowed).toContain(name);
  const answer = await get("/tools/reader/api/model", { Origin: PAGE_ORIGIN });
  expect(answer.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
  expect(answer.headers.get("vary")).toContain("Origin");
  // A page with COEP may embed what it fetched, too.
  expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect(answer.headers.get("access-control-expose-headers")).toContain("Inference-Header-Content-Length");
  // Nothing is sent with credentials, so no page acts in its user's name.
  expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  await answer.text();
});

test("compressible files vary by origin and by encoding", async () => {
  const answer = await get("/tools/reader/page.json", { Origin: PAGE_ORIGIN });
  expect(answer.headers.get("vary")).toContain("Origin");
  await answer.text();
  const page = await get("/tools/reader/index.html", { Origin: PAGE_ORIGIN });
  expect(page.headers.get("vary")).toContain("Origin");
  expect(page.headers.get("vary")).toContain("Accept-Encoding");
  await page.text();
});

test("a page of another origin is told nothing of CORS, and cannot post", async () => {
  const answer = await get("/tools/reader/api/model", { Origin: OTHER_ORIGIN });
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  await answer.text();
  const post = await fetch(`${outside}/tools/reader/api/predict`, {
    method: "POST",
    body: new Uint8Array(IMAGE),
    headers: { Origin: OTHER_ORIGIN, "Content-Type": "image/png" },
  });
  expect(post.status).toBe(403);
  await post.text();
});
