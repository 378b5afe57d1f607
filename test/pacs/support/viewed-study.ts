/**
 * A study that is open in OHIF in Chromium, as a person sees it.
 *
 * Waits for what is on the screen, never for an event: OHIF's errors reach neither the console nor the page's errors.
 */

import { type Browser, chromium, type Locator, type Page } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";

/** What is shown must not depend on other hosts. */
const NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

/** A page without an origin has no storage. */
const NO_TOUR = `try { localStorage.setItem("shownTours", '["basicViewerTour"]'); } catch {}`;

/** Counted in the page, since a screenshot would have the menus in it. */
const COUNT = `(() => {
  const seen = { bright: 0, coloured: 0 };
  const canvas = document.querySelector("canvas.cornerstone-canvas");
  const context = canvas?.width && canvas.height ? canvas.getContext("2d") : null;
  if (!context) return seen;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4) {
    const most = Math.max(data[i], data[i + 1], data[i + 2]);
    if (most > 60) seen.bright += 1;
    if (most - Math.min(data[i], data[i + 1], data[i + 2]) > 40) seen.coloured += 1;
  }
  return seen;
})()`;

/** Pixels of the first canvas that are bright, and those that have a colour. */
export interface Seen {
  readonly bright: number;
  readonly coloured: number;
}

export class ViewedStudy {
  readonly page: Page;
  /** What went wrong in the page's scripts. */
  readonly errors: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
  }

  /** Open a study, and wait until its first picture is drawn. */
  static async open(address: string): Promise<ViewedStudy> {
    const browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: ["--no-sandbox", NOWHERE_ELSE],
    });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const viewed = new ViewedStudy(browser, page);
    await page.addInitScript({ content: NO_TOUR });
    await page.goto(address, { waitUntil: "domcontentloaded" });
    await viewed.until(({ bright }) => bright > 1000);
    return viewed;
  }

  /** The list of series beside the picture: their descriptions. */
  async series(): Promise<readonly string[]> {
    return await this.#thumbnails().allInnerTexts();
  }

  /** Open the series whose entry in that list has this text. */
  async show(description: string): Promise<void> {
    await this.#thumbnails().filter({ hasText: description }).first().dblclick();
  }

  /** The text where pictures and reports are shown, once it contains `text`. */
  async textWith(text: string): Promise<string> {
    const grid = this.page.locator('[data-cy="viewport-grid"]');
    await grid.getByText(text).first().waitFor({ timeout: 60_000 });
    return await grid.innerText();
  }

  /** The messages of errors that OHIF shows in a corner. */
  async toasts(): Promise<readonly string[]> {
    return await this.page.locator("[data-sonner-toast][data-type=error]").allInnerTexts();
  }

  /** Wait until the picture has what is asked for. Throws with what it has after a minute. */
  async until(isEnough: (seen: Seen) => boolean): Promise<Seen> {
    for (const end = Date.now() + 60_000; ; ) {
      const seen = await this.#seen();
      if (isEnough(seen)) return seen;
      if (Date.now() > end) throw new Error(`the picture has ${JSON.stringify(seen)} after a minute`);
      await this.page.waitForTimeout(200);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  #thumbnails(): Locator {
    return this.page.locator('[data-cy^="study-browser-thumbnail"]');
  }

  async #seen(): Promise<Seen> {
    return await this.page.evaluate<Seen>(COUNT);
  }
}
