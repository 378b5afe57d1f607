import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { distinctWarnings } from "../../src/checks/check.ts";
import { chestPose } from "../../src/checks/chest-pose.ts";
import { POSES } from "../../src/checks/poses.ts";
import { thumbnail } from "../../src/checks/thumbnail.ts";
import { prepareChecked } from "../../src/engine/prepare-view.ts";
import { plainPreparation } from "../../src/image/preparation.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { fixtureJson } from "../fixtures.ts";
import { type Pattern, pattern } from "../image/pattern.ts";
import { maxDifference } from "../support/difference.ts";
import { type Grey, invertedGrey, mirrored, turned } from "./grey.ts";
import { checked, filesOf, open, outcome, reason } from "./grey-files.ts";

const ROOT = new URL("../../", import.meta.url);

interface Case {
  readonly kind?: Pattern;
  readonly seed?: number;
  readonly width?: number;
  readonly height?: number;
  readonly file?: string;
  readonly change: "as it is" | "inverted and turned";
  readonly corner: readonly number[];
  readonly mean: number;
  readonly probabilities: readonly number[];
}

test("thumbnails and probabilities equal those of NumPy and PyTorch", async () => {
  const cases = fixtureJson<Case[]>("checks/frontal-chest.json");
  expect(cases.length).toBeGreaterThan(20);
  for (const { kind, seed, width, height, file, change, corner, mean, probabilities } of cases) {
    const upright: Grey =
      file === undefined
        ? { width: width!, height: height!, grey: pattern(kind!, seed!, width! * height!) }
        : await open(new URL(file, ROOT));
    const small = thumbnail(change === "as it is" ? upright : turned(invertedGrey(upright), 1));
    expect(maxDifference(small.subarray(0, 4), corner)).toBeLessThan(1e-9);
    expect(Math.abs(small.reduce((sum, value) => sum + value, 0) / small.length - mean)).toBeLessThan(1e-9);
    const { poses, chest } = chestPose(small);
    expect(maxDifference([...poses, 1 - chest], probabilities)).toBeLessThan(1e-6);
  }
});

test("a thumbnail is the same wherever in memory the picture lies, and right for one of 40,000 columns", () => {
  const grey = pattern("noise", 7, 101 * 67);
  const aside = new Uint8Array(grey.length + 1).subarray(1);
  aside.set(grey);
  const picture = { width: 101, height: 67 };
  expect(thumbnail({ ...picture, grey: aside })).toEqual(thumbnail({ ...picture, grey }));
  const wide = { width: 40_000, height: 2, grey: new Uint8Array(80_000).fill(255) };
  expect([...new Set(thumbnail(wide))]).toEqual([255]);
});

describe("phantoms", async () => {
  const phantoms = await Promise.all(filesOf(new URL("examples/images/", ROOT)).map(open));

  test("pass upright, also in 64 × 64 pixels and when stretched", () => {
    for (const phantom of phantoms) {
      for (const name of ["frontal-chest", "inverted", "exposure"] as const) {
        expect(outcome(phantom, name)).toBe("pass");
      }
      const small = shrunk(phantom, 64, 64);
      expect(outcome(small, "frontal-chest")).toBe("pass");
      expect(outcome(shrunk(phantom, 300, 360), "frontal-chest")).toBe("pass");
    }
  });

  test("inverted ones are warned about by both checks", () => {
    for (const phantom of phantoms) {
      const picture = invertedGrey(phantom);
      expect(outcome(picture, "frontal-chest")).toBe("warn");
      expect(outcome(picture, "inverted")).toBe("warn");
      expect(reason(picture, "frontal-chest")).toMatch(/^The picture looks inverted \(score /);
      expect(reason(picture, "inverted")).toBe(reason(picture, "frontal-chest"));
      expect(distinctWarnings(checked(picture)).map(({ check }) => check)).toEqual(["frontal-chest"]);
    }
  });

  test("one that is turned and inverted has one sentence with both", () => {
    const picture = turned(invertedGrey(phantoms[0]!), 1);
    const [said, ...more] = distinctWarnings(checked(picture));
    expect(said!.reason).toMatch(/^The picture looks turned by 90° clockwise and inverted \(score /);
    expect(more).toEqual([]);
    expect(outcome(picture, "inverted")).toBe("warn");
  });

  test("in 16 bits they get the checks that they get in 8", async () => {
    const upright = phantoms[0]!;
    const png = (data: Uint8Array | Uint16Array, { width, height }: Grey, space: string) =>
      sharp(data, { raw: { width, height, channels: 1 } })
        .toColourspace(space)
        .png({ compressionLevel: 1 })
        .toBuffer();
    for (const picture of [upright, invertedGrey(upright), turned(upright, 1)]) {
      const words = Uint16Array.from(picture.grey, (value) => value * 257);
      const eight = await decodeRaster(await png(picture.grey, picture, "b-w"));
      const sixteen = await decodeRaster(await png(words, picture, "grey16"));
      expect(sixteen.data).toBeInstanceOf(Uint16Array);
      expect(prepareChecked(sixteen, plainPreparation()).checks).toEqual(
        prepareChecked(eight, plainPreparation()).checks,
      );
    }
  });

  test.each([1, 2, 3])("those turned by %i quarter turns are told by how much", (turns) => {
    for (const phantom of phantoms) {
      const picture = turned(phantom, turns);
      expect(reason(picture, "frontal-chest")).toMatch(
        new RegExp(`^The picture looks turned by ${turns * 90}° clockwise \\(score `),
      );
      expect(outcome(picture, "frontal-chest")).toBe("warn");
      expect(outcome(picture, "inverted")).toBe("pass");
    }
  });

  test("the probabilities of a mirrored one are those of the upright one in another order", () => {
    const found = chestPose(thumbnail(phantoms[0]!));
    const flipped = chestPose(thumbnail(mirrored(phantoms[0]!)));
    expect(flipped.poses[POSES.findIndex((pose) => pose.mirrored)]).toBeCloseTo(found.poses[0]!, 9);
    expect(flipped.chest).toBeCloseTo(found.chest, 9);
  });
});

function shrunk({ width, height, grey }: Grey, columns: number, rows: number): Grey {
  const out = Uint8Array.from({ length: columns * rows }, (_, i) => {
    const x = Math.floor(((i % columns) * width) / columns);
    const y = Math.floor((Math.floor(i / columns) * height) / rows);
    return grey[y * width + x]!;
  });
  return { width: columns, height: rows, grey: out };
}

const drawn = (shade: (x: number, y: number) => number): Grey => ({
  width: 300,
  height: 200,
  grey: Uint8Array.from({ length: 60_000 }, (_, i) => shade((i % 300) / 300, Math.floor(i / 300) / 200)),
});

test.each<[string, Grey]>([
  ["noise", { width: 256, height: 256, grey: pattern("noise", 5, 65_536) }],
  ["black and white noise", { width: 64, height: 64, grey: pattern("edges", 6, 4096) }],
  ["one grey value", drawn(() => 128)],
  ["a gradient from left to right", drawn((x) => 255 * x)],
  ["a gradient from top to bottom", drawn((_, y) => 255 * y)],
  ["stripes", drawn((x) => (Math.floor(x * 12) % 2) * 255)],
  ["a chequered board", drawn((x, y) => ((Math.floor(x * 8) + Math.floor(y * 8)) % 2) * 255)],
  ["a disc", drawn((x, y) => (Math.hypot(x - 0.5, y - 0.5) < 0.3 ? 230 : 20))],
])("%s does not pass", (_, picture) => {
  expect(outcome(picture, "frontal-chest")).not.toBe("pass");
});

test("of what looks like no chest, nothing is said about inversion", () => {
  const noise = { width: 256, height: 256, grey: pattern("noise", 5, 65_536) };
  expect(outcome(noise, "inverted")).toBe("unknown");
});
