import { expect, test } from "vitest";
import { plainPreparation } from "../../../src/image/preparation.ts";
import {
  type FindingFacts,
  modelCardMarkdown,
  type TrainingFacts,
} from "../../../src/report/training/model-card.ts";
import { DEFAULT_SETTINGS } from "../../support/train-settings.ts";

const FACTS: TrainingFacts = {
  name: "nih-norm5",
  date: "2026-11-23",
  version: "0.1.0",
  dataFolder: "ChestX-ray14",
  machine: "2 CPU threads",
  config: {
    schema: "medical-x/training@1",
    settings: {
      ...DEFAULT_SETTINGS,
      unfreeze: "denseblock4",
      schedule: "plateau",
      augment: "flip",
      views: 1,
      patience: 3,
    },
    labels: ["Effusion", "Pleural_Thickening", "Hernia"],
    labelFile: { name: "Data_Entry_2017.csv", sha256: "abc123" },
    backbone: { name: "densenet121-a639ec97.pth", sha256: "a639ec97" },
    images: { train: 77_871, val: 8653 },
  },
  preparation: plainPreparation(),
  split: "by patient, a tenth for validation, seed 0",
  trainedParameters: 2_160_000,
  patients: { train: 25_208, val: 2800 },
  findings: [
    {
      label: "Effusion",
      train: 7800,
      val: 859,
      auroc: 0.88271,
      point: { threshold: 0.12345, sensitivity: 0.8, specificity: 0.79 },
    },
    {
      label: "Pleural_Thickening",
      train: 2000,
      val: 242,
      auroc: 0.7777,
      point: { threshold: 0.034, sensitivity: 0.7, specificity: 0.71 },
    },
    { label: "Hernia", train: 141, val: 0, auroc: null, point: null },
  ],
  metrics: [
    { epoch: 1, train_loss: 0.17, val_loss: 0.16, val_auroc: 0.8, lr: 1e-3, seconds: 3000 },
    { epoch: 2, train_loss: 0.15, val_loss: 0.155, val_auroc: 0.83024, lr: 1e-3, seconds: 3100 },
  ],
  bestEpoch: 2,
  skipped: 3,
};

const { config } = FACTS;
const section = (card: string, title: string): string =>
  card.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";

test("the whole card", () => {
  expect(modelCardMarkdown(FACTS)).toMatchSnapshot();
});

test("chosen heatmaps are shown with what was measured, and weak ones are called weak", () => {
  const measured = {
    pairs: 40,
    boxArea: 0.01,
    pointing: 0.9,
    pointingLow: 0.77,
    pointingHigh: 0.96,
    control: 0.1,
    overlap: 0.7,
  };
  const maps: NonNullable<TrainingFacts["maps"]> = {
    description: "chosen by boxes",
    findings: {
      Effusion: { method: "product", layers: ["norm5", "denseblock2"], level: 0.4, measured },
      Pleural_Thickening: {
        method: "gradcam",
        layers: ["norm5"],
        measured: { ...measured, pointingLow: 0.1 },
      },
      Hernia: { method: "layercam", layers: ["denseblock3"] },
    },
  };
  expect(section(modelCardMarkdown(FACTS), "Heatmaps")).toBe("");
  const text = section(modelCardMarkdown({ ...FACTS, maps }), "Heatmaps");
  expect(text).toContain("It was chosen by boxes.");
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  expect(cells).toEqual([
    ["Effusion", "40", "0.900", "0.770 to 0.960", "0.100", "0.700", "product at norm5, denseblock2"],
    [
      "Pleural Thickening",
      "40",
      "0.900",
      "0.100 to 0.960",
      "0.100",
      "0.700",
      "gradcam at norm5 (too small to localise)",
    ],
    ["Hernia", "–", "–", "–", "–", "–", "layercam at denseblock3"],
  ]);
});

test("the sections of Mitchell et al., in order", () => {
  expect([...modelCardMarkdown(FACTS).matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
    "Model details",
    "Intended use",
    "Data",
    "Preparation",
    "Hyperparameters",
    "Results",
    "Limits",
    "How to load it",
    "Citations",
  ]);
});

test("known images are told of once they are measured", () => {
  const components = Array.from({ length: 2 }, () => ({ variance: 1, step: 1, weights: "" }));
  const known = { components, description: "77,871 training images of a|b", limit: 51.426 };
  const card = modelCardMarkdown({ ...FACTS, knownImages: known });
  expect(section(modelCardMarkdown(FACTS), "Known images")).toBe("");
  const words = section(card, "Known images").replaceAll("\n", " ");
  expect(words).toContain(
    "the Mahalanobis distance of the features, by 2 principal components, from their mean",
  );
  expect(words).toContain("warns above 51.4; 99 % of unseen images of the same kind stay within that limit");
  expect(words).toContain("The figures come from 77,871 training images of a\\|b.");
});

test("results are those of the kept epoch", () => {
  const results = section(modelCardMarkdown(FACTS), "Results");
  expect(results).toContain(
    "Weights of epoch 2, on the validation images: loss 0.1550 (training loss 0.1500), mean AUROC 0.8302.",
  );
  expect(results).toContain("| Effusion | 859 | 0.883 | 0.1235 | 0.800 | 0.790 |");
  expect(results).toContain("| Pleural Thickening | 242 | 0.778 | 0.0340 | 0.700 | 0.710 |");
});

test("what cannot be told is a dash, never a number", () => {
  expect(section(modelCardMarkdown(FACTS), "Results")).toContain("| Hernia | 0 | – | – | – | – |");
  const broken = { ...FACTS, metrics: [{ ...FACTS.metrics[0]!, val_loss: null, train_loss: Number.NaN }] };
  const card = modelCardMarkdown({ ...broken, bestEpoch: 1 });
  expect(card).toContain("loss – (training loss –), mean AUROC 0.8000");
  expect(card).not.toMatch(/NaN|undefined|null/);
});

test("the card's thresholds are advised where every finding has one", () => {
  const [first, second] = FACTS.findings as [FindingFacts, FindingFacts];
  const whole = modelCardMarkdown({ ...FACTS, findings: [first, second] });
  expect(section(whole, "How to load it")).toContain("--image xray.png --threshold card\n");
  expect(section(modelCardMarkdown(FACTS), "How to load it")).toContain("--image xray.png\n");
});

test("without a validation it promises nothing", () => {
  const card = modelCardMarkdown({ ...FACTS, config: { ...config, images: { train: 100, val: 0 } } });
  expect(section(card, "Data")).toContain("- validation: none\n");
  expect(section(card, "Results")).toContain("it is not known how good the model is");
  expect(section(card, "Results")).not.toContain("|");
});

test("names from files cannot break a table or begin Markdown of their own", () => {
  const card = modelCardMarkdown({
    ...FACTS,
    name: "a|b *c*\n# d",
    findings: [{ ...FACTS.findings[0]!, label: "Mass|Nodule" }],
    config: { ...config, labelFile: { name: "my`labels|.csv", sha256: "1" } },
  });
  expect(card).toContain("# Model card: a\\|b \\*c\\* \\# d\n");
  expect(card).toContain("| Mass\\|Nodule | 7,800 | 859 |");
  expect(card).toContain("- label file: `` my`labels|.csv ``, sha256 `1`");
  for (const line of card.split("\n").filter((text) => text.startsWith("| "))) {
    expect([3, 4, 7]).toContain(line.replaceAll("\\|", "").split("|").length - 1);
  }
});

test("phantoms and random starts are said first among the limits", () => {
  const limits = section(
    modelCardMarkdown({
      ...FACTS,
      isPhantom: true,
      config: { ...config, backbone: { name: "random", sha256: null } },
    }),
    "Limits",
  );
  expect(limits.trim().split("\n").slice(0, 2)).toEqual([
    expect.stringContaining("drawn phantoms, not X-rays"),
    expect.stringContaining("started from random weights"),
  ]);
  expect(section(modelCardMarkdown(FACTS), "Limits")).not.toMatch(/phantom|random weights/);
  const fromDemo = { ...FACTS, config: { ...config, backbone: { name: "demo", sha256: "1" } } };
  expect(section(modelCardMarkdown(fromDemo), "Limits").trim().split("\n")[0]).toMatch(
    /started from the demo model\*\*, which was trained on drawn phantoms only/,
  );
});

test("a target sensitivity and what is not known are said or left out", () => {
  const settings = { ...config.settings, targetSensitivity: 0.9, unfreeze: "none" as const };
  const { name: _, date: __, machine: ___, ...rest } = FACTS;
  const card = modelCardMarkdown({ ...rest, skipped: 0, config: { ...config, settings } });
  expect(card).toContain("fitted to the validation images for a sensitivity of at least 0.9 and");
  expect(card).toContain("- trained: the classifier only; all other layers frozen (2,160,000 parameters)");
  expect(card).not.toMatch(/- name|- date|left out|, on 2 CPU/);
  expect(card.startsWith("# Model card\n")).toBe(true);
});

test("lateral views are out of scope of a model that was not trained on any, and of no other", () => {
  const use = (includeLaterals: boolean) =>
    section(
      modelCardMarkdown({
        ...FACTS,
        config: { ...config, settings: { ...config.settings, includeLaterals } },
      }),
      "Intended use",
    );
  expect(use(false)).toMatch(
    /on frontal chest X-rays like those below\.\n\nOut of scope: .* screening; lateral views, other/,
  );
  expect(use(true)).toMatch(/on chest X-rays like those below, which may include lateral views\./);
  expect(use(true)).toMatch(/Out of scope: .* screening; other parts of the body/);
});
