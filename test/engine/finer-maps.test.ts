/** The maps that a card names, one at a time: those that the engine makes for the whole image, whatever was asked before. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FinerMaps } from "../../src/engine/finer-maps.ts";
import { FullReader } from "../../src/engine/full-reading.ts";
import type { OwnMap } from "../../src/engine/heatmap-source.ts";
import { openModel } from "../../src/engine/open-model.ts";
import { type Prediction, predictImages } from "../../src/engine/predict.ts";
import { prepareChecked } from "../../src/engine/prepare-view.ts";
import { type NamedModel, readModel, weightsOf } from "../../src/engine/read-model.ts";
import type { SessionFactory } from "../../src/graph/session.ts";
import type { Preparation } from "../../src/image/preparation.ts";
import { type DecodedImage, eightBits } from "../../src/image/prepare.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";
import { decodeImage } from "../../src/node/decode.ts";
import { createSession } from "../../src/node/session.ts";
import { mapDifference, maxDifference } from "../support/difference.ts";
import { networkBatch, networkBytes, networkCase, networkOf } from "../support/networks.ts";

const at = (path: string): Uint8Array => readFileSync(new URL(`../../${path}`, import.meta.url));
const oneThread: SessionFactory = (bytes, options) => createSession(bytes, { ...options, threads: 1 });

const demo = async (preparation?: Preparation): Promise<NamedModel> => {
  const file = { name: "demo", bytes: at("models/demo.safetensors") };
  const model = weightsOf(await readModel(file));
  return { ...model, card: { ...model.card, ...(preparation && { preparation }) } };
};

const images = (): Promise<readonly DecodedImage[]> =>
  Promise.all(
    ["00000001_000.png", "00000004_000.png"].map((name) => decodeImage(at(`examples/images/${name}`))),
  );

/** The maps of all findings as a prediction has them. */
async function allMaps(model: NamedModel, image: DecodedImage): Promise<readonly OwnMap[]> {
  const opened = await openModel(model, oneThread, { maps: "card" });
  async function* one() {
    yield { source: "x.png", result: prepareChecked(image, model.card.preparation) };
  }
  const ownMapsOf = () => [...model.card.labels.keys()];
  const { value } = await predictImages(opened, one(), { ownMapsOf }).next();
  await opened.release();
  return (value as Prediction).ownMaps!;
}

/** A model's maps, and the same of its images as the page's worker prepares them. */
async function opened(model: NamedModel) {
  const [maps, reader] = [await FinerMaps.open(model, oneThread), await FullReader.open(model, oneThread)];
  const viewOf = (image: DecodedImage) => reader.prepared(eightBits(image, model.card.preparation)).values;
  const release = async () => {
    await maps.release();
    await reader.release();
  };
  return { maps, viewOf, release };
}

test("each finding's map is that of its recipe, whatever image and finding came before", async () => {
  const model = await demo();
  const { labels, maps: named } = model.card;
  const { maps, viewOf, release } = await opened(model);
  const both = await images();
  const expected = [await allMaps(model, both[0]!), await allMaps(model, both[1]!)];
  for (const [i, label] of [
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 8],
    [0, 5],
    [0, 2],
  ] as const) {
    const { data, height, width, recipe } = await maps.of(viewOf(both[i]!), label);
    const said = named!.findings[labels[label]!];
    expect(recipe).toEqual(recipeOf(said?.method, said?.layers));
    const there = expected[i]![label]!;
    expect([height, width]).toEqual([there.height, there.width]);
    expect(mapDifference(data, there.data), `${labels[label]} of image ${i}`).toBeLessThan(1e-4);
  }
  await release();
});

test("with ten-crop, it is the map of the centre crop", async () => {
  const model = await demo([
    { step: "rgb" },
    { step: "resize-shorter", size: 256 },
    { step: "ten-crop", size: 224 },
    { step: "normalise", scheme: "imagenet" },
  ]);
  const { maps, viewOf, release } = await opened(model);
  const [image] = await images();
  const expected = await allMaps(model, image!);
  const { data } = await maps.of(viewOf(image!), 0);
  expect(mapDifference(data, expected[0]!.data)).toBeLessThan(1e-4);
  await release();
});

test("of a network that is run and not understood, each finding has PyTorch's map by occlusion", async () => {
  const expected = networkCase("sigmoid");
  const model = await networkOf("sigmoid.onnx", networkBytes("sigmoid"));
  const maps = await FinerMaps.open(model, oneThread);
  const { image, shape, values } = expected.maps!;
  const { data: view } = networkBatch(expected, [image]);
  const [labels, rows, columns] = shape as [number, number, number];
  for (const finding of [0, labels - 1]) {
    const { data, height, width, recipe } = await maps.of(view, finding);
    expect([recipe.method, height, width]).toEqual(["occlusion", rows, columns]);
    const from = finding * rows * columns;
    expect(maxDifference(data, values.slice(from, from + rows * columns))).toBeLessThan(1e-5);
  }
  await maps.release();
});
