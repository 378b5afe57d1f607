/** Refusals of parts that need no machine, by their codes and words. */

import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { Truth } from "../../src/app/data/truth.ts";
import { calibrate } from "../../src/calibration/calibration.ts";
import { parsePhantomNote } from "../../src/dataset/phantom/note.ts";
import { ByteReader } from "../../src/formats/bytes.ts";
import { readSafetensors } from "../../src/formats/safetensors.ts";
import { readTorch } from "../../src/formats/torch/read.ts";
import { readWhole } from "../../src/node/files.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { planOverlay } from "../../src/report/overlay/plan.ts";
import { parseTrainingState } from "../../src/training/saved-state.ts";
import { TemporaryFolder } from "../dataset/folder.ts";
import { fixtureBytes } from "../fixtures.ts";
import { concat, u64, utf8 } from "../hostile/builders/bytes.ts";
import * as p from "../hostile/builders/pickle.ts";
import { storage, torchZip } from "../hostile/builders/torch.ts";

const refused = (code: string, words: RegExp) =>
  expect.objectContaining({ name: "XrayError", code, message: expect.stringMatching(words) });

/** A legacy file whose system is big-endian. */
function bigEndian(): Uint8Array {
  const magic = concat(
    Uint8Array.of(0x8a, 10),
    Uint8Array.of(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19),
  );
  const system = p.dict(p.text("little_endian"), p.FALSE);
  return concat(p.pickle(magic), p.pickle(p.int(1001)), p.pickle(system), p.pickle(p.EMPTY_DICT));
}

/** A state dict with a tensor of 5 elements in a storage of 2. */
function beyondItsStorage(): Uint8Array {
  const tensor = p.call(
    "torch._utils",
    "_rebuild_tensor_v2",
    storage("0", 2),
    p.int(0),
    p.tuple(p.int(5)),
    p.tuple(p.int(1)),
    p.FALSE,
    p.EMPTY_DICT,
  );
  return torchZip(p.pickle(p.dict(p.text("w"), tensor)), { "0": new Uint8Array(8) });
}

describe("bytes", () => {
  test.each<[string, RegExp, () => unknown]>([
    ["format/absurd-size", /which no file has/, () => new ByteReader(new Uint8Array(8).fill(255)).u64()],
    [
      "safetensors/bad-file",
      /^this is not a readable safetensors file: its header is not JSON; the file is damaged$/,
      () => readSafetensors(concat(u64(4), utf8("{'a'"))),
    ],
    ["torch/big-endian", /written on a big-endian machine.*; save it again/, () => readTorch(bigEndian())],
    [
      "torch/bad-tensor",
      /a tensor of shape \[5\] reaches beyond its storage of 2 elements/,
      () => readTorch(beyondItsStorage()),
    ],
    [
      "truth/bad-note",
      /^it does not say how the phantoms were drawn: size must be .*; draw them again$/,
      () => parsePhantomNote("{}"),
    ],
    [
      "training/bad-state",
      /^this is not the state of a run: steps must be .*; restore the file, or start another run$/,
      () => parseTrainingState("{}"),
    ],
    [
      "calibration/bad-logit",
      /number 1 is not a number/,
      () => calibrate({ kind: "platt", slope: 1, intercept: 0 }, [0, Number.NaN]),
    ],
    [
      "explain/no-heatmaps",
      /without a heatmap method; open it with one$/,
      () =>
        planOverlay(
          { heatmaps: undefined } as unknown as Parameters<typeof planOverlay>[0],
          {} as unknown as Parameters<typeof planOverlay>[1],
        ),
    ],
  ])("%s", (code, words, work) => {
    expect(work).toThrow(refused(code, words));
  });
});

describe("files and pictures", () => {
  test("file/too-large", async () => {
    const folder = new TemporaryFolder();
    folder.put({ "a.txt": "four" });
    await expect(readWhole(folder.at("a.txt"), 3)).rejects.toThrow(
      refused("file/too-large", /a\.txt: it has 4 bytes, but at most 3 bytes are read$/),
    );
    folder.remove();
  });

  test("raster/elongated", async () => {
    const create = { width: 1, height: 21, channels: 3, background: "white" } as const;
    await expect(decodeRaster(await sharp({ create }).png().toBuffer())).rejects.toThrow(
      refused(
        "raster/elongated",
        /it has 1×21 pixels, but one side may be at most 20 times the other; crop it/,
      ),
    );
  });

  test("raster/unsupported", async () => {
    await expect(decodeRaster(fixtureBytes("image/refused/float32.tif"))).rejects.toThrow(
      refused("raster/unsupported", /its samples are float, but only 8 and 16 bits are read; convert it/),
    );
  });

  test("truth/no-labels", async () => {
    const folder = new TemporaryFolder();
    folder.put({ "labels.csv": "Image Index,Fracture,Patient ID\na.png,1,1\n" });
    await expect(Truth.open(folder.at("labels.csv"), ["Mass"], ["a.png"])).rejects.toThrow(
      refused(
        "truth/no-labels",
        /it says nothing about the model's labels \(Mass\); name a label file that does$/,
      ),
    );
    folder.remove();
  });
});
