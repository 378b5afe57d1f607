import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseBoxTable } from "../../src/dataset/box-table.ts";
import { FINDING_NAMES } from "../../src/findings.ts";
import { boxesAnywhere } from "./boxes-anywhere.ts";
import { Desk, modelFile, words } from "./run.ts";

const SIZE = 96;
const DATA = "--data data --boxes many.csv --bootstrap 100 --seed 4 --format json";
const KINDS = ["model", "random", "centre"] as const;

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  const weights = modelFile("pth", 7);
  const preparation = [
    { step: "rgb" },
    { step: "resize", width: 160, height: 160, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ];
  const put = (name: string, card: object) => {
    desk.put(name, weights);
    desk.put(`${name}.json`, JSON.stringify({ labels: FINDING_NAMES, preparation, ...card }));
  };
  put("plain.pth", {});
  const maps = (findings: object) => ({ maps: { description: "made up", findings } });
  const low = { method: "gradcam", layers: ["norm5"], level: 0.35 };
  put("low.pth", maps(Object.fromEntries(FINDING_NAMES.map((finding) => [finding, low]))));
  put("mixed.pth", maps({ Mass: low, Nodule: { method: "layercam", layers: ["denseblock3"], level: 0.6 } }));
  await desk.run(words(`data phantom --out data --count 6 --size ${SIZE}`));
  desk.put("many.csv", boxesAnywhere(desk.path("data"), SIZE));
});

async function evaluated(line: string) {
  const { code, stdout, stderr } = await desk.run(words(`evaluate ${DATA} ${line}`));
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

type Corners = readonly [x: number, y: number, width: number, height: number];

function iouOf([ax, ay, aw, ah]: Corners, [bx, by, bw, bh]: Corners): number {
  const across = Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx));
  const down = Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by));
  return (across * down) / (aw * ah + bw * bh - across * down);
}

/** How many pairs of an IoU or more there are, if the best of what is left is taken again and again. */
function matches(regions: readonly Corners[], known: readonly Corners[], threshold: number): number {
  let best: readonly [iou: number, region: number, box: number] = [0, 0, 0];
  for (const [r, region] of regions.entries())
    for (const [k, box] of known.entries()) {
      const iou = iouOf(region, box);
      if (iou > best[0]) best = [iou, r, k];
    }
  const [iou, r, k] = best;
  if (iou === 0 || iou < threshold) return 0;
  return 1 + matches(regions.toSpliced(r, 1), known.toSpliced(k, 1), threshold);
}

/** The regions that `predict` lists, and the known boxes, of each image that has boxes of a finding. */
async function listed(model: string, options: string) {
  const { stdout } = await desk.run(
    words(
      `predict --force --model ${model} --image data/images --gradcam --findings all --out pictures --format json${options}`,
    ),
  );
  const results: { image: string; regions: { finding: string; box: Corners; level: number }[] }[] =
    JSON.parse(stdout);
  const boxes = parseBoxTable(readFileSync(desk.path("many.csv"), "utf8"));
  return (finding: string) =>
    results.map(({ image, regions }) => ({
      regions: regions.filter((region) => region.finding === finding).map(({ box }) => box),
      known: boxes
        .filter((box) => image.endsWith(box.image) && box.finding === finding)
        .map(({ x, y, width, height }): Corners => [x, y, width, height]),
      levels: regions.filter((region) => region.finding === finding).map(({ level }) => level),
    }));
}

test.each([
  ["at 180 of 255", "plain.pth", ""],
  ["of a finer layer", "plain.pth", " --method layercam --gradcam-layer denseblock3"],
  ["at the card's level", "low.pth", " --method card"],
])("precision and recall are those of predict's regions and the box file: %s", async (_, model, options) => {
  const [{ localisation }, pairsOf] = await Promise.all([
    evaluated(`--model ${model}${options}`),
    listed(model, options),
  ]);
  let [sure, all, regionsOfAll, boxesOfAll] = [0, 0, 0, 0];
  for (const finding of FINDING_NAMES) {
    const { level, n_boxes: boxes, model: found } = localisation.findings[finding].regions;
    const pairs = pairsOf(finding);
    for (const { levels } of pairs) for (const listedAt of levels) expect(listedAt).toBe(level);
    const regions = pairs.reduce((sum, pair) => sum + pair.regions.length, 0);
    expect([boxes, found.n_regions]).toEqual([
      pairs.reduce((sum, { known }) => sum + known.length, 0),
      regions,
    ]);
    for (const [name, matched] of Object.entries<number>(found.matched)) {
      // Listed coordinates are rounded, which may move an overlap across the threshold.
      const [most, least] = [-0.001, 0.001].map((by) =>
        pairs.reduce((sum, pair) => sum + matches(pair.regions, pair.known, Number(name) + by), 0),
      );
      expect(matched, `${finding} ${name}`).toBeGreaterThanOrEqual(least!);
      expect(matched, `${finding} ${name}`).toBeLessThanOrEqual(most!);
      sure += Number(most === least);
      all += 1;
      // A map without any heat has no region.
      if (regions === 0) expect(found.precision[name]).toBeNull();
      else expect(found.precision[name]).toBeCloseTo(matched / regions, 12);
      expect(found.recall[name]).toBeCloseTo(matched / boxes, 12);
      // Six patients are too few.
      expect([found.precision_ci[name], found.recall_ci[name]]).toEqual([null, null]);
    }
    regionsOfAll += regions;
    boxesOfAll += boxes;
  }
  expect(sure).toBeGreaterThan(0.9 * all);
  const { n_boxes: boxes, model: found } = localisation.overall.regions;
  expect([boxes, found.n_regions]).toEqual([boxesOfAll, regionsOfAll]);
  expect(Object.keys(found.matched)).toEqual(["0.1", "0.2", "0.3", "0.4", "0.5"]);
  expect(found.matched["0.1"]).toBeGreaterThan(5);
});

test("the free-response curve has the regions of each level, and the card's level is one of them", async () => {
  const { localisation } = await evaluated("--model low.pth --method card");
  expect(localisation.free_response_iou).toBe(0.3);
  for (const finding of FINDING_NAMES) {
    const { n_images: pairs, regions } = localisation.findings[finding];
    for (const kind of KINDS) {
      const { n_regions: count, matched, recall, free_response: curve } = regions[kind];
      const levels = curve.map(({ level }: { level: number }) => level);
      expect(levels).toEqual(Array.from({ length: 19 }, (_, i) => (19 - i) / 20));
      expect(curve[levels.indexOf(0.35)]).toMatchObject({
        false_regions: (count - matched["0.3"]) / pairs,
        sensitivity: recall["0.3"],
      });
    }
  }
});

test("each finding's map is compared in its own size, whatever the other findings have", async () => {
  const [mixed, plain, finer] = await Promise.all([
    evaluated("--model mixed.pth --method card --labels Atelectasis,Effusion,Hernia,Nodule --faithfulness 1"),
    evaluated("--model mixed.pth --labels Atelectasis,Effusion,Hernia,Nodule --faithfulness 1"),
    evaluated("--model mixed.pth --method layercam --gradcam-layer denseblock3"),
  ]);
  const of = (report: Awaited<ReturnType<typeof evaluated>>, finding: string) =>
    report.localisation.findings[finding];
  for (const finding of FINDING_NAMES)
    expect(of(mixed, finding), finding).toEqual(of(finding === "Nodule" ? finer : plain, finding));
  expect(of(mixed, "Nodule")).not.toEqual(of(plain, "Nodule"));
  expect(
    [of(mixed, "Mass"), of(mixed, "Nodule"), of(mixed, "Edema")].map(({ regions }) => regions.level),
  ).toEqual([0.35, 0.6, 180 / 255]);
  const faithful = Object.keys(mixed.faithfulness.findings).filter((finding) => finding !== "Nodule");
  expect(faithful).toEqual(["Atelectasis", "Effusion", "Hernia"]);
  for (const finding of faithful)
    expect(mixed.faithfulness.findings[finding]).toEqual(plain.faithfulness.findings[finding]);
});

test("the text has a line on regions, and the report a table, curves and a picture of them", async () => {
  const { code, stdout } = await desk.run(
    words("evaluate --data data --boxes many.csv --bootstrap 100 --seed 4 --model plain.pth --out report"),
  );
  expect(code).toBe(0);
  const { localisation } = JSON.parse(readFileSync(desk.path("report/metrics.json"), "utf8"));
  const { model, random, centre } = localisation.overall.regions;
  const share = (value: number) => value.toFixed(3).replace(/^0/, "");
  const [precision, recall] = [model.precision["0.3"], model.recall["0.3"]];
  expect(stdout).toContain(
    `\n  Regions at IoU 0.3: precision ${share(precision)}, recall ${share(recall)}; ` +
      `random ${share(random.precision["0.3"])} and ${share(random.recall["0.3"])}, ` +
      `centre ${share(centre.precision["0.3"])} and ${share(centre.recall["0.3"])}.\n`,
  );
  const page = readFileSync(desk.path("report/report.html"), "utf8");
  expect(page).toContain("<h3>Regions</h3>");
  expect(page).toContain("<h3>Free-response curves</h3>");
  expect(page).toContain(`<td>${share(precision)}</td><td>${share(recall)}</td>`);
  const svg = readFileSync(desk.path("report/figures/free-response.svg"), "utf8");
  // A panel for each finding, and one for all pairs.
  expect(svg.match(/false regions per heatmap/g)).toHaveLength(15);
  expect(`${page}${svg}`).not.toMatch(/NaN|undefined|Infinity/);
  expect(existsSync(desk.path("report/figures/roc.svg"))).toBe(true);
});
