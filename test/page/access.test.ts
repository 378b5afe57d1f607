/** Every state of the page by axe-core, dark and light, on small and large screens, and the places of what is on it. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objections } from "./axe.ts";
import { crowded } from "./crowded.ts";
import { NO_BROWSER, type Opened, startPage } from "./opened.ts";
import { STEPS, setTheme } from "./states.ts";

const SIZES = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 3840, height: 2160 },
] as const;

describe.skipIf(NO_BROWSER)("every state of the page", () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await startPage("both");
  });
  afterAll(() => opened?.close());

  test("axe-core finds nothing, dark and light, at 1280 and 390 pixels", async () => {
    const page = await opened.open();
    for (const { state, act, leave } of STEPS) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await act(page);
      for (const [theme, width, height] of [
        ["dark", 1280, 800],
        ["light", 1280, 800],
        ["light", 390, 844],
        ["dark", 390, 844],
      ] as const) {
        await page.setViewportSize({ width, height });
        await setTheme(page, theme);
        expect.soft(await objections(page), `${state}, ${theme}, ${width} pixels`).toEqual([]);
      }
      await leave?.(page);
    }
    // What paper shows.
    await page.evaluate("window.print = () => {}");
    await page
      .locator("[data-testid=image]:not([data-state=failed])")
      .first()
      .evaluate((row) => (row as HTMLElement).click());
    await page.locator("#save").click();
    await page.getByTestId("print").click();
    await page.locator(".report-pictures img").first().waitFor({ state: "attached" });
    await page.emulateMedia({ media: "print" });
    expect(await objections(page)).toEqual([]);
    await page.context().close();
  });

  test("nothing overlaps, is cut off or has to be scrolled sideways, from 390 pixels to 4K", async () => {
    const page = await opened.open();
    for (const { state, act, leave } of STEPS) {
      await page.setViewportSize(SIZES[2]);
      await act(page);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await page.evaluate(
          "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
        );
        expect.soft(await crowded(page), `${state}, ${size.width} × ${size.height}`).toEqual([]);
      }
      await leave?.(page);
    }
    expect(opened.faults).toEqual([]);
    await page.context().close();
  });
});
