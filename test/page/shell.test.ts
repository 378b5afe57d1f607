import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { schemaErrors } from "../support/json-schema.ts";
import { example, findings, hand, NO_BROWSER, type Opened, reached, results, startPage } from "./opened.ts";

/** Effusion and a mass were drawn in the first, no finding in the second. */
const FIRST = "00000004_000.png";
const SECOND = "00000001_000.png";

describe.skipIf(NO_BROWSER)("several images, one of them broken", () => {
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    opened = await startPage();
    page = await opened.open();
    const first = example(FIRST);
    const broken = { name: "broken.png", bytes: first.bytes.subarray(0, 20_000) };
    await reached(page, "idle");
    await hand(page, "drop", [first, broken, example(SECOND), first]);
    await reached(page, "done");
  });

  afterAll(() => opened?.close());

  test("results stand in the order of dropping, the failure and the repeat among them", async () => {
    const all = await results(page);
    expect(all.map(({ image }) => image)).toEqual([FIRST, "broken.png", SECOND, FIRST]);
    expect(all[1].error.code).toBe("raster/damaged");
    expect(all[0].probabilities).toEqual(all[3].probabilities);
    for (const { heatmaps, ...result } of all) {
      expect(schemaErrors("prediction", result)).toEqual([]);
      if ("error" in result) continue;
      expect(heatmaps.shape).toEqual([14, 7, 7]);
      expect(Buffer.from(heatmaps.data, "base64").length).toBe(14 * 7 * 7 * 4);
    }
  });

  test("the failure is told by name, and no error is thrown on the way", async () => {
    expect(await page.getByTestId("error").innerText()).toContain("broken.png");
    expect(opened.faults).toEqual([]);
  });

  test("the first image is shown, with its findings in falling order", async () => {
    const { probabilities, detected } = (await results(page))[0];
    const shown = (await findings(page, "data-probability")).map(Number);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    const names = (await findings(page, "data-finding")) as string[];
    expect([...names].sort()).toEqual([...FINDING_NAMES].sort());
    for (const [i, name] of names.entries()) expect(shown[i]).toBeCloseTo(probabilities[name], 7);
    const marked = (await findings(page, "data-detected")).map((mark) => mark === "true");
    expect(names.filter((_, i) => marked[i]).sort()).toEqual([...detected].sort());
    expect(detected).toEqual(["Effusion", "Mass"]);
  });

  test("arrow keys choose a finding, whose heatmap lies over the X-ray, then the finer one", async () => {
    const chosen = page.locator("[data-testid=finding][aria-checked=true]");
    const pixels = () =>
      page.getByTestId("view").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL().length);
    await chosen.focus();
    const before = await pixels();
    await page.keyboard.press("ArrowDown");
    const names = (await findings(page, "data-finding")) as string[];
    expect(await chosen.getAttribute("data-finding")).toBe(names[1]);
    expect(await chosen.evaluate((row) => row === document.activeElement)).toBe(true);
    await expect.poll(pixels).not.toBe(before);
    await page.locator("[data-testid=map-note][data-map=finer]").waitFor();
    expect(await page.getByTestId("map-note").innerText()).toMatch(/^Effusion: product of /);
    await page.keyboard.press("Home");
    expect(await chosen.getAttribute("data-finding")).toBe(names[0]);
    await page.keyboard.press("ArrowUp");
    expect(await chosen.getAttribute("data-finding")).toBe(names.at(-1));
  });

  test("the terms of all places add up to each finding's logit less its bias", async () => {
    await page.getByTestId("ask-point").click();
    const { logits } = (await results(page))[0];
    for (const name of FINDING_NAMES) {
      await page.locator(`[data-finding=${name}]`).click();
      const sum = page.locator(`[data-testid=sum][data-finding-of=${name}]`);
      const number = async (attribute: string) => Number(await sum.getAttribute(attribute));
      expect(await number("data-terms")).toBeCloseTo(logits[name] - (await number("data-bias")), 4);
      expect(await number("data-logit")).toBeCloseTo(logits[name], 4);
    }
  });

  test("a place says what it contributes to every finding", async () => {
    const box = (await page.getByTestId("view").boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await page.mouse.click(box.x + box.width * 0.42, box.y + box.height * 0.25);
    await expect.poll(() => page.locator(".beside").count()).toBe(14);
    const mass = page.locator("[data-finding=Mass] .beside");
    expect(await mass.getAttribute("data-sign")).toBe("for");
    await page.getByTestId("ask-point").click();
    expect(await page.locator(".beside").count()).toBe(0);
  });

  test("a threshold that is moved changes the mark, and the card's points can be chosen", async () => {
    const mark = () => page.locator("[data-finding=Effusion]").getAttribute("data-detected");
    await page.locator("[data-finding=Effusion]").click();
    await page.getByTestId("ask-threshold").click();
    expect(await page.getByTestId("threshold-words").innerText()).toMatch(
      /names 0\.0831 as the operating point.* on 295 images with Effusion and 1,705 without \(2,000 drawn phantoms/,
    );
    await page.getByTestId("threshold-number").fill("0.693");
    await page.getByTestId("threshold-number").press("Enter");
    await expect
      .poll(() => page.getByTestId("threshold-words").innerText())
      .toMatch(/sensitivity of about 98\.3 % and a specificity of about 99\.9 %/);
    await page.getByTestId("threshold-number").fill("1");
    await page.getByTestId("threshold-number").press("Enter");
    await expect.poll(mark).toBe("false");
    expect((await results(page))[0].detected).toContain("Effusion");
    await page.getByLabel("the model's own operating point of each").check();
    await expect.poll(mark).toBe("true");
    expect((await results(page))[0]).toMatchObject({ threshold: "card" });
    await page.getByLabel("0.5, for all findings").check();
    expect((await results(page))[0]).toMatchObject({ threshold: 0.5 });
  });

  test("how it was read: steps, checks, the model's hash, and the picture that the network saw", async () => {
    await page.getByTestId("ask-read").click();
    const read = page.getByTestId("how-read");
    const { preparation, checks } = (await results(page))[0];
    const words = await read.innerText();
    for (const step of preparation) expect(words).toContain(step);
    for (const { reason } of checks) expect(words).toContain(reason);
    expect(await page.getByTestId("model-hash").innerText()).toMatch(/^[0-9a-f]{64}$/);
    const seen = await page.getByTestId("seen").evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      return { width, height, levels: new Set(data.filter((_, i) => i % 4 === 0)).size };
    });
    expect(seen).toMatchObject({ width: 224, height: 224 });
    expect(seen.levels).toBeGreaterThan(50);
    await page.getByTestId("ask-read").click();
  });

  test("what is erased is read again, and the change stands beside each finding", async () => {
    await page.getByTestId("ask-erase").click();
    const box = (await page.getByTestId("view").boundingBox())!;
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(0.38, 0.18));
    await page.mouse.down();
    for (const [x, y] of [
      [0.44, 0.2],
      [0.4, 0.24],
      [0.45, 0.26],
      [0.4, 0.3],
    ] as const)
      await page.mouse.move(...at(x, y));
    await page.mouse.up();
    await expect.poll(() => page.locator(".beside").count(), { timeout: 60_000 }).toBe(14);
    await page.locator("[data-testid=erased][data-pending=false]").waitFor();
    const change = await page.locator("[data-finding=Mass] .beside").innerText();
    expect(change).toMatch(/^[+−±]\d+\.\d$/);
    await page.getByTestId("clear-erase").click();
    await expect.poll(() => page.locator(".beside").count()).toBe(0);
    await page.getByTestId("ask-erase").click();
  });

  test("JSON, CSV and PNG are saved", async () => {
    const saved = async (choice: string) => {
      await page.locator("#save").click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(choice).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync((await download.path())!) };
    };
    const all = (await results(page)).map(({ heatmaps: _, ...result }) => result);
    const one = await saved("save-json");
    expect(one.name).toBe("00000004_000.json");
    expect(JSON.parse(one.bytes.toString())).toEqual(all[0]);
    expect(JSON.parse((await saved("save-all-json")).bytes.toString())).toEqual(all);
    const rows = (await saved("save-csv")).bytes.toString().trim().split("\n");
    expect(rows.map((row) => row.split(",")[0])).toEqual(["Image Index", FIRST, SECOND, FIRST]);
    const png = await saved("save-png");
    expect(png.name).toBe("00000004_000.gradcam.png");
    expect([...png.bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([512, 512]);
  });

  test("the report fits one page of A4 and of Letter", async () => {
    await page.evaluate("window.print = () => {}");
    await page.locator("#save").click();
    await page.getByTestId("print").click();
    await page.locator(".report-pictures img").first().waitFor({ state: "attached" });
    await expect.poll(() => page.locator(".report-pictures img").count()).toBe(3);
    for (const format of ["A4", "Letter"]) {
      const pdf = (await page.pdf({ format, preferCSSPageSize: false })).toString("latin1");
      expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    }
  });
});
