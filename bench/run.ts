/**
 * `npm run bench`: runs our side and PyTorch's alternately and prints one table.
 *
 * Options: `--images <folder of 1024² PNGs>` (made-up images by default), `--write` to store the table in
 * docs/benchmarks.md, `--only single,forward,int8,heatmaps,folder,steps,head,table,evaluation,server`, `--tables
 * <Data_Entry….csv.gz>`.
 */

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { FINDING_NAMES } from "../src/findings.ts";
import { torchPieces } from "../src/formats/torch/write.ts";
import { resolveCard } from "../src/models/card.ts";
import { writeAtomically } from "../src/node/files.ts";
import { seededWeights } from "../test/support/seeded-weights.ts";
import { benchCardMaps } from "./card-maps.ts";
import { benchEvaluation } from "./evaluation.ts";
import { benchForward, benchHeatmaps } from "./forward.ts";
import { benchInt8 } from "./int8.ts";
import { benchFolder, benchSingle } from "./processes.ts";
import { PytorchForward, pytorchVersion } from "./pytorch.ts";
import { benchServer } from "./server.ts";
import { type Row, table } from "./table.ts";
import { benchHead, benchSteps, benchTable } from "./training.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    write: { type: "boolean", default: false },
    only: {
      type: "string",
      default: "single,forward,int8,heatmaps,folder,steps,head,table,evaluation,server",
    },
    tables: { type: "string", default: "../shared/data/nih-labels/Data_Entry_2017_v2020.csv.gz" },
  },
});
const FOLDER_IMAGES = 128;
const NOTES = "## Where the time goes";
const PURPOSE =
  "This page is for anyone who plans a large run or wants to make Medical-X faster. It compares the speed with PyTorch's and shows where the time goes.";
const threads = cpus().length;

/** Make images as large and as noisy as X-rays, for use if no folder of real ones is given. */
async function madeImages(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (let i = 0; i < 16; i++) {
    const pixels = Uint8Array.from(
      { length: 1024 * 1024 },
      (_, p) => 90 + 60 * Math.sin(p / 4096 + i) + Math.random() * 12,
    );
    const file = join(folder, `made${i}.png`);
    await sharp(pixels, { raw: { width: 1024, height: 1024, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toFile(file);
    files.push(file);
  }
  return files;
}

async function imageFiles(folder: string): Promise<string[]> {
  if (values.images === undefined) return madeImages(folder);
  const names = await readdir(values.images);
  return names.filter((name) => name.endsWith(".png")).map((name) => resolve(values.images!, name));
}

const wants = (part: string): boolean => values.only.split(",").includes(part);
const folder = await mkdtemp(join(tmpdir(), "medical-x-bench-"));
// First, while the process is as fresh as a user's.
const tableRows = wants("table") ? benchTable(values.tables) : [];
try {
  const version = pytorchVersion();
  const weights = seededWeights(1);
  const outputs = [...FINDING_NAMES.keys()];
  const model = {
    ...weights,
    card: resolveCard(weights, {}),
    format: "torch-zip" as const,
    outputs,
    weightKind: "plain" as const,
    notes: [],
  };
  const file = join(folder, "densenet121_model.pth");
  await writeAtomically(file, torchPieces(weights.tensors));
  const images = await imageFiles(folder);
  const many = Array.from({ length: FOLDER_IMAGES }, (_, i) => images[i % images.length]!);
  const rows: Row[] = [];
  if (wants("single")) rows.push(...(await benchSingle(file, images.at(-1)!, folder, version !== undefined)));
  if (wants("forward")) {
    const pytorch = version === undefined ? undefined : await PytorchForward.start();
    rows.push(...(await benchForward(model, threads, pytorch)));
    pytorch?.stop();
  }
  if (wants("int8")) rows.push(...(await benchInt8(model, threads)));
  if (wants("heatmaps"))
    rows.push(...(await benchHeatmaps(model, threads)), ...(await benchCardMaps(threads)));
  if (wants("folder")) rows.push(...(await benchFolder(file, many, folder, version !== undefined)));
  if (wants("server")) rows.push(...(await benchServer(file, many, folder)));
  if (wants("steps")) rows.push(...(await benchSteps(threads, version !== undefined)));
  if (wants("head")) rows.push(...(await benchHead(folder, threads)));
  rows.push(...tableRows);
  if (wants("evaluation")) rows.push(...(await benchEvaluation(values.tables, folder)));
  const machine = `${cpus()[0]?.model.trim()}, ${threads} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}; ${version === undefined ? "no PyTorch here" : `PyTorch ${version}`}; ${threads} threads, float32`;
  const report = `Machine: ${machine}.\nImages: ${values.images === undefined ? "made up" : "NIH X-rays"}. Both sides run in turn; figures are medians; a ratio is ours over the other.\n\n${table(rows)}\n`;
  console.log(report);
  if (values.write) {
    const page = new URL("../../docs/benchmarks.md", import.meta.url);
    // Keep the handwritten notes below the table.
    const [, notes = ""] = (await readFile(page, "utf8").catch(() => "")).split(NOTES);
    const date = new Date().toISOString().slice(0, 10);
    const head = `# Benchmarks\n\n${PURPOSE}\nMade by \`npm run bench -- --images <folder> --write\` on ${date}.\n\n`;
    await writeFile(page, `${head}${report}\n${NOTES}${notes}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
