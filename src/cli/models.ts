/**
 * `medical-x models list | pull | inspect | convert`.
 *
 * Knows: the command line. The work is done in `app/`.
 */

import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { type ConvertOptions, convertModel, WEIGHT_DTYPES } from "../app/models/convert.ts";
import { inspectModel } from "../app/models/inspect.ts";
import { DEMO } from "../app/models/locate-model.ts";
import { shownDistance } from "../checks/known-images.ts";
import type { ReadOptions } from "../engine/read-model.ts";
import { printable, type XrayError } from "../errors.ts";
import { displayName } from "../findings.ts";
import { CATALOGUE, type CatalogueRow } from "../models/catalogue.ts";
import { modelPath } from "../node/cache.ts";
import { recipeWords } from "../report/words/heatmaps.ts";
import { quantisedLines } from "../report/words/quantised.ts";
import { share } from "../report/words/table.ts";
import type { Inspection } from "../results/inspection.ts";
import type { ListedModel } from "../results/models-list.ts";
import { showShape } from "../tensor.ts";
import { agreeing, byteSize, counted } from "../text.ts";
import { printResult, say, sayError } from "./console.ts";
import { endOnInterrupt, Interrupt } from "./interrupt.ts";
import {
  formatOption,
  labelsOption,
  limitOption,
  pathOption,
  requiredPath,
  verboseOption,
  weightsOption,
} from "./options.ts";
import { startProgress, withBar } from "./progress.ts";

const CHECKS: { readonly [K in CatalogueRow["check"]["kind"]]: string } = {
  "sha256-prefix": "SHA-256 published",
  "git-blob": "git blob id published",
  "first-download": "nothing published; its first download is recorded",
};

function rowObject({ name, title, url, use, check, card }: CatalogueRow, isHere: boolean): ListedModel {
  return { name, title, use, url, pulled: isHere, check, ...card };
}

/** The package's own model, which is not in the catalogue. */
const DEMO_ROW: ListedModel = {
  name: DEMO,
  title: "comes with the package: trained on drawn phantoms, knows nothing else",
  use: "findings",
  url: null,
  pulled: true,
  trainedOn: "phantoms",
};

async function list(format: string): Promise<void> {
  const rows = CATALOGUE.map((row) => ({ row, isHere: existsSync(modelPath(row.file)) }));
  if (format === "json") {
    await printResult(
      `${JSON.stringify([...rows.map(({ row, isHere }) => rowObject(row, isHere)), DEMO_ROW], null, 2)}\n`,
    );
    return;
  }
  const width = Math.max(...CATALOGUE.map(({ name }) => name.length));
  for (const { row, isHere } of rows) {
    await printResult(`${isHere ? "●" : "○"} ${row.name.padEnd(width)}  ${row.title}\n`);
    const indent = " ".repeat(width + 4);
    await printResult(`${indent}licence: ${row.card.licence}; check: ${CHECKS[row.check.kind]}\n`);
  }
  await printResult(`● ${DEMO.padEnd(width)}  ${DEMO_ROW.title}
`);
  await printResult("\n● on this machine   ○ fetch with `medical-x models pull <name>`\n");
}

async function pull(name: string, url: string | undefined): Promise<void> {
  // The HTTP client takes longer to load than all else.
  const { pullModel } = await import("../app/models/pull.ts");
  const bar = await startProgress(0, "{bar} {percentage}% {of}, {eta_formatted} left");
  try {
    const pulled = await pullModel(name, {
      onProgress: ({ received, total }) =>
        bar.update(received, total, { of: total === undefined ? "" : `of ${byteSize(total)}` }),
      ...(url === undefined ? {} : { url }),
    });
    bar.stop();
    const { path, sha256, size, licence, citation } = pulled;
    await printResult(`${pulled.wasHere ? "already here" : "saved"}: ${path}\n`);
    await printResult(`size    : ${byteSize(size)}\nsha256  : ${sha256}\n`);
    await printResult(`licence : ${licence}\ncite    : ${citation}\n`);
    if (pulled.isFirst) {
      say(
        "medical-x: its publishers give no hash to check; this one was recorded, and later downloads must match it",
      );
    }
  } finally {
    bar.stop();
  }
}

const knownImagesText = ({ statistic, description, limit }: NonNullable<Inspection["knownImages"]>): string =>
  `${statistic}, from ${description}; an image over ${shownDistance(limit)} is warned about`;

/** The heatmap of each finding in a line of its own. */
const mapsText = ({ description, findings }: NonNullable<Inspection["maps"]>): string => {
  const lines = Object.entries(findings).map(([label, { method, layers, measured }]) => {
    const figures = measured && ` (pointing ${share(measured.pointing)}, control ${share(measured.control)})`;
    return `\n  ${printable(displayName(label))}: ${recipeWords({ method, layers })}${figures ?? ""}`;
  });
  return `${description}${lines.join("")}`;
};

/** What an ONNX file's graph takes and gives, and which operators it uses. */
function graphText({ irVersion, producer, opsets, inputs, outputs, ops }: NonNullable<Inspection["graph"]>) {
  const ports = (some: typeof inputs) =>
    some
      .map(({ name, dtype, shape }) =>
        `${name} ${dtype ?? "?"} ${shape === null ? "" : showShape(shape)}`.trim(),
      )
      .join("; ");
  const versions = Object.entries(opsets).map(([domain, version]) => `${domain} ${version}`);
  return [
    `ONNX        : IR version ${irVersion}, opset ${versions.join(", ")}, written by ${producer || "an unnamed program"}`,
    `Inputs      : ${ports(inputs)}`,
    `Outputs     : ${ports(outputs)}`,
    `Operators   : ${Object.entries(ops)
      .map(([type, count]) => (count === 1 ? type : `${count} ${type}`))
      .join(", ")}`,
  ];
}

function inspectionText({
  kind,
  graph,
  missing,
  format,
  where,
  tensors,
  labels,
  labelSource,
  preparation,
  source,
  trainedOn,
  calibration,
  roc,
  learnedFrom,
  knownImages,
  maps,
  activation,
  quantised,
  notes,
  unmatched,
}: Inspection): string {
  const width = Math.max(0, ...tensors.map(({ name }) => name.length));
  const rows = tensors.map(
    ({ name, dtype, shape }) => `  ${name.padEnd(width)}  ${dtype} ${showShape(shape)}`,
  );
  const verdict =
    kind === "network"
      ? `a network that is run and not understood${missing === null ? "" : `; it cannot predict: ${missing}`}`
      : unmatched.length === 0
        ? "a complete DenseNet121"
        : `not a DenseNet121: ${counted(unmatched.length, "tensor")} ${agreeing(unmatched.length, "does", "do")} not match\n${unmatched.map((line) => `  ${line}`).join("\n")}`;
  return [
    ...rows,
    "",
    `Format      : ${format} (${where})`,
    `Tensors     : ${tensors.length}`,
    ...(graph === null ? [] : graphText(graph)),
    `Labels      : ${labels === null ? "not known" : `${labels.join(", ")} (${labelSource})`}`,
    `Preparation : ${preparation === null ? "not known" : preparation.map(({ step }) => step).join(", ")}`,
    ...(source === null ? [] : [`Source      : ${source}`]),
    ...(trainedOn === null ? [] : [`Trained on  : drawn ${trainedOn} only`]),
    ...(learnedFrom === null ? [] : [`Learned from: ${learnedFrom.join("; ")}`]),
    ...(knownImages === null ? [] : [`Known images: ${knownImagesText(knownImages)}`]),
    ...(maps === null ? [] : [`Heatmaps    : ${mapsText(maps)}`]),
    ...(calibration === null ? [] : [`Calibration : ${calibration}`]),
    ...(roc === null ? [] : [`ROC curves  : measured on ${roc}`]),
    ...(quantised === null
      ? []
      : [
          `Quantised   : ${quantised.description}`,
          ...quantisedLines(quantised).map((line) => `              ${line}`),
        ]),
    ...(activation === null || activation === "sigmoid" ? [] : [`Activation  : ${activation}`]),
    ...notes.map((note) => `Note        : ${printable(note)}`),
    `Verdict     : ${verdict}`,
    "",
  ].join("\n");
}

/** The options of `convert` as commander gives them. */
interface ConvertFlags extends Pick<ConvertOptions, "dtype" | "calibrate" | "limit">, ReadOptions {
  readonly to: string;
  readonly verbose?: boolean;
}

/** Run `convert`. Returns the exit code: 0 if all is done, 1 if an image was left out. */
async function convert(file: string, { to, verbose = false, ...options }: ConvertFlags): Promise<number> {
  const interrupt = new Interrupt();
  let failed = 0;
  const hooks = {
    withProgress: withBar,
    onFailure: (error: XrayError) => {
      failed++;
      sayError(error, verbose);
    },
    isStopping: () => interrupt.isSet,
  };
  const { tensors, notes, quantised, bytes } = await interrupt.during(() =>
    convertModel(file, to, { ...options, ...hooks }),
  );
  for (const note of notes) say(`medical-x: ${printable(`${file}: ${note}`)}`);
  if (quantised !== undefined)
    for (const line of quantisedLines(quantised)) say(`medical-x: ${printable(line)}`);
  say(`medical-x: wrote ${to} (${bytes === undefined ? counted(tensors, "tensor") : byteSize(bytes)})`);
  return failed > 0 ? 1 : 0;
}

/** Add the commands to the program. */
export function addModels(program: Command, finish: (code: number) => void): void {
  const models = program.command("models").description("list, fetch, inspect and convert checkpoints");
  models
    .command("list")
    .description("list the public checkpoints that can be fetched")
    .addOption(formatOption())
    .addOption(verboseOption())
    .action(({ format }: { format: string }) => list(format));
  models
    .command("pull")
    .argument("<name>", "a name from `models list`")
    .description("fetch a public checkpoint and check it")
    .addOption(pathOption("--url <url>", "fetch from a mirror, with the same check"))
    .addOption(verboseOption())
    .action((name: string, { url }: { url?: string }) => pull(name, url));
  models
    .command("inspect")
    .argument("<file>", "a checkpoint, or the name of a pulled model")
    .description("show what is in a checkpoint, without executing any of it")
    .addOption(weightsOption())
    .addOption(formatOption())
    .addOption(verboseOption())
    .action(async (file: string, { format, ...options }: { format: string } & ReadOptions) => {
      const found = await inspectModel(file, options);
      await printResult(format === "json" ? `${JSON.stringify(found, null, 2)}\n` : inspectionText(found));
    });
  models
    .command("convert")
    .argument("<file>", "a checkpoint, or the name of a pulled model")
    .description("write a checkpoint in another format")
    .addOption(requiredPath("--to <file>", "file to write: .safetensors, .pth or .onnx"))
    .addOption(labelsOption("names of the model's outputs, in order"))
    .addOption(weightsOption())
    .addOption(
      new Option("--dtype <type>", "data type of the weights; float16 halves the file size, int8 quarters it")
        .choices(WEIGHT_DTYPES)
        .default("float32"),
    )
    .addOption(pathOption("--calibrate <folder|list>", "X-rays to measure ranges on, for int8"))
    .addOption(limitOption())
    .addOption(verboseOption())
    .action(async (file: string, flags: ConvertFlags) =>
      finish(await endOnInterrupt(() => convert(file, flags), flags)),
    );
}
