/** One way through the page with the keyboard alone. The focus is never lost, never trapped, and always seen. */

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { displayName } from "../../src/findings.ts";
import { findings, NO_BROWSER, type Opened, reached, results, startPage } from "./opened.ts";

/** What has the focus, and how it shows; within shadow roots too. */
interface Focus {
  readonly is: string;
  readonly isSeen: boolean;
  readonly isInSight: boolean;
}

const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    let one = document.activeElement as HTMLElement;
    while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const words =
      one.getAttribute("aria-label") ??
      (one as HTMLInputElement).labels?.[0]?.innerText.trim() ??
      one.innerText?.trim();
    if (one === document.body) return { is: "body", isSeen: false, isInSight: false };
    return {
      is: one.dataset["testid"] ?? one.dataset["command"] ?? one.dataset["style"] ?? (words || one.localName),
      isSeen: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
      isInSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });

describe.skipIf(NO_BROWSER)("the keyboard alone", () => {
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    opened = await startPage();
    page = await opened.open();
    await reached(page, "idle");
  });
  afterAll(() => opened?.close());

  /** Press a key. Something has the focus afterwards, and it shows. Beyond the last place are the browser's own buttons. */
  async function press(key: string, mayLeave = false): Promise<string> {
    await page.keyboard.press(key);
    // What a key changes is drawn by lit before the next frame.
    await page.evaluate(
      "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
    );
    const focus = await focusOf(page);
    if (mayLeave && focus.is === "body") return focus.is;
    expect(focus, `${key}, to ${focus.is}`).toMatchObject({ isSeen: true, isInSight: true });
    return focus.is;
  }

  /** Press Tab, or another key that moves the focus, until it is where it should be. */
  async function go(to: string, key = "Tab"): Promise<void> {
    const passed: string[] = [];
    for (let i = 0; i < 40; i++) {
      const at = await press(key, key.endsWith("Tab"));
      if (at === to) return;
      passed.push(at);
      if (passed.filter((one) => one === "body").length > 1) break;
    }
    expect.fail(`${key} does not reach ${to}, only ${passed.join(", ")}`);
  }

  test("an example is opened", async () => {
    await go("example");
    await press("Enter");
    await reached(page, "done");
    expect(await focusOf(page)).toEqual({ is: "view", isSeen: true, isInSight: true });
  });

  test("the second finding is chosen, and its heatmap is shown, as contour lines too", async () => {
    await go("finding");
    await press("ArrowDown");
    const checked = await findings(page, "aria-checked");
    expect(checked.indexOf("true")).toBe(1);
    const second = displayName((await findings(page, "data-finding"))[1]!);
    expect(await page.getByTestId("map-note").innerText()).toContain(`${second}: `);
    expect(await page.getByTestId("view").getAttribute("aria-label")).toContain(second);
    await go("tool-window", "Shift+Tab");
    await go("contour", "ArrowRight");
    await press("Enter");
    expect(await page.locator("[data-style=contour]").getAttribute("aria-pressed")).toBe("true");
    expect(await page.getByTestId("view").getAttribute("aria-label")).toMatch(/contour/);
  });

  test("the threshold is moved", async () => {
    await go("ask-threshold");
    await press("Enter");
    const before = await findings(page, "data-detected");
    await go("threshold-number");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("0");
    await press("Enter");
    await expect.poll(() => findings(page, "data-detected")).not.toEqual(before);
  });

  test("a part is erased at the crosshair, and brought back", async () => {
    await go("ask-erase", "Shift+Tab");
    await press("Enter");
    await go("view", "Shift+Tab");
    for (let i = 0; i < 3; i++) await press("ArrowUp");
    await press("Enter");
    await page.locator("[data-testid=erased][data-pending=false]").waitFor();
    await expect.poll(() => page.locator(".beside").count(), { timeout: 60_000 }).toBe(14);
    await press("Control+Z");
    await expect.poll(() => page.locator(".beside").count()).toBe(0);
    // A button that is used up keeps the focus.
    await press("Enter");
    await expect.poll(() => page.locator(".beside").count(), { timeout: 60_000 }).toBe(14);
    await go("undo-erase");
    await press("Enter");
    await expect.poll(() => page.locator(".beside").count()).toBe(0);
  });

  test("the result is saved", async () => {
    await go("Save", "Shift+Tab");
    await press("Enter");
    await go("save-json");
    const [download] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
    const { heatmaps: _, ...result } = (await results(page))[0];
    expect(JSON.parse(readFileSync((await download.path())!, "utf8"))).toEqual(result);
  });

  test("the page becomes light, and the settings close", async () => {
    await go("settings");
    await press("Enter");
    await go("Dark, as in a reading room");
    await press("ArrowDown");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    await press("Escape");
    expect(await page.locator("dialog.settings").isVisible()).toBe(false);
    expect((await focusOf(page)).is).toBe("settings");
  });

  test("Tab goes around the whole page", async () => {
    for (const key of ["Tab", "Shift+Tab"]) {
      const seen = new Set<string>();
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press(key);
        seen.add((await focusOf(page)).is);
      }
      for (const place of ["settings", "view", "finding", "ask-point", "ask-read", "Skip to the X-ray"])
        expect([...seen], key).toContain(place);
    }
    expect(opened.faults).toEqual([]);
  });
});
