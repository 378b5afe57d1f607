/**
 * What a DICOM header says of a person, a place or a time stays in the file. Every command is run on files full of made-up
 * secrets, whole and damaged; then all that it printed, wrote, kept or named is searched for them.
 */

import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { mutateDicom } from "../fuzz/dicom-mutate.ts";
import { mix, Random } from "../fuzz/random.ts";
import { damagedDicoms, instanceUid, SECRETS, secretDicom } from "./secrets.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
const SIDE = 256;
const MUTATIONS = 60;
const desk = new Desk();

/** The examples as DICOM files, with a label file that names them; and a folder of damaged ones. */
beforeAll(async () => {
  const names = readdirSync(join(EXAMPLES, "images")).sort();
  const files = await Promise.all(
    names.map(async (name, i) => {
      const image = sharp(join(EXAMPLES, "images", name))
        .resize(SIDE, SIDE)
        .greyscale()
        .raw();
      return secretDicom(i, SIDE, SIDE, new Uint8Array(await image.toBuffer()));
    }),
  );
  for (const [i, bytes] of files.entries())
    desk.put(`data/images/${names[i]!.replace(".png", ".dcm")}`, bytes);
  const labels = readFileSync(join(EXAMPLES, "Data_Entry_2017.csv"), "utf8");
  desk.put("data/Data_Entry_2017.csv", labels.replaceAll(".png", ".dcm"));
  desk.put("list.txt", names.map((name) => name.replace(".png", ".dcm")).join("\n"));
  const whole = files[0]!;
  const mutated = Array.from({ length: MUTATIONS }, (_, i) =>
    mutateDicom(new Random(mix("secrets", 1, i)), [whole]),
  );
  for (const [i, bytes] of [...damagedDicoms(whole), ...mutated].entries())
    desk.put(`damaged/${i}.dcm`, bytes);
  for (const folder of ["home", "tmp"]) mkdirSync(desk.path(folder));
});
afterAll(() => desk.remove());

/** All files below the desk but those that were put there. */
const written = (): string[] =>
  readdirSync(desk.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(desk.folder.length + 1))
    .filter((file) => !/^(?:data\/images|damaged)\/[^/]+\.dcm$/.test(file));

/** Secrets in some bytes, in one byte a character or in UTF-16. */
function secretsIn(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return SECRETS.filter((secret) => text.includes(secret) || text.includes(secret, 0, "utf16le"));
}

/** Files that were searched, with the time of their last change. */
const searched = new Map<string, number>();

/** The files that were written since the last search. */
function newFiles(): string[] {
  const files = written();
  const fresh = files.filter((file) => searched.get(file) !== statSync(desk.path(file)).mtimeMs);
  for (const file of fresh) searched.set(file, statSync(desk.path(file)).mtimeMs);
  return fresh;
}

/** Run a command, and find nothing of the headers in anything that it leaves. */
async function expectSilence(args: readonly string[], codes: readonly number[] = [0]): Promise<string> {
  const env = { HOME: desk.path("home"), TMPDIR: desk.path("tmp") };
  const { code, stdout, stderr } = await desk.run(args, { env });
  expect(codes, stderr.slice(0, 2000)).toContain(code);
  const files = written();
  const found = [
    ["stdout", Buffer.from(stdout)] as const,
    ["stderr", Buffer.from(stderr)] as const,
    ["the names of files", Buffer.from(files.join("\n"))] as const,
    ...newFiles().map((file) => [file, readFileSync(desk.path(file))] as const),
  ].flatMap(([where, bytes]) => secretsIn(bytes).map((secret) => `${secret} in ${where}`));
  expect(found).toEqual([]);
  return `${stdout}\n${stderr}\n${files.join("\n")}`;
}

const FIRST = "data/images/00000001_000.dcm";
const PREDICT = ["predict", "--model", "demo", "--force", "--image"];

test("the secrets are in the files, and would be found", () => {
  expect(secretsIn(readFileSync(desk.path(FIRST)))).toEqual(SECRETS);
  expect(secretsIn(Buffer.from(`a ${SECRETS[0]}`, "utf16le"))).toContain(SECRETS[0]);
});

/** Commands on whole files: the name, the arguments, and what shows that it did its work. */
const COMMANDS: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["a prediction as text", [...PREDICT, FIRST, "--verbose"], /Detected {2}:/],
  ["a prediction as JSON", [...PREDICT, FIRST, "--format", "json"], /"probabilities"/],
  ["predictions as NDJSON", [...PREDICT, "data/images", "--format", "ndjson"], /"checks"/],
  ["predictions as CSV", [...PREDICT, "data/images", "--format", "csv"], /Image Index,/],
  [
    "overlays and maps",
    [...PREDICT, "data/images", "--gradcam", "--findings", "all", "--out", "out", "--heatmaps", "maps.npy"],
    /00000001_000/,
  ],
  ["an overlay by layer", [...PREDICT, FIRST, "--gradcam", "--method", "layercam"], /gradcam_result\.jpg/],
  ["a name by hash", [...PREDICT, FIRST, "--name-by", "hash", "--format", "json"], /"image": "[0-9a-f]{16}"/],
  ["an image", ["data", "image", FIRST, "--to", "image.png"], /image\.png/],
  ["an image, equalised", ["data", "image", FIRST, "--to", "equal.png", "--voi", "equalize"], /equal\.png/],
  ["a summary of labels", ["data", "summary", "--data", "data"], /images/i],
  ["a summary of headers", ["data", "summary", "--data", "data/images", "--format", "json"], /"modalities"/],
  [
    "an evaluation",
    ["evaluate", "--data", "data", "--model", "demo", "--bootstrap", "100", "--out", "report", "--force"],
    /AUROC/,
  ],
  [
    "a training",
    [
      ...["train", "--data", "data", "--backbone", "demo", "--epochs", "1", "--val-fraction", "0.3"],
      ...["--out", "run"],
    ],
    /run\/model\.safetensors/,
  ],
  [
    "a calibration",
    [
      ...["calibrate", "--data", "data", "--model", "demo", "--list", "list.txt", "--force"],
      ...["--to", "calibrated.safetensors"],
    ],
    /calibrated\.safetensors/,
  ],
];

test.for(COMMANDS)("%s", async ([, args, work]) => {
  expect(await expectSilence(args)).toMatch(work);
});

test.for(["text", "ndjson", "csv"])("damaged files, as %s", async (format) => {
  const args = [
    ...PREDICT,
    "damaged",
    "--format",
    format,
    "--verbose",
    "--gradcam",
    "--out",
    `out-${format}`,
  ];
  expect(await expectSilence(args, [1])).toMatch(/damaged\/\d+\.dcm/);
});

test("a damaged file that is saved as PNG", async () => {
  for (const name of ["0.dcm", "3.dcm", "16.dcm"])
    expect(
      await expectSilence(["data", "image", `damaged/${name}`, "--to", `${name}.png`, "--verbose"], [0, 1]),
    ).toMatch(/damaged\/\d+\.dcm|\d\.dcm\.png/);
});

test("names by UID hold the instance's UID, and nothing else", async () => {
  const args = [...PREDICT, FIRST, "--name-by", "uid", "--format", "json"];
  const { stdout, stderr } = await desk.run(args, { env: { HOME: desk.path("home") } });
  expect(JSON.parse(stdout).image).toBe(instanceUid(0));
  const rest = `${stdout}\n${stderr}`.replaceAll(instanceUid(0), "");
  expect(secretsIn(Buffer.from(rest))).toEqual([]);
});
