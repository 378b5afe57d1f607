import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureBytes } from "../fixtures.ts";
import { Desk, putSmallDemo, words } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  desk.put("a <b>&.csv", fixtureBytes("evaluation/predictions.csv"));
  desk.put("l.csv", fixtureBytes("evaluation/labels.csv"));
  putSmallDemo(desk, "m.safetensors");
  await desk.run(words("data phantom --out data --count 30 --seed 3 --size 96"));
  await desk.run([
    ...[
      "evaluate",
      "--predictions",
      "a <b>&.csv",
      "--labels-file",
      "l.csv",
      "--bootstrap",
      "100",
      "--out",
      "csv",
    ],
    ...["--against", "a <b>&.csv", "--target-sensitivity", "0.9", "--target-specificity", "0.95"],
  ]);
  await desk.run(
    words(
      "evaluate --data data --model m.safetensors --bootstrap 100 --out model --examples 2 --faithfulness 1 --labels Effusion,Mass",
    ),
  );
});

const read = (...path: string[]) => readFileSync(desk.path(...path), "utf8");

/** The elements of a page that are not closed in order, void elements excepted. */
function unclosed(page: string): string[] {
  const open: string[] = [];
  const problems: string[] = [];
  const tags = page.replace(/<style>[\s\S]*?<\/style>/g, "").matchAll(/<(\/?)([a-z0-9]+)\b[^>]*?(\/?)>/gi);
  for (const [, slash, name, isEmpty] of tags) {
    if (isEmpty === "/" || /^(?:meta|img|br|rect|path|circle)$/i.test(name!)) continue;
    if (slash === "") open.push(name!);
    else if (open.pop() !== name) problems.push(name!);
  }
  return [...problems, ...open];
}

test.each(["csv", "model"])("the page of %s stands alone and is whole", (folder) => {
  const page = read(folder, "report.html");
  expect(page).toMatch(/^<!doctype html>/);
  expect(unclosed(page)).toEqual([]);
  // Nothing is fetched, and nothing runs.
  expect(page).not.toMatch(/<script|<link|<iframe|\bon[a-z]+=/i);
  const addresses = [...page.matchAll(/\b(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/gi)].map(
    (match) => match[1]!,
  );
  expect(addresses.filter((address) => !address.startsWith("data:image/jpeg;base64,"))).toEqual([]);
  expect(page).not.toMatch(/\b(?:undefined|NaN|null|\[object)\b/);
  expect(page).toMatch(/For research and education only\. Not a medical device; not for diagnosis\./);
});

test("names of files are text, whatever they are", () => {
  const page = read("csv", "report.html");
  expect(page).toContain("<h1>a &lt;b&gt;&amp;.csv</h1>");
  expect(page).not.toContain("<b>&.csv");
});

test("the page has a section for all that was evaluated", () => {
  const headings = (folder: string) =>
    [...read(folder, "report.html").matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title);
  const always = [
    "How well findings are recognised",
    "Operating points",
    "Do probabilities mean what they say?",
  ];
  expect(headings("csv")).toEqual([...always, "Comparison", "Subgroups", "Individual images", "Notes"]);
  expect(headings("model")).toEqual([
    ...always,
    "Subgroups",
    "Do heatmaps point at findings?",
    "Do heatmaps show what the model used?",
    "Individual images",
    ...(read("model", "report.html").includes("<h2>Notes") ? ["Notes"] : []),
  ]);
});

test("figures in the page are those of metrics.json", () => {
  const page = read("csv", "report.html");
  const { findings, mean } = JSON.parse(read("csv", "metrics.json"));
  const share = (value: number) => (value >= 0.9995 ? "1.00" : value.toFixed(3).replace(/^0/, ""));
  const shown = (value: number, [low, high]: [number, number]) =>
    `${share(value)} (${share(low)}–${share(high)})`;
  expect(page).toContain(`<b>${shown(mean.auroc, mean.auroc_ci)}</b>`);
  for (const name of ["Effusion", "Mass"])
    expect(page).toContain(`<td>${shown(findings[name].auroc, findings[name].auroc_ci)}</td>`);
  const fitted = findings.Effusion.fitted_here;
  expect(Object.keys(fitted)).toEqual(["youden", "f1", "sensitivity_0.9", "specificity_0.95"]);
  expect(fitted["sensitivity_0.9"].sensitivity).toBeGreaterThanOrEqual(0.9);
  expect(fitted["specificity_0.95"].specificity).toBeGreaterThanOrEqual(0.95);
  expect(page).toContain("Threshold by sensitivity .900, fitted to these very images");
});

test("published figures stand beside NIH's findings, and never beside drawn ones", () => {
  expect(read("csv", "report.html")).toContain('<th scope="col">CheXNet</th>');
  expect(read("csv", "figures", "auroc.svg")).toContain("CheXNet (published)");
  expect(read("model", "report.html")).not.toContain("CheXNet");
});

test("of a model the page shows X-rays under heatmaps; of a file, names", () => {
  const pictures = [...read("model", "report.html").matchAll(/<img src="data:image\/jpeg;base64,([^"]+)"/g)];
  // Misses, false alarms and hits of two findings, two of each; the data may have fewer.
  expect(pictures.length).toBeGreaterThan(6);
  for (const [, text] of pictures) {
    const bytes = Buffer.from(text!, "base64");
    expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  }
  const csv = read("csv", "report.html");
  expect(csv).not.toContain("<img");
  const { misses } = worst("Effusion");
  expect(csv).toContain(`<li><b>${(misses[0]!.probability * 100).toFixed(1)} %</b> ${misses[0]!.image}</li>`);
});

test.each([
  ["csv", "each finding’s operating point (by Youden’s J, fitted to these very images, if there is none)"],
  ["model", "each finding’s operating point"],
])(
  "in the page of %s, misses lie below the operating point, false alarms and hits over it",
  (folder, whose) => {
    const page = read(folder, "report.html");
    expect(page).toContain(`most wrong and most right at ${whose}.`);
    const { findings } = JSON.parse(read(folder, "metrics.json"));
    const { operating_point: given, fitted_here: fitted } = findings.Effusion;
    const { threshold } = folder === "csv" ? fitted.youden : given;
    const start = page.indexOf("<h3>Effusion <span");
    const part = page.slice(start, page.indexOf("<h3>", start + 1));
    expect(part).toContain(
      `at ${(threshold * 100).toFixed(1)} %${folder === "csv" ? ", Youden’s" : ""}</span></h3>`,
    );
    const lists = part.split("<h4>").slice(1);
    const shares = lists.map((list) =>
      [...list.matchAll(/<b>([\d.]+) %<\/b>/g)].map(([, share]) => Number(share)),
    );
    const [misses, alarms, hits] = shares as [number[], number[], number[]];
    // Percentages are rounded to a tenth.
    for (const share of misses) expect(share).toBeLessThanOrEqual(100 * threshold + 0.051);
    for (const share of [...alarms, ...hits]) expect(share).toBeGreaterThanOrEqual(100 * threshold - 0.051);
    expect(hits.length).toBeGreaterThan(0);
    // Of the prediction file there are some of each.
    if (folder === "csv") expect(Math.min(misses.length, alarms.length)).toBeGreaterThan(0);
    expect([...hits].sort((a, b) => b - a)).toEqual(hits);
    expect([...misses].sort((a, b) => a - b)).toEqual(misses);
  },
);

/** Images with a finding by rising probability, from the files themselves. */
function worst(finding: string) {
  const rows = (name: string) =>
    read(name)
      .trim()
      .split("\n")
      .map((line) => line.split(","));
  const [header, ...predictions] = rows("a <b>&.csv");
  const [names, ...labels] = rows("l.csv");
  const at = header!.indexOf(`prob_${finding}`);
  const column = names!.indexOf(finding);
  const present = new Set(labels.filter((row) => row[column] === "1").map((row) => row[0]!.split("/")[1]!));
  const full = new Map(labels.map((row) => [row[0]!.split("/")[1]!, row[0]!]));
  const misses = predictions
    .filter((row) => present.has(row[0]!))
    .map((row) => ({ image: full.get(row[0]!)!, probability: Number(row[at]) }))
    .sort((a, b) => a.probability - b.probability);
  return { misses };
}

test("plots are pictures of their own, well formed", () => {
  const names = readdirSync(desk.path("csv", "figures")).sort();
  expect(names).toEqual([
    ...["auroc.svg", "comparison.svg", "precision-recall.svg", "reliability.svg", "roc.svg", "subgroups.svg"],
  ]);
  for (const name of names) {
    const svg = read("csv", "figures", name);
    expect(svg, name).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox=/);
    expect(unclosed(svg), name).toEqual([]);
    expect(svg, name).not.toMatch(/NaN|undefined|Infinity/);
  }
  // One panel for each of the four findings with figures.
  expect(read("csv", "figures", "roc.svg").match(/AUROC \.\d{3} \(/g)).toHaveLength(4);
});

test("deletion and insertion are measured on the images that were asked for, and the model's maps beat no map", () => {
  const { faithfulness } = JSON.parse(read("model", "metrics.json"));
  expect(faithfulness).toMatchObject({ method: "gradcam", layer: "norm5", steps: 16 });
  expect(Object.keys(faithfulness.findings)).toEqual(["Effusion", "Mass"]);
  expect(faithfulness.overall.n_pairs).toBe(2);
  const { model, random, centre } = faithfulness.overall;
  for (const map of [model, random, centre]) {
    expect(map.deletion).toHaveLength(17);
    // All kinds begin with the unchanged image and end with the same blurred one.
    expect(map.deletion[0]).toBeCloseTo(map.insertion[16], 5);
    expect(map.deletion[16]).toBeCloseTo(map.insertion[0], 5);
    expect(map.deletion[16]).toBeCloseTo(model.deletion[16], 5);
  }
  expect(model.insertion_area - model.deletion_area).toBeGreaterThan(
    random.insertion_area - random.deletion_area,
  );
});

test("a threshold of one's own is used and named; the card's must be there to be asked for", async () => {
  const own = await desk.run(
    words(
      "evaluate --data data --model m.safetensors --bootstrap 100 --threshold 0.25 --labels Effusion --format json",
    ),
  );
  const { thresholds, findings } = JSON.parse(own.stdout);
  expect([thresholds, findings.Effusion.operating_point.threshold]).toEqual(["given", 0.25]);
  const card = await desk.run([
    ...["evaluate", "--predictions", "a <b>&.csv", "--labels-file", "l.csv", "--threshold", "card"],
  ]);
  expect(card).toMatchObject({ code: 1, stdout: "" });
  expect(card.stderr).toMatch(
    /a <b>&\.csv: it has no operating points, .*; give a number instead \(--threshold 0\.5\)/,
  );
  expect(JSON.parse(read("model", "metrics.json")).thresholds).toBe("card");
  expect(JSON.parse(read("csv", "metrics.json")).thresholds).toBe("default");
});

test("plots of an earlier report that this one has not are removed, and nothing else", async () => {
  const rows = read("l.csv").trim().split("\n");
  const labels = rows.map((row) => row.split(",").filter((_, column) => ![2, 3, 4].includes(column)));
  desk.put("bare.csv", labels.map((row) => `${row.join(",")}\n`).join(""));
  for (const name of ["comparison.svg", "subgroups.svg", "mine.svg"]) desk.put(`stale/figures/${name}`, "");
  await desk.run([
    ...["evaluate", "--predictions", "a <b>&.csv", "--labels-file", "bare.csv", "--bootstrap", "100"],
    ...["--out", "stale"],
  ]);
  expect(readdirSync(desk.path("stale", "figures")).sort()).toEqual([
    ...["auroc.svg", "mine.svg", "precision-recall.svg", "reliability.svg", "roc.svg"],
  ]);
});

test("a folder that a report cannot be written into is found before anything is predicted", async () => {
  desk.put("odd/report.html/a.txt", "in the way");
  desk.put("even/figures", "in the way");
  for (const [out, message] of [
    ["odd", /^medical-x: odd\/report\.html: this is a folder, not a file\n$/],
    ["even", /^medical-x: even\/figures: a file stands where a folder is expected\n$/],
  ] as const) {
    const ended = await desk.run([
      ...["evaluate", "--predictions", "a <b>&.csv", "--labels-file", "l.csv", "--out", out],
    ]);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(message);
  }
});

/** A folder whose path is so long that a file in it can be named, but not a longer one beside it to write first. */
function longFolder(): string {
  let path = desk.path("long");
  while (path.length < 4060 - 200) path = join(path, "n".repeat(200));
  path = join(path, "n".repeat(4060 - path.length - 1));
  mkdirSync(path, { recursive: true });
  return path;
}

test.runIf(process.platform === "linux")(
  "what fails while a report is written takes no figures with it",
  async () => {
    const line = ["evaluate", "--predictions", "a <b>&.csv", "--labels-file", "l.csv", "--bootstrap", "100"];
    const out = longFolder();
    const args = [...line, "--format", "json", "--out", out];
    const ended = await desk.run(args);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout).n_images).toBe(300);
    // The name alone is longer than a message may be.
    expect(ended.stderr.split("\n")[0]).toContain(`medical-x: ${out.slice(0, 1_000)}`);
    // It leaves nothing behind either, and is reported even if nobody reads the figures.
    expect(readdirSync(join(out, "figures"))).toEqual([]);
    expect(readdirSync(out)).toEqual(["figures"]);
    const unread = await desk.run(args, { onStart: (child) => child.stdout!.destroy() });
    expect([unread.code, unread.stderr]).toEqual([1, ended.stderr]);
  },
);

test("a folder that cannot be written is one line, and leaves nothing half-written", async () => {
  desk.put("taken", "a file");
  const ended = await desk.run(
    words("evaluate --data data --model m.safetensors --bootstrap 100 --labels Mass --out taken"),
  );
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toBe("medical-x: taken: a file stands where a folder is expected\n");
  expect(read("taken")).toBe("a file");
  expect(existsSync(desk.path("taken.html"))).toBe(false);
});
