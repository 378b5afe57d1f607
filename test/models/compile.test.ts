import { expect, test } from "vitest";
import { runFloat32 } from "../../src/graph/session.ts";
import { CARD_KEY } from "../../src/models/card.ts";
import { compileModel, exportOnnx, PORTS } from "../../src/models/compile.ts";
import { createSession } from "../../src/node/session.ts";
import { batchOf, CASES, seededModel } from "../support/densenet-fixtures.ts";
import { parseMessage, submessages, text } from "../support/protobuf.ts";

const [, SMALL] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
const MODEL = seededModel(SMALL);

async function run(model: Parameters<typeof createSession>[0]) {
  const session = await createSession(model, { threads: 1 });
  const outputs = await runFloat32(session, { [PORTS.image]: batchOf(SMALL) });
  await session.release();
  return outputs;
}

test("an exported file computes the same bits as the compiled model", async () => {
  const compiled = await run(compileModel(MODEL, "gradcam"));
  expect(Object.keys(compiled).sort()).toEqual(["heatmaps", "logits", "probabilities"]);
  expect(await run(exportOnnx(MODEL, "gradcam"))).toEqual(compiled);
});

test("a heatmap method does not change the logits", async () => {
  const { logits } = await run(compileModel(MODEL));
  expect((await run(compileModel(MODEL, "layercam")))["logits"]).toEqual(logits);
  expect((await run(compileModel(MODEL, "eigencam")))["logits"]).toEqual(logits);
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
