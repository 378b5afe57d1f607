import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import { densenet121, densenet121Until, HEATMAP_LAYERS, partAfter } from "../../src/models/densenet121.ts";
import { expectedShapes } from "../../src/models/match.ts";
import { CASES, ofImage, readFixture, runCase } from "../support/densenet-fixtures.ts";
import { maxDifference } from "../support/difference.ts";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe.each(CASES)("%s", (_, networkCase) => {
  test("logits and probabilities are torchvision's", async () => {
    const { logits, probabilities } = await runCase(networkCase);
    const { labels, results } = networkCase;
    expect(logits!.shape).toEqual([results.length, labels]);
    expect(probabilities!.shape).toEqual([results.length, labels]);
    for (const [i, expected] of results.entries()) {
      expect(maxDifference(ofImage(logits!, i), expected.logits)).toBeLessThan(4e-5);
      expect(maxDifference(ofImage(probabilities!, i), expected.logits.map(sigmoid))).toBeLessThan(1e-5);
    }
  });
});

test("names, shapes and order of the tensors are those of torchvision's state dict", () => {
  const reference = Object.entries(readFixture<Record<string, [string, number[]]>>("state-dict.json"));
  const ours = [...expectedShapes(3, 14)].map(([name, shape]) => {
    return [name, [name.endsWith("num_batches_tracked") ? "int64" : "float32", shape]];
  });
  expect(ours).toEqual(reference);
});

test("layers for heatmaps are modules of torchvision's features, each with its resolution", () => {
  const shapes = HEATMAP_LAYERS.map((layer) => {
    const image = new GraphBuilder(layer).input("image", ["N", 3, 224, 192]);
    return [layer, densenet121Until(image, partAfter(layer)).shape];
  });
  expect(shapes).toEqual([
    ["norm5", ["N", 1024, 7, 6]],
    ["denseblock4", ["N", 1024, 7, 6]],
    ["transition3", ["N", 512, 7, 6]],
    ["denseblock3", ["N", 1024, 14, 12]],
    ["transition2", ["N", 256, 14, 12]],
    ["denseblock2", ["N", 512, 28, 24]],
    ["transition1", ["N", 128, 28, 24]],
    ["denseblock1", ["N", 256, 56, 48]],
  ]);
});

test("an image that five halvings leave nothing of is refused", () => {
  const graph = new GraphBuilder("too small");
  expect(() => densenet121(graph.input("image", ["N", 3, 16, 16]), 14)).toThrow(
    expect.objectContaining({
      code: "graph/shape-mismatch",
      message: expect.stringMatching(/^AveragePool: .*\[N,512,1,1\]/),
    }),
  );
});

test("a second network in the same graph is refused, for its parameters have the same names", () => {
  const graph = new GraphBuilder("twice");
  const image = graph.input("image", ["N", 3, 64, 64]);
  densenet121(image, 14);
  expect(() => densenet121(image, 14)).toThrow(expect.objectContaining({ code: "graph/duplicate-name" }));
});
