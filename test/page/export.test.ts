/** An exported site on a plain host, which sends no headers: the page isolates itself and reads an X-ray. */

import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { NO_BROWSER } from "../browser/chromium.ts";
import { fixtureJson } from "../fixtures.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NAME = "00000004_000.png";
const EXAMPLE = join(ROOT, "examples/images", NAME);
/** PyTorch's, in the order of the findings. */
const PYTORCH = fixtureJson<Record<string, { probabilities: number[] }>>("demo/examples.json")[NAME]!;

declare const crossOriginIsolated: boolean;
declare const medicalX: {
  results(): readonly { readonly probabilities?: Readonly<Record<string, number>> }[];
};

/** What such a host knows of media types, and nothing else. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serve a folder under a path, as GitHub Pages does, without any header but the media type. */
function plainHost(folder: string, prefix: string): Promise<{ server: Server; url: string }> {
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const asked = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const file = join(folder, normalize(decodeURIComponent(asked.slice(prefix.length))));
    const found = asked.startsWith(prefix) ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (found?.isFile() !== true) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}` }),
    ),
  );
}

const folder = mkdtempSync(join(tmpdir(), "medical-x-export-page-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(NO_BROWSER !== undefined)("an exported site on a host that sends no headers", () => {
  let browser: Browser;
  let host: { server: Server; url: string };
  beforeAll(async () => {
    const site = join(folder, "site");
    execFileSync(process.execPath, [
      join(ROOT, "dist/bin/medical-x.js"),
      "serve",
      "--export",
      site,
      "--model",
      "demo",
    ]);
    host = await plainHost(site, "/courses/x-rays/");
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    host?.server.closeAllConnections();
    host?.server.close();
  });

  test("the service worker isolates the page, which reads an X-ray with PyTorch's probabilities", async () => {
    const page = await browser.newPage();
    const left: string[] = [];
    page.on("request", (request) => {
      const { protocol, host: asked } = new URL(request.url());
      if (protocol.startsWith("http") && asked !== new URL(host.url).host) left.push(request.url());
    });
    await page.goto(host.url);
    await page.waitForFunction(() => crossOriginIsolated && typeof medicalX !== "undefined", undefined, {
      timeout: 60_000,
    });
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles([{ name: NAME, mimeType: "image/png", buffer: readFileSync(EXAMPLE) }]);
    await page.waitForFunction(() => medicalX.results().length > 0, undefined, { timeout: 120_000 });
    const [result] = await page.evaluate(() => medicalX.results());
    for (const [i, name] of FINDING_NAMES.entries())
      expect(Math.abs(result!.probabilities![name]! - PYTORCH.probabilities[i]!), name).toBeLessThan(1e-5);
    expect(left).toEqual([]);
    await page.close();
  });
});
