import { expect, test } from "vitest";
import type { KnownImages } from "../../src/checks/known-images.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import type { LayerMethod } from "../../src/heatmaps/methods.ts";
import { CARD_KEY } from "../../src/models/card.ts";
import { compileModel, exportOnnx, PORTS } from "../../src/models/compile.ts";
import { NUM_FEATURES } from "../../src/models/densenet121.ts";
import { createSession } from "../../src/node/session.ts";
import { fixtureJson } from "../fixtures.ts";
import { batchOf, CASES, seededModel } from "../support/densenet-fixtures.ts";
import { parseMessage, submessages, text } from "../support/protobuf.ts";

const [, SMALL] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
const MODEL = seededModel(SMALL);

const at = (method: LayerMethod) => ({ method, layer: "norm5" }) as const;

async function run(model: Parameters<typeof createSession>[0]) {
  const session = await createSession(model, { threads: 1 });
  const outputs = await runFloat32(session, { [PORTS.image]: batchOf(SMALL) });
  await session.release();
  return outputs;
}

/** The outputs of a compiled model under the names that they have in an exported file. */
const exported = ({ "heatmaps.gradcam": heatmaps, ...rest }: Awaited<ReturnType<typeof run>>) => ({
  ...rest,
  heatmaps,
});

test("an exported file computes the same bits as the compiled model", async () => {
  const compiled = await run(compileModel(MODEL, [at("gradcam")]));
  expect(Object.keys(compiled).sort()).toEqual(["heatmaps.gradcam", "logits", "probabilities"]);
  expect(await run(exportOnnx(MODEL, "gradcam"))).toEqual(exported(compiled));
});

test("a heatmap method does not change the logits", async () => {
  const { logits } = await run(compileModel(MODEL));
  expect((await run(compileModel(MODEL, [at("layercam")])))["logits"]).toEqual(logits);
  expect((await run(compileModel(MODEL, [at("eigencam")])))["logits"]).toEqual(logits);
});

/** The network with figures on known images in its card. */
const KNOWING = {
  ...MODEL,
  card: {
    ...MODEL.card,
    knownImages: fixtureJson<{ known: KnownImages }>("known-images/figures.json").known,
  },
};

test("only a model with figures on known images has an embedding, and no exported file does", async () => {
  const plain = await run(compileModel(MODEL, [at("gradcam")]));
  const { embedding, ...rest } = await run(compileModel(KNOWING, [at("gradcam")]));
  expect(rest).toEqual(plain);
  // The classifier of the embedding is the logits.
  const { data: weight } = MODEL.tensors.get("classifier.weight")!;
  const { data: bias } = MODEL.tensors.get("classifier.bias")!;
  for (const [at, logit] of plain["logits"]!.data.entries()) {
    const [image, label] = [Math.floor(at / MODEL.numLabels), at % MODEL.numLabels];
    let sum = Number(bias[label]);
    for (let j = 0; j < NUM_FEATURES; j++)
      sum += Number(weight[label * NUM_FEATURES + j]) * embedding!.data[image * NUM_FEATURES + j]!;
    expect(Math.abs(sum - logit)).toBeLessThan(1e-4);
  }
  expect(await run(exportOnnx(KNOWING, "gradcam"))).toEqual(exported(plain));
});

test("an exported file carries its labels and its card", () => {
  const entries = submessages(parseMessage(exportOnnx(MODEL)), 14);
  const metadata = new Map(entries.map((entry) => [text(entry, 1), JSON.parse(text(entry, 2))]));
  expect(metadata.get("labels")).toEqual(MODEL.card.labels);
  expect(metadata.get(CARD_KEY)).toMatchObject({
    labels: MODEL.card.labels,
    preparation: MODEL.card.preparation,
  });
});
