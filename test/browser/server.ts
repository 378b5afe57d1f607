/**
 * A server on loopback for pages under test. It serves this checkout's files, takes the results that pages hand in, and
 * is a proxy that lets nothing through and records what was requested.
 */

import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SERVED = /^\/(?:dist\/browser|build\/browser|models|examples|fixtures)\//;

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** As strict as docs/browser.md says it may be: the worker, not the page, evaluates strings and compiles. */
const policy = (scripts: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${scripts}`,
    "worker-src 'self'",
    // Requests to other hosts are allowed, so that the proxy sees them. `connect-src 'self'` would be enough.
    "connect-src *",
    "img-src data:",
  ].join("; ");
const PAGE_POLICY = { "Content-Security-Policy": policy("'nonce-test'") };
const WORKER_POLICY = {
  "Content-Security-Policy": policy("'nonce-test' 'unsafe-eval' 'wasm-unsafe-eval'"),
};

/** With these, a page may share memory among its threads. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** The bundle and, if there is one, the decoder alone. */
const pageOf = (
  script: string,
) => `<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">
<script type="module" nonce="test">
  try { globalThis.tested = await import(${JSON.stringify(script)}); } catch (error) { globalThis.failure = String(error); }
  document.documentElement.dataset.state = "loaded";
</script>`;

export interface TestServer {
  readonly origin: string;
  /** Paths that were requested. */
  readonly asked: string[];
  /** Requests to other hosts. */
  readonly left: string[];
  /** What a page handed in under a name. */
  take(name: string): Uint8Array;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  return new Uint8Array(Buffer.concat(parts));
}

function sendFile(path: string, response: ServerResponse): void {
  const file = join(ROOT, normalize(decodeURIComponent(path)));
  const size = SERVED.test(path) ? statSync(file, { throwIfNoEntry: false })?.size : undefined;
  if (size === undefined) {
    response.writeHead(404, ISOLATION).end();
    return;
  }
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { ...ISOLATION, ...WORKER_POLICY, "Content-Type": type, "Content-Length": size });
  createReadStream(file).pipe(response);
}

/** Start the server on a port of the system's choice. */
export async function startServer(): Promise<TestServer> {
  const asked: string[] = [];
  const left: string[] = [];
  const results = new Map<string, Uint8Array>();
  const server = createServer(async (request, response) => {
    const { url = "", method } = request;
    if (!url.startsWith("/")) {
      left.push(url);
      response.writeHead(403).end();
      return;
    }
    const { pathname, searchParams } = new URL(url, "http://localhost");
    asked.push(pathname);
    if (method === "POST") {
      results.set(pathname, await bodyOf(request));
      response.writeHead(204, ISOLATION).end();
    } else if (pathname === "/page" || pathname === "/plain") {
      const script = searchParams.get("script");
      const isolation = pathname === "/page" ? ISOLATION : {};
      // The decoder alone runs on the page's own thread.
      const rights = script === null ? PAGE_POLICY : WORKER_POLICY;
      response.writeHead(200, { ...isolation, ...rights, "Content-Type": "text/html" });
      response.end(pageOf(script ?? "/dist/browser/medical-x.js"));
    } else sendFile(pathname, response);
  });
  server.on("connect", ({ url = "" }, socket) => {
    left.push(url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    left,
    take(name) {
      const result = results.get(`/results/${name}`);
      if (result === undefined) throw new Error(`the page handed in nothing under the name ${name}`);
      return result;
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
