/** The page's states by axe-core: nothing serious or critical, dark and light, on large and small screens. */

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXAMPLES, NO_BROWSER, type Opened, reached, startPage } from "./opened.ts";

const AXE = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What axe-core objects to, as `rule: place`. */
async function objections(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run(document)");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

describe.skipIf(NO_BROWSER)("axe-core", () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await startPage("both");
  });
  afterAll(() => opened?.close());

  for (const [theme, width, height] of [
    ["dark", 1280, 800],
    ["light", 390, 844],
  ] as const) {
    test(`finds nothing on any state of the ${theme} page at ${width} pixels`, async () => {
      const page = await opened.open({ viewport: { width, height } });
      await reached(page, "idle");
      await page.evaluate((chosen) => localStorage.setItem("medical-x/theme", chosen), theme);
      await page.reload();
      await reached(page, "idle");
      expect(await objections(page)).toEqual([]);
      await page.setInputFiles("input[type=file]", [
        `${EXAMPLES}00000004_000.png`,
        `${EXAMPLES}00000001_000.png`,
        `${EXAMPLES}../Data_Entry_2017.csv`,
      ]);
      await reached(page, "done");
      expect(await objections(page)).toEqual([]);
      for (const question of ["point", "erase", "threshold", "read"]) {
        await page.getByTestId(`ask-${question}`).click();
        expect(await objections(page), question).toEqual([]);
      }
      for (const menu of ["save", "open"]) {
        await page.locator(`[popovertarget=${menu}-menu]`).click();
        expect(await objections(page), menu).toEqual([]);
        await page.keyboard.press("Escape");
      }
      await page.getByTestId("settings").click();
      expect(await objections(page), "settings").toEqual([]);
      await page.getByTestId("close-settings").click();
      await page.getByTestId("compare").selectOption({ index: 1 });
      await page.getByTestId("view-compared").waitFor();
      expect(await objections(page), "two images").toEqual([]);
      await page.context().close();
    });
  }
});
