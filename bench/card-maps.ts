/** What heatmaps by a model's card cost: one finding's, and those of all 14, beside the plain forward pass. */

import { loadFile, readModelFile } from "../src/app/models/open-model.ts";
import { type OpenModel, openModel } from "../src/engine/open-model.ts";
import { createSession } from "../src/node/session.ts";
import { float32 } from "../src/tensor.ts";
import { alternate, median } from "./measure.ts";
import type { Row } from "./table.ts";

const BATCHES = [
  { batch: 1, repeats: 15 },
  { batch: 8, repeats: 5 },
] as const;

/** Seconds of a batch, with heatmaps of some findings for each of its images. */
async function timed(model: OpenModel, batch: number, findings: readonly number[]): Promise<number> {
  const { width, height } = model.input;
  const shape = [batch, model.inChannels, height, width];
  const data = Float32Array.from({ length: batch * model.inChannels * height * width }, Math.random);
  const start = performance.now();
  const results = await model.forward.run(float32(shape, data));
  for (let view = 0; view < batch && findings.length > 0; view++)
    await model.maps!.of(results, view, findings);
  return (performance.now() - start) / 1000;
}

/** The dearest finding and all findings, in batches of 1 and 8. */
export async function benchCardMaps(threads: number): Promise<Row[]> {
  // Run from the package's folder. Its card names heatmaps.
  const model = loadFile(await readModelFile("models/demo.safetensors"));
  const plain = await openModel(model, createSession, { threads });
  const mapped = await openModel(model, createSession, { threads, maps: "card" });
  const all = [...model.card.labels.keys()];
  const rows: Row[] = [];
  try {
    for (const { batch, repeats } of BATCHES) {
      const compare = async (findings: readonly number[]) => {
        const { a, b } = await alternate(
          repeats,
          () => timed(mapped, batch, findings),
          () => timed(plain, batch, []),
        );
        return { ours: (median(a) * 1000) / batch, theirs: (median(b) * 1000) / batch };
      };
      const each: { label: string; ours: number; theirs: number }[] = [];
      for (const finding of all)
        each.push({ label: model.card.labels[finding]!, ...(await compare([finding])) });
      const dearest = each.reduce((most, one) =>
        one.ours / one.theirs > most.ours / most.theirs ? one : most,
      );
      const common = { unit: "ms per image", theirsName: "plain pass" };
      rows.push(
        {
          work: `a pass and the dearest heatmap by the demo model's card, batch ${batch}`,
          ...common,
          ...dearest,
          goal: "≤ 2.50",
          note: dearest.label,
        },
        {
          work: `a pass and all 14 heatmaps by the demo model's card, batch ${batch}`,
          ...common,
          ...(await compare(all)),
          goal: "≤ 6.00",
        },
      );
    }
  } finally {
    await plain.release();
    await mapped.release();
  }
  return rows;
}
