/** The page of `in-page/viewer.html` in Debian's Chromium, under the policy of the real page. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build, preview } from "vite";
import { PAGE_POLICY } from "../../src/server/site/headers.ts";

export interface ViewerPage {
  readonly browser: Browser;
  open(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Build the page, serve it on loopback, and start a browser. */
export async function startViewerPage(): Promise<ViewerPage> {
  const root = fileURLToPath(new URL("in-page/", import.meta.url));
  const outDir = mkdtempSync(join(tmpdir(), "medical-x-viewer-"));
  const shared = { root, configFile: false, logLevel: "warn" } as const;
  await build({
    ...shared,
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, "viewer.html") },
    },
  });
  const headers = { "Content-Security-Policy": PAGE_POLICY };
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, headers },
  });
  const address = server.httpServer.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  return {
    browser,
    async open(options = { viewport: { width: 1280, height: 800 } }) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      await page.goto(`http://127.0.0.1:${port}/viewer.html`);
      await page
        .waitForSelector("html[data-state=loaded]", { state: "attached", timeout: 20_000 })
        .catch(() => {
          throw new Error(`the page did not load: ${faults.join("; ")}`);
        });
      if (faults.length > 0) throw new Error(faults.join("; "));
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
