import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/node/package-file.ts";
import type { PageJson } from "../../src/results/page.ts";
import { PAGE_POLICY, SECURITY_HEADERS, WORKER_POLICY } from "../../src/server/site/headers.ts";
import type { RunningServer } from "../../src/server/start.ts";
import { schemaErrors } from "../support/json-schema.ts";
import { serveDemo } from "./serve-demo.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-hosting-"));
/** A copy of the model, with a name that a URL has to escape. */
const model = join(folder, "my model.safetensors");
let server: RunningServer;
beforeAll(async () => {
  copyFileSync(packageFile("models/demo.safetensors"), model);
  server = await serveDemo({ basePath: "/reader/", browserOnly: true, pageCompute: "both" }, model);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** An answer, read to its end so that its connection is free. */
async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const {
    body,
    status,
    headers: answered,
  } = await fetch(new URL(path, server.url), { headers, redirect: "manual" });
  return new Response(await new Response(body).arrayBuffer(), { status, headers: answered });
}
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (answer: Response): Promise<Uint8Array> => new Uint8Array(await answer.arrayBuffer());

/** The status and the headers of an answer to a request as it is written, which `fetch` would tidy up. */
const ask = (path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    httpRequest({ hostname, port, path: `/reader/${path}`, headers }, (answer) => resolve(answer.resume()))
      .on("error", reject)
      .end();
  });
const pageJson = async (): Promise<PageJson> => (await get("page.json")).json() as Promise<PageJson>;

test("the page, its scripts and the engine come with their media types", async () => {
  const page = await get("");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await page.text();
  const scripts = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((match) => match[1]!);
  expect(scripts.length).toBeGreaterThan(1);
  const types: Record<string, string> = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
  for (const path of scripts) {
    const answer = await get(path);
    expect(answer.status, path).toBe(200);
    expect(answer.headers.get("content-type"), path).toContain(types[path.split(".").at(-1)!]);
  }
  const wasm = await get("engine/vips.wasm");
  expect(wasm.headers.get("content-type")).toBe("application/wasm");
  expect(sha256(await bytesOf(wasm))).toBe(sha256(readFileSync(packageFile("dist/browser/vips.wasm"))));
});

test("every answer has the headers of security, and only the worker that decodes may evaluate strings", async () => {
  const paths = ["", "page.json", "engine/vips.wasm", "healthz", "nothing", "api/docs"];
  for (const path of paths) {
    const { headers } = await get(path);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name), path).toBe(value);
  }
  const worker = await get("engine/vips-es6.js");
  expect(worker.headers.get("content-security-policy")).toBe(WORKER_POLICY);
  expect(PAGE_POLICY).not.toContain("'unsafe-eval'");
});

test("page.json names the model and the examples, which are there under their URLs", async () => {
  expect((await get("page.json")).headers.get("cache-control")).toBe("no-cache");
  const page = await pageJson();
  expect(schemaErrors("page", page)).toEqual([]);
  // A server that computes nothing offers no computation.
  expect(page.compute).toBe("browser");
  expect(page.model.name).toBe("my model.safetensors");
  const bytes = await bytesOf(await get(page.model.file));
  expect([bytes.length, sha256(bytes)]).toEqual([page.model.bytes, page.model.sha256]);
  for (const { file } of page.examples)
    expect((await get(file)).headers.get("content-type")).toBe("image/png");
  expect(await (await get("api/examples")).json()).toEqual(page.examples);
});

test("the model is kept for good, comes in ranges, and is asked for only once", async () => {
  const { model: known } = await pageJson();
  const whole = await get(known.file);
  expect(whole.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const etag = whole.headers.get("etag")!;
  const bytes = await bytesOf(whole);
  const part = await get(known.file, { Range: "bytes=8-15" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 8-15/${known.bytes}`]);
  expect(await bytesOf(part)).toEqual(bytes.slice(8, 16));
  const beyond = await get(known.file, { Range: `bytes=${known.bytes}-` });
  expect(beyond.status).toBe(416);
  expect(await beyond.json()).toMatchObject({ error: { code: "server/bad-range" } });
  expect((await ask(known.file, { "If-None-Match": etag })).statusCode).toBe(304);
  const wrong = known.file.replace(known.sha256, "0".repeat(64));
  expect((await get(wrong)).status).toBe(404);
});

test("what may change is asked for again each time, and sent only if it changed", async () => {
  const page = await get("index.html");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const again = await ask("index.html", { "If-None-Match": page.headers.get("etag")! });
  expect([again.statusCode, again.headers["cache-control"]]).toEqual([304, "no-cache"]);
  const asset = /\.\/(assets\/[^"]+)/.exec(await page.text())![1]!;
  expect((await get(asset)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
});

test("the base path without its slash leads to the page", async () => {
  const answer = await get("/reader");
  expect([answer.status, answer.headers.get("location")]).toEqual([308, "/reader/"]);
  expect((await get("/")).status).toBe(404);
  expect((await get("/page.json")).status).toBe(404);
});

test("no other file can be asked for", async () => {
  const tried = [
    "engine/../../package.json",
    "engine/%2e%2e/%2e%2e/package.json",
    "engine/medical-x.js",
    "package.json",
  ];
  for (const path of [...tried, "assets/", "engine/", "engine/vips.wasm%00", "examples/00000003_000.png"])
    expect((await ask(path)).statusCode, path).toBe(404);
});

test("a server of the page alone predicts nothing", async () => {
  for (const path of ["api/predict", "v2/models/demo/infer"])
    expect((await fetch(new URL(path, server.url), { method: "POST", body: "x" })).status).toBe(404);
  expect((await get("v2")).status).toBe(404);
});

test("a model's file that has changed is not sent as what it was", async () => {
  const { model: known } = await pageJson();
  utimesSync(model, 1, 1);
  const answer = await get(known.file);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: "server/model-changed" } });
});
