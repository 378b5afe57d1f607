import { utimesSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "./run.ts";
import { furnish, imageName, labelFile, metricsOf, trainOn } from "./train-data.ts";

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
});
afterAll(() => desk.remove());

test("two runs at once may fill the same cache", async () => {
  const env = { MEDICAL_X_CACHE: desk.path("shared-cache") };
  const both = await Promise.all(
    [1, 2].map((seed) => trainOn(desk, `--seed ${seed} --out at-once-${seed}`, { env })),
  );
  expect(both.map(({ stderr }) => stderr.includes("damaged"))).toEqual([false, false]);
});

test("other images of the same name, size and time have features of their own", async () => {
  const at = new Date("2020-01-01");
  for (const [folder, flip] of [
    ["one", 0],
    ["two", 255],
  ] as const) {
    desk.put(`${folder}/labels.csv`, labelFile(6).replaceAll(".png", ".tif"));
    for (let i = 0; i < 6; i++) {
      const data = Uint8Array.from({ length: 1024 }, (_, j) => ((j * 7 * (i + 1)) % 256) ^ flip);
      const raw = { width: 32, height: 32, channels: 1 } as const;
      const tiff = sharp(data, { raw }).toColourspace("b-w").tiff({ compression: "none" });
      utimesSync(desk.put(`${folder}/${imageName(i).replace("png", "tif")}`, await tiff.toBuffer()), at, at);
    }
  }
  for (const folder of ["one", "two"])
    await trainOn(desk, `--data ${folder} --val-fraction 0 --out of-${folder}`);
  const [one, two] = ["one", "two"].map((folder) => metricsOf(desk, `of-${folder}`)[0]!.train_loss);
  expect(one).not.toBe(two);
});
