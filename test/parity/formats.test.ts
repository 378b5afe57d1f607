import { expect, test } from "vitest";
import { runFloat32 } from "../../src/graph/session.ts";
import { compileModel } from "../../src/models/compile.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { differing } from "../support/checkpoints.ts";
import { maxDifference } from "../support/difference.ts";
import { seededImage } from "../support/seeded-image.ts";
import {
  type Compiled,
  describeParity,
  load,
  MANIFEST,
  REFERENCE,
  readArray,
  runImages,
  withSession,
} from "./reference.ts";

const rows = (same: boolean) =>
  MANIFEST.filter((row) => row.same === same).map((row) => [row.file, row] as const);

async function probabilities(model: Compiled, names: readonly string[]): Promise<Float32Array> {
  return (await withSession(model, (session) => runImages(session, names)))["probabilities"]!;
}

function withoutCounters(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map([...tensors].filter(([name]) => !name.endsWith("num_batches_tracked")));
}
/** Reading a file and two predictions take about one; no form of saving may take many times another. */
const SECONDS_PER_FILE = 15;

describeParity("the same weights in another form", () => {
  const twoImages = REFERENCE.images.slice(0, 2);

  test("the counters of the main file are not all 0", () => {
    const counter = load("main.pth").tensors.get("features.norm0.num_batches_tracked")!;
    expect(Number(counter.data[0])).toBeGreaterThan(1000);
  });

  test.each(rows(true))(
    "%s gives bit-identical tensors and probabilities",
    async (_, { file, counters, weights }) => {
      const [main, model] = [load("main.pth"), load(file, weights === undefined ? {} : { weights })];
      if (counters) expect(differing(model.tensors, main.tensors)).toEqual([]);
      else expect(differing(withoutCounters(model.tensors), withoutCounters(main.tensors))).toEqual([]);
      expect([...model.tensors.keys()]).toEqual([...main.tensors.keys()]);
      const ours = await probabilities(compileModel(model), twoImages);
      expect(maxDifference(ours, await probabilities(compileModel(main), twoImages))).toBe(0);
      expect(maxDifference(ours, readArray("probabilities").subarray(0, 28))).toBeLessThan(1e-5);
    },
    SECONDS_PER_FILE * 1000,
  );
});

describeParity("rounded and other weights", () => {
  test.each(["float16", "bfloat16"])(
    "%s weights predict as PyTorch does with the same rounding",
    async (dtype) => {
      const expected = readArray(`probabilities-${dtype}.pth`);
      const main = readArray("probabilities").subarray(0, expected.length);
      expect(maxDifference(expected, main), "rounding changes the numbers").toBeGreaterThan(1e-5);
      for (const file of [`${dtype}.pth`, `${dtype}-legacy.pth`]) {
        const ours = await probabilities(compileModel(load(file)), REFERENCE.rounded);
        expect(maxDifference(ours, expected), file).toBeLessThan(1e-5);
      }
    },
  );

  test("a head with five outputs predicts five labels, which the file names", async () => {
    const model = load("five-labels.pth");
    expect(model.card).toMatchObject({
      labels: ["V", "W", "X", "Y", "Z"],
      labelSource: 'checkpoint["classes"]',
    });
    const ours = await probabilities(compileModel(model), REFERENCE.rounded);
    expect(maxDifference(ours, readArray("probabilities-five-labels.pth"))).toBeLessThan(1e-5);
  });

  test.each(["xrv.pt", "xrv-legacy.pt"])(
    "torchxrayvision's module %s keeps its 14 trained outputs",
    async (file) => {
      const model = load(file);
      expect(model).toMatchObject({ inChannels: 1, numLabels: 14 });
      expect(model.card.labels).toHaveLength(14);
      expect(model.card.labels.slice(0, 2)).toEqual(["Atelectasis", "Consolidation"]);
      expect(model.card.preparation).toContainEqual({ step: "normalise", scheme: "xrv" });
      const ours = await withSession(compileModel(model), (session) =>
        runFloat32(session, { image: float32([1, 1, 224, 224], seededImage(1, 1, 224, 224)) }),
      );
      const expected = readArray("probabilities-xrv");
      expect(expected).toHaveLength(18);
      expect(maxDifference(ours["probabilities"]!.data, expected.subarray(0, 14))).toBeLessThan(1e-5);
      const twin = load("xrv-plain.pth", { card: { labels: [...model.card.labels, "", "", "", ""] } });
      expect(differing(model.tensors, twin.tensors)).toEqual([]);
    },
  );

  test("torchxrayvision's module that says no more than its class has its 18 labels", async () => {
    const model = load("any-name.bin");
    expect(model.card.labels).toHaveLength(18);
    expect(model.card.labels.at(-1)).toBe("Enlarged Cardiomediastinum");
    expect(model.notes).toEqual([expect.stringMatching(/^recognised as torchxrayvision's by its class/)]);
    const ours = await withSession(compileModel(model), (session) =>
      runFloat32(session, { image: float32([1, 1, 224, 224], seededImage(1, 1, 224, 224)) }),
    );
    expect(maxDifference(ours["probabilities"]!.data, readArray("probabilities-xrv"))).toBeLessThan(1e-5);
  });

  test.each([
    ["softmax-head.pt", 'checkpoint["classes"]', "classifier.2"],
    ["softmax-around.pt", "assumed", "1"],
  ])("%s: the module's own softmax is applied", async (file, labelSource, by) => {
    const model = load(file);
    expect(model.card.activation).toBe("softmax");
    expect(model.card.labelSource.startsWith(labelSource)).toBe(true);
    expect(model.notes.at(-1)).toBe(
      `its head ends in a softmax (${by}), so the probabilities of its labels add up to 1`,
    );
    const ours = await probabilities(compileModel(model), REFERENCE.rounded);
    expect(maxDifference(ours, readArray("probabilities-softmax"))).toBeLessThan(1e-6);
    const sigmoids = readArray("probabilities").subarray(0, ours.length);
    expect(maxDifference(ours, sigmoids), "a sigmoid gives other numbers").toBeGreaterThan(0.1);
  });

  test("Lightning's labels are found in its hyper_parameters, and its loss is left out", () => {
    const model = load("lightning.ckpt");
    expect(model.card.labelSource).toBe('checkpoint["hyper_parameters"]["labels"]');
    expect(model.card.labels.slice(0, 3)).toEqual(["Atelectasis", "Consolidation", "Infiltration"]);
    expect(model.notes).toEqual([
      'labels found in the file: checkpoint["hyper_parameters"]["labels"]',
      "left out criterion.pos_weight, which by its name belongs to a loss and cannot change the outputs",
      "left out val_auroc.confmat, which by its name belongs to a metric and cannot change the outputs",
    ]);
  });

  test("every file of the manifest that is not a copy is tested above", () => {
    expect(
      rows(false)
        .map(([file]) => file)
        .sort(),
    ).toEqual(
      [
        "float16.pth",
        "float16-legacy.pth",
        "bfloat16.pth",
        "bfloat16-legacy.pth",
        "five-labels.pth",
        "xrv.pt",
        "xrv-legacy.pt",
        "any-name.bin",
        "softmax-head.pt",
        "softmax-around.pt",
      ].sort(),
    );
  });
});
