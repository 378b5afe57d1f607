/** The page in Debian's Chromium, as a person opens it. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { NO_BROWSER } from "../browser/chromium.ts";
import { type Site, startSite } from "./site.ts";

export { NO_BROWSER };

export const EXAMPLES = fileURLToPath(new URL("../../examples/images/", import.meta.url));

/** The name and bytes of an example. */
export const example = (name: string) => ({ name, bytes: readFileSync(EXAMPLES + name) });

export interface Opened {
  readonly site: Site;
  readonly browser: Browser;
  /** A page of a new visitor. Whatever it throws or is forbidden by its policy is collected in `faults`. */
  open(options?: BrowserContextOptions): Promise<Page>;
  readonly faults: string[];
  close(): Promise<void>;
}

/** Serve the page and start a browser. */
export async function startPage(compute: "browser" | "both" = "browser"): Promise<Opened> {
  const site = await startSite(compute);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const faults: string[] = [];
  return {
    site,
    browser,
    faults,
    async open(options = { viewport: { width: 1280, height: 800 } }) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.on("pageerror", ({ message }) => faults.push(message));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      await page.goto(site.origin);
      return page;
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

interface FileToDrop {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Drop files on the page, or paste them, with the browser's own events. */
export async function hand(page: Page, how: "drop" | "paste", files: readonly FileToDrop[]): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, data: Buffer.from(bytes).toString("base64") }));
  await page.evaluate(
    ({ how, sent }) => {
      const transfer = new DataTransfer();
      for (const { name, data } of sent) {
        transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
      }
      const target = document.body;
      if (how === "paste") {
        target.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }),
        );
        return;
      }
      for (const type of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(
          new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
        );
      }
    },
    { how, sent },
  );
}

/** Wait until the page says that it is in a state. */
export const reached = (page: Page, state: string) =>
  page.locator(`[data-testid=status][data-state=${state}]`).waitFor({ timeout: 120_000 });

/** What `window.medicalX.results()` says. */
// biome-ignore lint/suspicious/noExplicitAny: what a page hands out is checked by the tests
export const results = (page: Page): Promise<any[]> => page.evaluate("window.medicalX.results()");

/** An attribute of each finding, from top to bottom. */
export const findings = (page: Page, attribute: string): Promise<(string | null)[]> =>
  page
    .locator("[data-testid=finding]")
    .evaluateAll((all, name) => all.map((one) => one.getAttribute(name)), attribute);
