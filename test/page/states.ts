/** The states that the page can be in, one after the other, as a person brings them about. */

import type { Page } from "playwright-core";
import sharp from "sharp";
import { EXAMPLES, reached } from "./opened.ts";

/** Brings a page from the state before it to this one. */
export interface PageStep {
  readonly state: string;
  act(page: Page): Promise<void>;
  /** Back from what lies over the page. */
  leave?(page: Page): Promise<void>;
}

const ask = (question: string): PageStep => ({
  state: `the question “${question}”`,
  async act(page) {
    await page.getByTestId(`ask-${question}`).click();
  },
});

const menu = (name: string): PageStep => ({
  state: `the menu “${name}”`,
  async act(page) {
    await page.locator(`[popovertarget=${name}-menu]`).click();
  },
  async leave(page) {
    await page.keyboard.press("Escape");
  },
});

/** An image in which nothing is to be seen. */
const grey = async () => ({
  name: "grey.png",
  mimeType: "image/png",
  buffer: await sharp({ create: { width: 300, height: 300, channels: 3, background: "#808080" } })
    .png()
    .toBuffer(),
});

export const STEPS: readonly PageStep[] = [
  { state: "the first screen", act: (page) => reached(page, "idle") },
  {
    state: "one image",
    async act(page) {
      await page.setInputFiles("input[type=file]", `${EXAMPLES}00000004_000.png`);
      await reached(page, "done");
    },
  },
  {
    state: "a place that is pointed at",
    async act(page) {
      await page.getByTestId("ask-point").click();
      await page.getByTestId("view").focus();
      await page.keyboard.press("ArrowUp");
      await page.locator(".beside").first().waitFor();
    },
  },
  ask("erase"),
  ask("threshold"),
  ask("read"),
  menu("save"),
  menu("open"),
  {
    state: "the settings",
    async act(page) {
      await page.getByTestId("settings").click();
    },
    async leave(page) {
      await page.getByTestId("close-settings").click();
    },
  },
  {
    state: "the list of keys",
    async act(page) {
      await page.getByTestId("view").focus();
      await page.keyboard.press("?");
    },
    async leave(page) {
      await page.keyboard.press("Escape");
    },
  },
  {
    state: "many images, of which one is refused and one is none",
    async act(page) {
      const names = ["00000001_000", "00000003_000", "00000006_000", "00000009_000"];
      await page.setInputFiles("input[type=file]", [
        ...names.map((name) => `${EXAMPLES}${name}.png`),
        `${EXAMPLES}../Data_Entry_2017.csv`,
      ]);
      await page
        .locator("[data-testid=image][data-state=failed]")
        .waitFor({ state: "attached", timeout: 120_000 });
      await page.setInputFiles("input[type=file]", await grey());
      await page.getByTestId("force").waitFor({ timeout: 120_000 });
    },
  },
  {
    state: "two images",
    async act(page) {
      await page.getByTestId("compare").selectOption({ index: 1 });
      await page.getByTestId("view-compared").waitFor();
    },
  },
];

/** Themes are chosen in the settings; going there for each look would close what is open. */
export const setTheme = (page: Page, theme: "dark" | "light") =>
  page.evaluate(async (chosen) => {
    const app = document.querySelector("mx-app") as HTMLElement & {
      page: { setTheme(theme: string): void };
      updateComplete: Promise<boolean>;
    };
    app.page.setTheme(chosen);
    await app.updateComplete;
    // Colours that fade are wherever they were when axe-core looks.
    for (const animation of document.getAnimations()) animation.finish();
  }, theme);
