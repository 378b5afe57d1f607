/** The page of `in-page/engine.html` in Debian's Chromium, served like the real page, with its worker and engine files. */

import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { startSite } from "./site.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OUT = "build/page-engine/";

export interface EnginePage {
  readonly browser: Browser;
  readonly page: Page;
  close(): Promise<void>;
}

/** Build the page, serve it on loopback, and open it. */
export async function startEnginePage(): Promise<EnginePage> {
  const root = fileURLToPath(new URL("in-page/", import.meta.url));
  await build({
    root,
    configFile: `${ROOT}vite.config.ts`,
    logLevel: "warn",
    publicDir: false,
    build: { outDir: `${ROOT}${OUT}`, rolldownOptions: { input: `${root}engine.html` } },
  });
  const site = await startSite("browser", 0, OUT);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.goto(`${site.origin}/engine.html`);
  await page.waitForSelector("html[data-state=loaded]", { state: "attached" });
  return {
    browser,
    page,
    async close() {
      await browser.close();
      await site.close();
    },
  };
}
