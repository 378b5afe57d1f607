/** Rows 2 and 3: the forward pass in batches of 1, 8 and 32, and the added cost of all 14 heatmaps. */

import { compileModel } from "../src/models/compile.ts";
import type { LoadedModel } from "../src/models/load.ts";
import { createSession } from "../src/node/session.ts";
import { float32 } from "../src/tensor.ts";
import { convolutionRate, networkFlops } from "./convolution.ts";
import { alternate, median } from "./measure.ts";
import type { PytorchForward } from "./pytorch.ts";
import type { Row } from "./table.ts";

/** Milliseconds per image of one forward pass, alternating between ours and PyTorch's. */
export async function benchForward(
  model: LoadedModel,
  threads: number,
  pytorch: PytorchForward | undefined,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [batch, repeats] of [
    [1, 15],
    [8, 7],
    [32, 3],
  ] as const) {
    const session = await createSession(compileModel(model), { threads });
    const image = float32(
      [batch, 3, 224, 224],
      Float32Array.from({ length: batch * 3 * 224 * 224 }, Math.random),
    );
    const ours = async () => {
      const start = performance.now();
      await session.run({ image });
      return (performance.now() - start) / 1000;
    };
    const { a, b } = await alternate(repeats, ours, pytorch && (() => pytorch.pass(batch, threads)));
    await session.release();
    const rate = await convolutionRate(batch, threads);
    const share = (networkFlops() * batch) / median(a) / rate;
    rows.push({
      work: `forward pass, batch ${batch}`,
      unit: "ms per image",
      ours: (median(a) * 1000) / batch,
      theirs: b.length === 0 ? undefined : (median(b) * 1000) / batch,
      goal: "≤ 0.60",
      note: `${Math.round(share * 100)} % of the convolution rate (${Math.round(rate / 1e9)} GFLOP/s; goal ≥ 80 %)`,
    });
  }
  return rows;
}

/** All 14 Grad-CAM maps compared with the plain pass, in alternation. */
export async function benchHeatmaps(model: LoadedModel, threads: number): Promise<Row[]> {
  const batch = 8;
  const image = float32(
    [batch, 3, 224, 224],
    Float32Array.from({ length: batch * 3 * 224 * 224 }, Math.random),
  );
  const plain = await createSession(compileModel(model), { threads });
  const mapped = await createSession(compileModel(model, [{ method: "gradcam", layer: "norm5" }]), {
    threads,
  });
  const time = (session: typeof plain) => async () => {
    const start = performance.now();
    await session.run({ image });
    return (performance.now() - start) / 1000;
  };
  const { a, b } = await alternate(9, time(mapped), time(plain));
  await plain.release();
  await mapped.release();
  return [
    {
      work: "all 14 heatmaps against the plain pass, batch 8",
      unit: "ms per image",
      ours: (median(a) * 1000) / batch,
      theirs: (median(b) * 1000) / batch,
      theirsName: "plain pass",
      goal: "≤ 1.05",
    },
  ];
}
