/**
 * The page as it is served, on a port of loopback, for tests of the page alone: the same files at the same places and with the
 * same headers as `medical-x serve`.
 */

import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { PAGE_POLICY, WORKER_POLICY } from "../../src/server/site/headers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

type Headers = Readonly<Record<string, string>>;

const EXAMPLES = [
  { name: "Phantom 1", file: "examples/00000001_000.png", note: "A drawn chest, not a patient." },
  { name: "Phantom 3", file: "examples/00000003_000.png", note: "A drawn chest, not a patient." },
  { name: "Phantom 9", file: "examples/00000009_000.png", note: "A drawn chest, not a patient." },
];

/** Where the page's files lie, by the beginning of their paths. */
const PLACES: readonly (readonly [prefix: RegExp, folder: string])[] = [
  [/^\/engine\//, "dist/browser/"],
  [/^\/model\/[0-9a-f]{64}\//, "models/"],
  [/^\/examples\//, "examples/images/"],
];

function pageJson(compute: "browser" | "both"): string {
  const bytes = readFileSync(join(ROOT, "models/demo.safetensors"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = `model/${sha256}/demo.safetensors`;
  return JSON.stringify({
    schema: "medical-x/page@1",
    version: "0.1.0",
    model: { name: "demo.safetensors", file, sha256, bytes: bytes.length },
    examples: EXAMPLES,
    compute,
  });
}

function sendFile(pathname: string, page: string, isolation: Headers, response: ServerResponse): void {
  const path = pathname === "/" ? "/index.html" : decodeURIComponent(pathname);
  const [prefix, folder] = PLACES.find(([beginning]) => beginning.test(path)) ?? [/^\//, page];
  const file = join(ROOT, folder, normalize(path.replace(prefix, "/")));
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    response.writeHead(404, isolation).end();
    return;
  }
  response.writeHead(200, {
    ...isolation,
    "Content-Security-Policy": /vips-es6|page-worker/.test(path) ? WORKER_POLICY : PAGE_POLICY,
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Length": size,
  });
  createReadStream(file).pipe(response);
}

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serve the page as it was built.
 *
 * @param page        The folder with its files, in this checkout.
 * @param isIsolated  Whether to send the headers by which the page is isolated; plain hosts send none.
 */
export async function startSite(
  compute: "browser" | "both" = "browser",
  port = 0,
  page = "dist/page/",
  isIsolated = true,
): Promise<Site> {
  const isolation = isIsolated ? ISOLATION : {};
  const facts = pageJson(compute);
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    if (pathname === "/page.json") {
      response.writeHead(200, { ...isolation, "Content-Type": "application/json" }).end(facts);
    } else sendFile(pathname, page, isolation, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
