import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DIAGNOSTIC_FIGURES } from "../../src/evaluation/diagnostic-figures.ts";
import type { FigureRow, Shown } from "../../src/evaluation/figure.ts";
import { FINDING_FIGURES } from "../../src/evaluation/finding-figures.ts";
import { fixtureBytes } from "../fixtures.ts";
import { Desk, words } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());

/** The heads of columns, by where they stand. */
let heads: Readonly<Record<Shown, readonly string[]>>;
let fields: object;

/** Two spaces part the columns of text. */
const textHeads = (line: string): string[] => line.trim().split(/ {2,}/);

beforeAll(async () => {
  desk.put("p.csv", fixtureBytes("evaluation/predictions.csv"));
  desk.put("l.csv", fixtureBytes("evaluation/labels.csv"));
  const line =
    "evaluate --predictions p.csv --labels-file l.csv --bootstrap 100 --target-sensitivity 0.9 --out o";
  const { stdout } = await desk.run(words(line));
  const read = (name: string) => readFileSync(desk.path(`o/${name}`), "utf8");
  const { Effusion } = JSON.parse(read("metrics.json")).findings;
  fields = { ...Effusion.operating_point, ...Effusion };
  const [text, targets] = stdout.split("\n").filter((row) => row.includes(" threshold  "));
  heads = {
    text: textHeads(text!),
    targets: textHeads(targets!),
    html: [...read("report.html").matchAll(/<th scope="col">([^<]*)<\/th>/g)].map(([, head]) => head!),
    csv: read("metrics.csv").split("\n", 1)[0]!.split(","),
  };
});

test.each(Object.values<FigureRow>({ ...FINDING_FIGURES, ...DIAGNOSTIC_FIGURES }))(
  "$json is in JSON, and shown where its row says",
  ({ json, label, short = label, shownIn }) => {
    expect(fields).toHaveProperty(json);
    const names: Readonly<Record<Shown, string>> = { text: short, targets: short, html: label, csv: json };
    const places = (Object.keys(names) as Shown[]).filter((place) =>
      heads[place].some((head) => head.replace(" (95 %)", "") === names[place]),
    );
    expect(places.sort()).toEqual([...shownIn].sort());
  },
);
