/** Deletion and insertion by several maps of the same pairs, and how they differ from those by Grad-CAM at norm5. */

import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { randomMap } from "../../src/evaluation/control-maps.ts";
import { areaUnder, blurredImage, curvesOfMap } from "../../src/evaluation/faithfulness.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { inputSizeOf } from "../../src/image/preparation.ts";
import { compileModel, PORTS } from "../../src/models/compile.ts";
import { createSession } from "../../src/node/session.ts";
import { Random } from "../../src/random.ts";
import { float32 } from "../../src/tensor.ts";
import type { JudgedPair } from "./judge.ts";
import type { Material } from "./material.ts";
import { type MeanFigure, meanOverPatients } from "./paired.ts";
import { progressOf } from "./progress.ts";
import { DELETED, PLAIN } from "./rows.ts";
import { byImage, forEachImage } from "./sample.ts";

/** Areas under the curves of one row, and their differences from Grad-CAM's on the same pairs. */
export interface DeletionRow {
  readonly id: string;
  readonly title: string;
  /** Lower is better. */
  readonly deletion: number;
  /** Higher is better. */
  readonly insertion: number;
  readonly deletionMore: MeanFigure | null;
  readonly insertionMore: MeanFigure | null;
}

export interface DeletionFigures {
  readonly pairs: number;
  readonly rows: readonly DeletionRow[];
}

/** Of one pair, by the row's id. */
type Areas = Readonly<Record<string, { readonly deletion: number; readonly insertion: number }>>;

const RANDOM = { id: "random", title: "random map" };

/** Measure deletion and insertion on some judged pairs. */
export async function measureDeletion(
  model: DenseNetModel,
  material: Material,
  pairs: readonly JudgedPair[],
): Promise<DeletionFigures> {
  const { inChannels, card, numLabels } = model;
  const { width, height } = inputSizeOf(card.preparation);
  const session = await createSession(compileModel(model));
  const progress = progressOf(`deletion and insertion: ${pairs.length} pairs`);
  const patients: string[] = [];
  const all: Areas[] = [];
  const areasOf = async (view: Float32Array, { label, trial, decision }: JudgedPair): Promise<Areas> => {
    const image = blurredImage(view, inChannels, height, width);
    const probabilitiesOf = async (images: Float32Array) => {
      const shape = [images.length / view.length, inChannels, height, width];
      const results = await runFloat32(session, { [PORTS.image]: float32(shape, images) });
      return results[PORTS.probabilities]!.data.filter((_, i) => i % numLabels === label);
    };
    const random = Random.of(material.seed, "study random map", trial.image, label);
    const maps = [
      ...DELETED.map((row) => [row.id, trial.maps.of(row.recipeOf(decision, label))] as const),
      [RANDOM.id, { data: randomMap(7, 7, random), height: 7, width: 7 }] as const,
    ];
    trial.maps.forget();
    const areas: [string, Areas[string]][] = [];
    for (const [id, map] of maps) {
      const grid = { values: map.data, rows: map.height, columns: map.width };
      const { deletion, insertion } = await curvesOfMap(image, grid, probabilitiesOf);
      areas.push([id, { deletion: areaUnder(deletion), insertion: areaUnder(insertion) }]);
    }
    return Object.fromEntries(areas);
  };
  try {
    const groups = byImage(pairs);
    await forEachImage(material, [...groups.keys()], card.preparation, async (image, view) => {
      for (const pair of groups.get(image)!) {
        all.push(await areasOf(view, pair));
        patients.push(pair.trial.patient);
        progress(all.length, pairs.length);
      }
    });
  } finally {
    await session.release();
  }
  const meanOf = (values: readonly number[]) => meanOverPatients(values, patients, material.seed);
  const rows = [...DELETED, RANDOM].map(({ id, title }) => {
    const more = (kind: "deletion" | "insertion") =>
      id === PLAIN.id ? null : meanOf(all.map((areas) => areas[id]![kind] - areas[PLAIN.id]![kind]));
    return {
      id,
      title,
      deletion: meanOf(all.map((areas) => areas[id]!.deletion)).value,
      insertion: meanOf(all.map((areas) => areas[id]!.insertion)).value,
      deletionMore: more("deletion"),
      insertionMore: more("insertion"),
    };
  });
  return { pairs: all.length, rows };
}
