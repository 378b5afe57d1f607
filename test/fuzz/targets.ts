/** The targets of the fuzzer: each reader with the seeds of its format. To add a reader, add a row. */

import { headerChecks } from "../../src/checks/header-checks.ts";
import { readOnnxModel } from "../../src/engine/onnx-reader.ts";
import { printable } from "../../src/errors.ts";
import { ByteReader } from "../../src/formats/bytes.ts";
import { readDicom } from "../../src/formats/dicom/read-dicom.ts";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import { unpickle } from "../../src/formats/pickle/unpickle.ts";
import { ZipArchive } from "../../src/formats/zip.ts";
import { channelsOf } from "../../src/image/preparation.ts";
import { CARD_KEY, parseCardText, resolveCard } from "../../src/models/card.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { loadDenseNet } from "../../src/models/load.ts";
import { decodeImage } from "../../src/node/decode.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { makeResultObjects } from "../../src/report/dicom/make-objects.ts";
import { sizeOf } from "../../src/tensor.ts";
import { concat, utf8 } from "../hostile/builders/bytes.ts";
import { IMAGE_NAMES, smallImage } from "../hostile/builders/images.ts";
import { chunk, PNG_SIGNATURE } from "../hostile/builders/png.ts";
import { safetensors } from "../hostile/builders/safetensors.ts";
import { ONE, torchZip } from "../hostile/builders/torch.ts";
import { resultOfLabels } from "../support/results.ts";
import { mutateDicom } from "./dicom-mutate.ts";
import { dicomSeeds } from "./dicom-seeds.ts";
import type { Random } from "./random.ts";
import * as seeds from "./seeds.ts";

/** A result for whatever image it is. */
const OBJECTS_OF = resultOfLabels(["Effusion", "Lung Opacity"]);

export interface Target {
  readonly name: string;
  readonly seeds: () => Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  /** Read one file. It may succeed or throw a proper XrayError, nothing else. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** How its files are damaged, if not as any others. */
  readonly mutate?: (random: Random, seeds: readonly Uint8Array[]) => Uint8Array;
  /** Of `npm run test:fuzz`. */
  readonly iterations: number;
}

/** Read a checkpoint and every tensor in it; what is read must be as long as its shape says. */
function readTensors(bytes: Uint8Array): void {
  for (const [name, entry] of readCheckpoint(bytes).tensors) {
    const { shape, data } = entry.read();
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (data.length !== size) throw new Error(`"${name}" has ${data.length} elements, not ${size}`);
  }
}

/** Read an ONNX file and all of its tensors. */
function readOnnxFile(bytes: Uint8Array): void {
  for (const entry of readOnnx(bytes).graph.initialisers.values()) {
    if (entry.isExternal) continue;
    const { shape, data } = entry.read();
    if (data.length !== sizeOf(shape)) throw new Error(`${data.length} elements, not ${sizeOf(shape)}`);
  }
}

/** Read an ONNX file, and all that is needed to run it. */
function readNetwork(bytes: Uint8Array): void {
  const read = readOnnxModel(bytes);
  if (read.kind === "network") read.load({});
}

function readArchive(bytes: Uint8Array): void {
  const archive = new ZipArchive(bytes);
  for (const entry of archive.entries.values()) archive.read(entry, true);
}

function readCard(bytes: Uint8Array): void {
  const card = parseCardText(new TextDecoder().decode(bytes));
  const inChannels = card.preparation === undefined ? 3 : channelsOf(card.preparation);
  resolveCard({ numLabels: card.labels?.length ?? 14, inChannels }, card);
}

/** A decoded image has as many samples as it says. */
async function readImage(bytes: Uint8Array): Promise<void> {
  const { width, height, channels, data } = await decodeRaster(bytes);
  if (data.length !== width * height * channels) {
    throw new Error(`${data.length} samples, not ${width}×${height}×${channels}`);
  }
}

/** A DICOM image has as many samples as it says, and all that it says about itself can be printed. */
async function readDicomImage(bytes: Uint8Array): Promise<void> {
  const { width, height, channels, data, steps, notes, header } = await decodeImage(bytes);
  if (data.length !== width * height * channels)
    throw new Error(`${data.length} samples, not ${width}×${height}×${channels}`);
  const reasons = headerChecks(header, []).map(({ reason }) => reason);
  const bad = [...steps, ...notes, ...reasons].find((line) => line.length > 300 || line !== printable(line));
  if (bad !== undefined) throw new Error(`it says ${JSON.stringify(bad)}`);
}

/** What is carried over from a damaged header makes objects that can be read, whose names and identifiers are not too long. */
async function makeObjects(bytes: Uint8Array): Promise<void> {
  const [source, madeAt] = [await readDicom(bytes), new Date(0)];
  const overlay = { width: 1, height: 1, data: new Uint8Array(3) };
  const request = { source, result: OBJECTS_OF, style: "report", options: "", madeAt, overlay } as const;
  for (const object of await makeResultObjects(request)) {
    const { elements, missing, notes } = await readDicom(object.bytes);
    if (missing > 0 || notes.length > 0) throw new Error(`an object is damaged: ${notes}`);
    if (elements.text("x00080018") !== object.sopInstanceUid) throw new Error("the UID was lost");
    const long = ["x00100010", "x00100020", "x00081030", "x00080050"].find((tag) => {
      const texts = elements.texts(tag);
      return texts.length > 1 || texts[0]?.split("=").some((part) => [...part].length > 64);
    });
    if (long !== undefined) throw new Error(`${long} is not valid`);
  }
}

/** Make the checksums of a PNG's chunks right again, as far as its chunks can be told apart. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: Uint8Array[] = [PNG_SIGNATURE];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    pieces.push(chunk(type, bytes.subarray(at + 8, at + 8 + length)));
    at += 12 + length;
  }
  return concat(...pieces, bytes.subarray(at));
}

const images = (format: string) => () =>
  Promise.all(IMAGE_NAMES.filter((name) => name.startsWith(format)).map(smallImage));
const pngs = async () => [...(await images("png")()), ...seeds.ODD_PNGS];

export const TARGETS: readonly Target[] = [
  {
    name: "pickle",
    seeds: () => seeds.PLAIN_PICKLES,
    read: (b) => unpickle(new ByteReader(b)),
    iterations: 20_000,
  },
  {
    name: "torch-pickle",
    seeds: () => seeds.PICKLES,
    read: (b) => readTensors(torchZip(b, { 0: ONE })),
    iterations: 20_000,
  },
  { name: "torch-zip", seeds: () => seeds.TORCH_ZIPS, read: readTensors, iterations: 6000 },
  { name: "torch-legacy", seeds: () => seeds.LEGACY, read: readTensors, iterations: 20_000 },
  { name: "zip", seeds: () => seeds.TORCH_ZIPS, read: readArchive, iterations: 6000 },
  { name: "safetensors", seeds: () => seeds.SAFETENSORS, read: readTensors, iterations: 20_000 },
  {
    name: "onnx",
    seeds: () => [...seeds.ONNX, ...seeds.UNRUN_ONNX],
    read: readOnnxFile,
    iterations: 20_000,
  },
  { name: "onnx-network", seeds: () => seeds.ONNX, read: readNetwork, iterations: 20_000 },
  { name: "card", seeds: () => seeds.CARDS.map(utf8), read: readCard, iterations: 20_000 },
  {
    name: "card-in-safetensors",
    seeds: () => seeds.CARDS.map(utf8),
    read: (b) => readCheckpoint(safetensors({ __metadata__: { [CARD_KEY]: new TextDecoder().decode(b) } })),
    iterations: 6000,
  },
  {
    name: "densenet",
    seeds: () => [seeds.wholeModel()],
    read: (b) => loadDenseNet(torchZip(b, { 0: ONE })),
    iterations: 500,
  },
  { name: "png", seeds: pngs, read: readImage, iterations: 6000 },
  { name: "png-checksums", seeds: pngs, read: (b) => readImage(withChecksums(b)), iterations: 6000 },
  { name: "jpeg", seeds: images("jpeg"), read: readImage, iterations: 6000 },
  { name: "tiff", seeds: images("tiff"), read: readImage, iterations: 6000 },
  { name: "webp", seeds: images("webp"), read: readImage, iterations: 6000 },
  { name: "dicom-objects", seeds: dicomSeeds, read: makeObjects, mutate: mutateDicom, iterations: 3000 },
  { name: "dicom", seeds: dicomSeeds, read: readDicomImage, mutate: mutateDicom, iterations: 20_000 },
];
