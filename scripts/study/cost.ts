/** What maps cost: milliseconds and forward passes that they add to the prediction of one image. */

import { openModel } from "../../src/engine/open-model.ts";
import type { DenseNetModel } from "../../src/engine/read-model.ts";
import type { MapChoice } from "../../src/models/map-choice.ts";
import { createSession } from "../../src/node/session.ts";
import { Random } from "../../src/random.ts";
import { float32 } from "../../src/tensor.ts";
import { progressOf } from "./progress.ts";
import { CHOSEN, type Chosen, TIMED } from "./rows.ts";

/** Milliseconds more than the prediction alone takes. */
export interface Added {
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
  /** The one of them whose map costs most. */
  readonly dearest: Added;
  readonly allFindings: Added;
}

export interface CostFigures {
  /** Milliseconds of a prediction without maps, batch 1. */
  readonly plain: number;
  readonly rows: readonly CostRow[];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The model with the chosen maps in its card. */
export const withChoice = (model: DenseNetModel, { byFinding }: Chosen): DenseNetModel => {
  const findings = [...byFinding].map(([label, { method, layers }]) => [
    model.card.labels[label]!,
    { method, layers: [...layers] },
  ]);
  const maps = { description: "chosen by this study", findings: Object.fromEntries(findings) };
  return { ...model, card: { ...model.card, maps: model.card.maps ?? maps } };
};

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Times of a model with maps beside those of the same model without, in turn, so that both see the same machine. */
async function timeMaps(
  model: DenseNetModel,
  maps: MapChoice,
  findings: readonly number[],
  repeats: number,
): Promise<Omit<CostRow, "id" | "title"> & { readonly plain: number }> {
  const plain = await openModel(model, createSession);
  const mapped = await openModel(model, createSession, { maps });
  const { width, height } = plain.input;
  const shape = [1, plain.inChannels, height, width];
  const random = Random.of(0, "study cost");
  const view = Float32Array.from({ length: plain.inChannels * height * width }, () => random.normal());
  const image = float32(shape, view);
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const alone = () => plain.forward.run(image);
  const withMaps = async (wanted: readonly number[]) =>
    mapped.maps!.of(await mapped.forward.run(image), 0, wanted);
  const bases: number[] = [];
  const addedBy = async (wanted: readonly number[]): Promise<Added> => {
    const rounds: Added[] = [];
    // The first round warms up.
    for (let round = 0; round <= repeats; round++) {
      const base = await time(alone);
      const milliseconds = (await time(() => withMaps(wanted))) - base;
      if (round === 0) continue;
      bases.push(base);
      rounds.push({ milliseconds, passes: milliseconds / base });
    }
    const of = (key: keyof Added) => median(rounds.map((round) => round[key]));
    return { milliseconds: of("milliseconds"), passes: of("passes") };
  };
  try {
    const each: Added[] = [];
    for (const finding of findings) each.push(await addedBy([finding]));
    const allFindings = await addedBy([...model.card.labels.keys()]);
    const oneFinding = {
      milliseconds: mean(each.map(({ milliseconds }) => milliseconds)),
      passes: mean(each.map(({ passes }) => passes)),
    };
    const dearest = each.reduce((most, one) => (one.passes > most.passes ? one : most));
    return { plain: median(bases), oneFinding, dearest, allFindings };
  } finally {
    await mapped.release();
    await plain.release();
  }
}

/** Time several kinds of maps, batch 1. */
export async function measureCost(
  model: DenseNetModel,
  chosen: Chosen,
  repeats: number,
): Promise<CostFigures> {
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
