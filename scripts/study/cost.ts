/** What maps cost: milliseconds and forward passes that they add to the prediction of one image. */

import { openModel } from "../../src/engine/open-model.ts";
import type { NamedModel } from "../../src/engine/read-model.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { PORTS } from "../../src/models/compile.ts";
import type { MapChoice } from "../../src/models/map-choice.ts";
import { createSession } from "../../src/node/session.ts";
import { Random } from "../../src/random.ts";
import { float32 } from "../../src/tensor.ts";
import { progressOf } from "./progress.ts";
import { CHOSEN, type Chosen, TIMED } from "./rows.ts";

/** Milliseconds more than the prediction alone takes. */
interface Added {
  readonly milliseconds: number;
  /** The same in forward passes. */
  readonly passes: number;
}

/** The cost of one kind of maps. */
interface CostRow {
  readonly id: string;
  readonly title: string;
  /** In the mean over the findings that have a map of their own. */
  readonly oneFinding: Added;
  readonly allFindings: Added;
}

export interface CostFigures {
  /** Milliseconds of a prediction without maps, batch 1. */
  readonly plain: number;
  readonly rows: readonly CostRow[];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The model with the chosen maps in its card. */
export const withChoice = (model: NamedModel, { byFinding }: Chosen): NamedModel => {
  const findings = [...byFinding].map(([label, { method, layers }]) => [
    model.card.labels[label]!,
    { method, layers: [...layers] },
  ]);
  const maps = { description: "chosen by this study", findings: Object.fromEntries(findings) };
  return { ...model, card: { ...model.card, maps: model.card.maps ?? maps } };
};

/** Time the maps of one choice beside a prediction without maps, in turn. */
async function timeMaps(
  model: NamedModel,
  maps: MapChoice,
  findings: readonly number[],
  repeats: number,
): Promise<{ plain: number; oneFinding: Added; allFindings: Added }> {
  const [plain, mapped] = [
    await openModel(model, createSession),
    await openModel(model, createSession, { maps }),
  ];
  const { width, height } = plain.input;
  const shape = [1, plain.inChannels, height, width];
  const random = Random.of(0, "study cost");
  const image = float32(
    shape,
    Float32Array.from({ length: plain.inChannels * height * width }, () => random.normal()),
  );
  const time = async (wanted: readonly number[] | undefined): Promise<number> => {
    const start = performance.now();
    const results = await runFloat32((wanted === undefined ? plain : mapped).session, {
      [PORTS.image]: image,
    });
    if (wanted !== undefined) await mapped.maps!.of(results, 0, wanted);
    return performance.now() - start;
  };
  try {
    const all = [...model.card.labels.keys()];
    const times = { plain: [] as number[], one: [] as number[], all: [] as number[] };
    // The first round warms up.
    for (let round = 0; round <= repeats; round++) {
      const found = { plain: await time(undefined), one: 0, all: await time(all) };
      for (const finding of findings) found.one += (await time([finding])) / findings.length;
      if (round > 0) for (const key of ["plain", "one", "all"] as const) times[key].push(found[key]);
    }
    const base = median(times.plain);
    const added = (milliseconds: number) => ({
      milliseconds: milliseconds - base,
      passes: (milliseconds - base) / base,
    });
    return { plain: base, oneFinding: added(median(times.one)), allFindings: added(median(times.all)) };
  } finally {
    await mapped.release();
    await plain.release();
  }
}

/** Time several kinds of maps, batch 1. */
export async function measureCost(model: NamedModel, chosen: Chosen, repeats: number): Promise<CostFigures> {
  const progress = progressOf("cost");
  const findings = [...chosen.byFinding.keys()];
  const one = findings.slice(0, 1);
  const jobs = [
    ...TIMED.map((row) => ({ row, maps: row.recipeOf(chosen, one[0]!), findings: one })),
    { row: CHOSEN, maps: "card" as const, findings },
  ];
  const rows: CostRow[] = [];
  const plain: number[] = [];
  for (const job of jobs) {
    const { plain: base, ...costs } = await timeMaps(
      withChoice(model, chosen),
      job.maps,
      job.findings,
      repeats,
    );
    plain.push(base);
    rows.push({ id: job.row.id, title: job.row.title, ...costs });
    progress(rows.length, jobs.length);
  }
  return { plain: median(plain), rows };
}
