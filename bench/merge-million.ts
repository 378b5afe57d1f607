/**
 * Time and memory of `merge` over a million made rows: no image is read, and no model runs.
 *
 * npm run bench:merge [-- rows]
 *
 * It writes the folder of a plan to a temporary folder with the code of `score`, and then runs the built command.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PlanFile, PlanWriter } from "../src/app/scoring/plan-file.ts";
import { makeShardFolder, writeShard } from "../src/app/scoring/shard-file.ts";
import { FINDING_NAMES } from "../src/findings.ts";
import { Random } from "../src/random.ts";
import type { ScoreRow } from "../src/report/scoring/score-row.ts";
import { VERSION } from "../src/version.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const out = mkdtempSync(join(tmpdir(), "medical-x-merge-"));
const main = fileURLToPath(new URL("../../dist/bin/medical-x.js", import.meta.url));

const pathOf = (i: number): string =>
  `images_${String(i % 12).padStart(3, "0")}/images/${String(i).padStart(8, "0")}_000.png`;

function rowOf(i: number, random: Random): ScoreRow {
  const image = `chestxray14/${pathOf(i)}`;
  const sha256 = createHash("sha256").update(image).digest("hex");
  if (i % 5000 === 17)
    return {
      image,
      probabilities: null,
      calibrated: null,
      checks: null,
      sha256,
      error: { code: "raster/damaged", message: `${image}: the file is cut short` },
    };
  return {
    image,
    probabilities: FINDING_NAMES.map(() => random.next()),
    calibrated: null,
    checks: i % 40 === 3 ? "view" : "",
    sha256,
    error: null,
  };
}

async function make(): Promise<void> {
  const path = join(out, "plan.json");
  const labels = [...FINDING_NAMES];
  const writer = await PlanWriter.create(path, {
    schema: "medical-x/plan@1",
    version: VERSION,
    shardSize: 1000,
    source: { kind: "folder", given: "chestxray14", base: "folder", sha256: null },
    model: {
      name: "made",
      sha256: "0".repeat(64),
      weights: "plain",
      labels,
      calibrated: [],
      preparation: [],
    },
    options: { force: false, voi: "default", frame: null, page: null, device: "cpu" },
  });
  for (let i = 0; i < rows; i++)
    await writer.add({ path: pathOf(i), size: 400_000 + i, time: 1_700_000_000_000, version: null });
  await writer.commit(null);
  const plan = (await PlanFile.open(path))!;
  await makeShardFolder(out);
  for (const shard of plan.shards) {
    const random = Random.of(0, shard.number);
    const made = Array.from({ length: shard.count }, (_, i) => rowOf(shard.from + i, random));
    await writeShard(out, plan, shard, made);
  }
}

await make();
for (const ending of ["parquet", "csv", "ndjson"]) {
  const to = join(out, `table.${ending}`);
  const began = performance.now();
  const { status, stderr } = spawnSync(
    "/usr/bin/time",
    ["-f", "%U %M", process.execPath, main, "merge", out, "--to", to],
    { encoding: "utf8" },
  );
  const seconds = (performance.now() - began) / 1000;
  const [user, memory] = stderr.trim().split("\n").at(-1)!.split(" ").map(Number);
  console.log(
    `${ending}: ${rows} rows, exit code ${status}, ${seconds.toFixed(1)} s (${user} s of a processor), ${(memory! / 1024).toFixed(0)} MiB at most, ${(statSync(to).size / 1e6).toFixed(0)} MB`,
  );
}
rmSync(out, { recursive: true });
