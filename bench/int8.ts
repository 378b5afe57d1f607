/** The forward pass in int8 against our own in float32, in alternation. */

import { onnxModel } from "../src/graph/onnx/model.ts";
import { runFloat32 } from "../src/graph/session.ts";
import { compileModel } from "../src/models/compile.ts";
import type { LoadedModel } from "../src/models/load.ts";
import { Observer, observedGraph } from "../src/models/quantise/observe.ts";
import { quantise } from "../src/models/quantise/quantise.ts";
import { createSession } from "../src/node/session.ts";
import { float32 } from "../src/tensor.ts";
import { alternate, median } from "./measure.ts";
import type { Row } from "./table.ts";

const madeUp = (batch: number) =>
  float32(
    [batch, 3, 224, 224],
    Float32Array.from({ length: batch * 3 * 224 * 224 }, () => Math.random() * 4 - 2),
  );

/** The model with codes, whose ranges come from a few made-up images. */
async function inInt8(model: LoadedModel): Promise<LoadedModel> {
  const { graph, kinds } = observedGraph(3, model.numLabels, 224, 224);
  const observer = new Observer(kinds);
  const session = await createSession(onnxModel(graph, model.tensors), { memory: "pooled" });
  observer.add(await runFloat32(session, { image: madeUp(4) }));
  await session.release();
  return { ...model, codes: quantise(model.tensors, observer.results()) };
}

/** Milliseconds per image of both, and processor time, which other work on the machine changes less. */
export async function benchInt8(model: LoadedModel, threads: number): Promise<Row[]> {
  const coded = await inInt8(model);
  const rows: Row[] = [];
  for (const [batch, repeats] of [
    [1, 15],
    [8, 7],
  ] as const) {
    const image = madeUp(batch);
    const sessions = await Promise.all(
      [coded, model].map((one) => createSession(compileModel(one), { threads })),
    );
    const used: number[][] = [[], []];
    const time = (which: 0 | 1) => async () => {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await sessions[which]!.run({ image });
      const { user, system } = process.cpuUsage(before);
      used[which]!.push(user + system);
      return (performance.now() - start) / 1000;
    };
    const { a, b } = await alternate(repeats, time(0), time(1));
    for (const session of sessions) await session.release();
    const share = median(used[0]!) / median(used[1]!);
    rows.push({
      work: `forward pass in int8, batch ${batch}`,
      unit: "ms per image",
      ours: (median(a) * 1000) / batch,
      theirs: (median(b) * 1000) / batch,
      theirsName: "ours in float32",
      goal: "≤ 0.55",
      note: `${share.toFixed(2)} of float32's processor time; goal with VNNI ≤ 0.35`,
    });
  }
  return rows;
}
