/** Debian's Chromium with a test's server, through which all of its requests must go. */

import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { startServer, type TestServer } from "./server.ts";

const EXECUTABLE = "/usr/bin/chromium";

/** Why there is no browser here; undefined if there is one. */
export const NO_BROWSER: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `${EXECUTABLE} is missing: apt-get install chromium`;

// In CI, nothing may be skipped.
if (NO_BROWSER !== undefined && process.env["CI"] === "true") throw new Error(NO_BROWSER);

/** Hosts that Chromium itself contacts for updates and accounts, even on an empty page. */
const CHROMIUMS_OWN =
  /^(?:https?:\/\/)?(?:update\.googleapis\.com|accounts\.google\.com|clients2\.google\.com)[:/]/;

/** A browser that is watched. */
export interface Watched {
  readonly server: TestServer;
  readonly browser: Browser;
  /** Open a page of the server: `page` is isolated from other origins, `plain` is not. */
  open(name: "page" | "plain", script?: string): Promise<Page>;
  /** What was asked of other hosts, apart from what Chromium itself asks. */
  left(): string[];
  close(): Promise<void>;
}

/** Start a browser. The server records every connection to any other host. */
export async function startBrowser(flags: readonly string[] = []): Promise<Watched> {
  const server = await startServer();
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ["--no-sandbox", "--disable-quic", `--proxy-server=${server.origin}`, ...flags],
  });
  return {
    server,
    browser,
    async open(name, script) {
      const page = await browser.newPage();
      const query = script === undefined ? "" : `?script=${encodeURIComponent(script)}`;
      await page.goto(`${server.origin}/${name}${query}`);
      await page.waitForSelector("html[data-state=loaded]", { state: "attached" });
      const failure = await page.evaluate<string | undefined>("globalThis.failure");
      if (failure !== undefined) throw new Error(failure);
      return page;
    },
    left: () => server.left.filter((host) => !CHROMIUMS_OWN.test(host)),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
