/**
 * Features that many machines compute: a plan, and one file for each shard of it, written whole or not at all.
 *
 * The plan is a hash of all that the features depend on, so that each process finds out by itself whether it is the one that
 * is meant, and how it is cut. Work is shared as in `app/scoring`.
 *
 * Pipeline:   images, frozen front → **shards of features, by many processes** → the cache → training
 * Knows:      files. Not networks or labels.
 */

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { inFile, XrayError } from "../../errors.ts";
import { readSafetensors, safetensorsPieces } from "../../formats/safetensors.ts";
import { fewAtOnce } from "../../node/at-once.ts";
import { AtomicFile, fileError, readWhole, writeAtomically } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { about, checkText, just, type Of, object, text, whole } from "../../schema/schema.ts";
import { float32, type Tensor } from "../../tensor.ts";
import { counted, someOf } from "../../text.ts";
import type { ImageFile } from "../data/image-file.ts";
import type { FeatureJob } from "./feature-jobs.ts";

/** Rows of a shard unless said otherwise. */
const DEFAULT_SHARD_SIZE = 1000;

/** Files to look up at the same time. */
const AT_ONCE = 64;

const MAX_SHARD_BYTES = 0x7fff_ffff;

export const FEATURE_PLAN = object({
  schema: just("medical-x/feature-plan@1"),
  network: about("A hash of the frozen layers' weights, the preparation and the views.", text()),
  images: about("A hash of the images: names, sizes, times and views.", text()),
  count: about("Number of rows: images, or their views.", whole(1)),
  length: about("Numbers in a row.", whole(1)),
  shardSize: whole(1),
});

/** What features are computed of, and how the work is cut. */
export type FeaturePlan = Of<typeof FEATURE_PLAN>;

/** A row of features; undefined for an image that could not be read. */
export interface FeatureRow {
  readonly features: Float32Array | undefined;
  readonly notes: readonly string[];
}

/** A hash of the images that rows are computed of. Images that are missing count as such. */
export async function hashOfImages(
  images: readonly ImageFile[],
  jobs: readonly FeatureJob[],
): Promise<string> {
  const hash = createHash("sha256");
  const facts = await fewAtOnce(jobs, AT_ONCE, async ({ example, view }) => {
    const { path, name } = images[example]!;
    const found = await stat(path).catch(() => undefined);
    return JSON.stringify([
      name,
      view,
      found?.size ?? null,
      found === undefined ? null : Math.floor(found.mtimeMs),
    ]);
  });
  for (const fact of facts) hash.update(fact).update("\n");
  return hash.digest("hex");
}

/** A folder of shards with its plan. */
export class FeatureShards {
  readonly #folder: string;
  readonly #plan: FeaturePlan;

  private constructor(folder: string, plan: FeaturePlan) {
    this.#folder = folder;
    this.#plan = plan;
  }

  /**
   * The folder's shards, if they are of the same features.
   *
   * @param wanted     Without a shard size, the one that is there is meant.
   * @param mayCreate  Whether to write the plan if there is none.
   * @throws           XrayError `features/other-plan`, `features/no-plan`, `file/…`.
   */
  static async open(
    folder: string,
    wanted: Omit<FeaturePlan, "schema" | "shardSize"> & { readonly shardSize?: number | undefined },
    mayCreate: boolean,
  ): Promise<FeatureShards> {
    const path = join(folder, "plan.json");
    const { shardSize, ...rest } = wanted;
    if (mayCreate) {
      await makeFolders(join(folder, "shards")).catch((error) => {
        throw fileError(folder, error);
      });
      const plan: FeaturePlan = {
        schema: "medical-x/feature-plan@1",
        ...rest,
        shardSize: shardSize ?? DEFAULT_SHARD_SIZE,
      };
      const file = await AtomicFile.create(path);
      await file.write(new TextEncoder().encode(`${JSON.stringify(plan, null, 2)}\n`));
      await file.commitNew();
    }
    const found = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw fileError(path, error);
      const message = `${folder}: there is no plan.json in this folder; name the folder that features were extracted to`;
      throw new XrayError("features/no-plan", message, { file: folder });
    });
    const plan = checkText(FEATURE_PLAN, found, {
      code: "features/other-plan",
      what: path,
      wayOn: "extract features into another folder",
    });
    const different = [
      ...(plan.network === rest.network && plan.length === rest.length
        ? []
        : ["the backbone, its frozen layers, the preparation or the augmentation"]),
      ...(plan.images === rest.images && plan.count === rest.count
        ? []
        : ["the images, their sizes or their times"]),
      ...(shardSize === undefined || plan.shardSize === shardSize ? [] : ["the shard size"]),
    ];
    if (different.length === 0) return new FeatureShards(folder, plan);
    throw new XrayError(
      "features/other-plan",
      `${path}: the features in this folder are others: ${different.join(" and ")} differ; use the same options and files, or another folder`,
      { file: path, different },
    );
  }

  /** Number of shards. */
  get total(): number {
    return Math.ceil(this.#plan.count / this.#plan.shardSize);
  }

  /** The rows of a shard: the first, and the one after the last. */
  range(shard: number): readonly [from: number, to: number] {
    const { shardSize, count } = this.#plan;
    return [shard * shardSize, Math.min(count, (shard + 1) * shardSize)];
  }

  #path(shard: number): string {
    const name = createHash("sha256")
      .update(JSON.stringify([this.#plan, shard]))
      .digest("hex")
      .slice(0, 32);
    return join(this.#folder, "shards", `${String(shard).padStart(6, "0")}-${name}.safetensors`);
  }

  async isDone(shard: number): Promise<boolean> {
    return stat(this.#path(shard)).then(
      () => true,
      () => false,
    );
  }

  /** Write a shard's rows. Throws XrayError `file/…`. */
  async write(shard: number, rows: readonly FeatureRow[]): Promise<void> {
    const there = [...rows.keys()].filter((i) => rows[i]!.features !== undefined);
    const { length } = this.#plan;
    const data = new Float32Array(there.length * length);
    for (const [at, i] of there.entries()) data.set(rows[i]!.features!, at * length);
    const notes = rows.map((row) => row.notes);
    const tensors = new Map<string, Tensor>([["features", float32([there.length, length], data)]]);
    const facts = {
      plan: JSON.stringify(this.#plan),
      shard: String(shard),
      rows: JSON.stringify(there),
      notes: JSON.stringify(notes),
    };
    await writeAtomically(this.#path(shard), safetensorsPieces(tensors, facts));
  }

  /** The rows of a shard, in order. Throws XrayError `features/damaged`, `safetensors/bad-file`, `file/…`. */
  async read(shard: number): Promise<FeatureRow[]> {
    const path = this.#path(shard);
    const { metadata, tensors } = await this.#file(path);
    const [from, to] = this.range(shard);
    const features = tensors.get("features")?.read();
    const isOurs = metadata["plan"] === JSON.stringify(this.#plan) && metadata["shard"] === String(shard);
    if (!isOurs || features === undefined || !(features.data instanceof Float32Array)) {
      const message = `${path}: this is not the shard that the plan means; remove the file, and extract features again`;
      throw new XrayError("features/damaged", message, { file: path });
    }
    const { data } = features;
    const at = new Map((JSON.parse(metadata["rows"]!) as number[]).map((row, i) => [row, i]));
    const notes = JSON.parse(metadata["notes"]!) as string[][];
    const { length } = this.#plan;
    return Array.from({ length: to - from }, (_, row) => {
      const i = at.get(row);
      return {
        features: i === undefined ? undefined : data.subarray(i * length, (i + 1) * length),
        notes: notes[row] ?? [],
      };
    });
  }

  async #file(path: string) {
    try {
      return readSafetensors(await readWhole(path, MAX_SHARD_BYTES));
    } catch (error) {
      throw inFile(path, error);
    }
  }

  /** Throws XrayError `features/incomplete` with the shards that are missing. */
  async checkComplete(): Promise<void> {
    const missing: number[] = [];
    for (let shard = 0; shard < this.total; shard++) if (!(await this.isDone(shard))) missing.push(shard);
    if (missing.length === 0) return;
    throw new XrayError(
      "features/incomplete",
      `${this.#folder}: ${counted(missing.length, "shard")} of ${this.total} ${missing.length === 1 ? "is" : "are"} missing (${someOf(missing, String)}); extract features again, which does only what is missing`,
      { folder: this.#folder, missing },
    );
  }
}
