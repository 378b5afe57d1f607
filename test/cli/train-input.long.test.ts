import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "./run.ts";
import { bytesIn, COUNT, filesBelow, furnish, hashOf, imageName, metricsOf, trainOn } from "./train-data.ts";

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
});
afterAll(() => desk.remove());

/** A copy of the data folder that may be damaged. */
function copyAs(name: string): void {
  cpSync(desk.path("xrays"), desk.path(name), { recursive: true });
}

/** Replace an image by something that is not a complete image. */
function damage(folder: string, i: number, kind: "text" | "truncated"): void {
  const path = desk.path(folder, "images", imageName(i));
  const content = kind === "text" ? "this is no picture\n" : readFileSync(path).subarray(0, 300);
  // In one step, so that no reader finds it empty meanwhile.
  renameSync(desk.put(`${folder}/aside`, content), path);
}

test("a truncated image and a text are left out, counted and said; training goes on", async () => {
  copyAs("damaged");
  damage("damaged", 1, "truncated");
  damage("damaged", 7, "text");
  const { code, stderr } = await trainOn(desk, "--data damaged --out left-out");
  expect(code).toBe(1);
  expect(stderr.match(/^medical-x: left out: /gm)).toHaveLength(2);
  expect(stderr).toContain("the png image cannot be decoded");
  expect(stderr).toContain(
    "this is not an image of a known format; PNG, JPEG, TIFF, WebP and DICOM are read",
  );
  expect(stderr).toContain(
    "medical-x: 2 images could not be read and were left out; left-out/model-card.md has the count\n",
  );
  expect(metricsOf(desk, "left-out")).toHaveLength(2);
});

test("an image that becomes unreadable between two epochs is left out of the rest; the model is whole", async () => {
  copyAs("fading");
  // Without a cache each epoch reads the images again. Training stops when an epoch meets the damage.
  const settings = "--data fading --unfreeze norm5 --feature-cache off --epochs 1000 --val-fraction 0";
  let isHarmed = false;
  let isStopped = false;
  const { code, stderr } = await trainOn(desk, `${settings} --out faded`, {
    onStderr: (text, child) => {
      if (!isHarmed && text.includes("epoch 1/1000")) {
        isHarmed = true;
        damage("fading", 0, "text");
        rmSync(desk.path("fading/images", imageName(5)));
      }
      const met = [text.indexOf("known format"), text.indexOf("no such file")];
      if (isStopped || met.includes(-1) || !text.includes("\nepoch", Math.max(...met))) return;
      isStopped = true;
      child.kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(stderr).toMatch(/left out: .*this is not an image of a known format/);
  expect(stderr).toMatch(/left out: .*fading\/images\/x05\.png: there is no such file/);
  expect(metricsOf(desk, "faded").every(({ train_loss }) => Number.isFinite(train_loss))).toBe(true);
  const card = bytesIn(desk, "faded", "model-card.md").toString("utf8");
  expect(card).toContain("left out because they could not be read: 2 images");
  const inspected = await desk.run(["models", "inspect", "faded/model.safetensors"]);
  expect(inspected.code).toBe(0);
});

test("images missing since the run began are told when it is resumed, and the run stays as it is", async () => {
  copyAs("shrinking");
  expect((await trainOn(desk, "--data shrinking --out shrunk")).code).toBe(0);
  const before = hashOf(desk, "shrunk", "model.safetensors");
  for (const i of [0, 4, 8]) rmSync(desk.path("shrinking/images", imageName(i)));
  const { code, stderr } = await trainOn(desk, "--data shrinking --out shrunk --resume");
  expect(code).toBe(1);
  expect(stderr).toContain("3 of the 18 images in the label file were not found and are left out: x00.png");
  expect(stderr).toMatch(
    /this run was started with other settings: images\.(train|val) was \d+ and is now \d+/,
  );
  expect(hashOf(desk, "shrunk", "model.safetensors")).toBe(before);
});

test("most images missing is refused", async () => {
  copyAs("missing");
  for (let i = 0; i < 10; i++) rmSync(desk.path("missing/images", imageName(i)));
  const { code, stdout, stderr } = await trainOn(desk, "--data missing --out most-missing");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(
    `medical-x: missing: 10 of the ${COUNT} images in the label file were not found (x00.png, x01.png, x02.png, …); looked in missing, missing/images`,
  );
  expect(existsSync(desk.path("most-missing"))).toBe(false);
});

test("a table without the columns that it takes is refused, with the columns named", async () => {
  desk.put("columns/labels.csv", "foo,bar\nx00.png,1\n");
  const { code, stderr } = await trainOn(desk, "--data columns --out no-columns");
  expect(code).toBe(1);
  expect(stderr).toContain("columns/labels.csv");
  expect(stderr).toContain("Image Index");
  expect(stderr).toContain('"foo"');
  expect(existsSync(desk.path("no-columns"))).toBe(false);
});

test("unknown findings are refused with their lines", async () => {
  copyAs("spelling");
  const table = readFileSync(desk.path("xrays/Data_Entry_2017.csv"), "utf8").split("\n");
  table[3] = table[3]!.replace("No Finding", "Nothing");
  table[6] = table[6]!.replace("Mass", "Masss");
  desk.put("spelling/Data_Entry_2017.csv", table.join("\n"));
  const args = "train --data spelling --backbone start.safetensors --out misspelt".split(" ");
  const { code, stderr } = await desk.run(args);
  expect(code).toBe(1);
  expect(stderr).toContain("spelling/Data_Entry_2017.csv: 2 rows with a finding that is none of NIH's 14");
  expect(stderr).toContain("line 4");
  expect(stderr).toContain("line 7");
});

test("a loss that is not finite ends the run in words, and leaves the last good model", async () => {
  // The first step makes weights of 1e36, which are numbers; the second one's logits are not.
  const settings = "--lr 1e36 --batch-size 18 --epochs 3 --val-fraction 0";
  const { code, stdout, stderr } = await trainOn(desk, `${settings} --out diverged`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^epoch 1.*\nmedical-x: the loss became (NaN|Infinity) in epoch 2, step 1; try a lower learning rate; the model of the best epoch so far is kept \(--lr\)\n$/,
  );
  expect(filesBelow(desk, "diverged").filter((name) => name.endsWith(".part"))).toEqual([]);
  const args = `predict --force --model diverged/model.safetensors --image xrays/images/${imageName(0)}`;
  expect((await desk.run(args.split(" "))).code).toBe(0);
});

test.each([
  ["no data", "train", "--data"],
  ["no epochs", "train --data xrays --epochs 0", "--epochs"],
  ["half an epoch", "train --data xrays --epochs 1.5", "--epochs"],
  ["a rate of 0", "train --data xrays --lr 0", "--lr"],
  ["an unknown part", "train --data xrays --unfreeze denseblock5", "--unfreeze"],
  ["an unknown option", "train --data xrays --learning-rate 1", "--learning-rate"],
  ["an input too small", "train --data xrays --input-size 32", "--input-size"],
])("wrong usage ends with 2 and names the option: %s", async (_, line, option) => {
  const { code, stdout, stderr } = await desk.run(line.split(" "));
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(option);
});

test("weights that are no numbers are not kept as a model", async () => {
  const { code } = await trainOn(
    desk,
    "--lr 1e300 --batch-size 18 --epochs 1 --val-fraction 0 --out infinite",
  );
  expect(code).toBe(1);
  expect(existsSync(desk.path("infinite/model.safetensors"))).toBe(false);
});

test("where validation meets weights that are no numbers, the learning rate is blamed", async () => {
  const { code, stderr } = await trainOn(desk, "--lr 1e300 --batch-size 18 --epochs 1 --out blamed");
  expect(code).toBe(1);
  expect(stderr).toContain("try a lower learning rate (--lr)");
});

test("an image that is left out is named, once, and counted once, also without a cache and for validation", async () => {
  cpSync(desk.path("xrays"), desk.path("counted"), { recursive: true });
  for (let i = 0; i < COUNT; i += 3) damage("counted", i, "text");
  const line = "--data counted --unfreeze norm5 --feature-cache off --out counted-run";
  const { stderr } = await trainOn(desk, line);
  const names = Array.from({ length: 6 }, (_, i) => imageName(3 * i));
  for (const name of names) expect(stderr.split(name)).toHaveLength(2);
  expect(stderr).toContain(
    "medical-x: 6 images could not be read and were left out; counted-run/model-card.md has the count\n",
  );
  expect(bytesIn(desk, "counted-run", "model-card.md").toString("utf8")).toContain(
    "could not be read: 6 images",
  );
});

test("no readable image is no training", async () => {
  cpSync(desk.path("xrays"), desk.path("unreadable"), { recursive: true });
  for (let i = 0; i < COUNT; i++) damage("unreadable", i, "text");
  const { code } = await trainOn(desk, "--data unreadable --out nothing-read");
  expect(code).toBe(1);
  expect(existsSync(desk.path("nothing-read/model.safetensors"))).toBe(false);
});

test("a model of the user's in --out is not written over", async () => {
  desk.put("mine/densenet121_model.pth", "mine");
  await trainOn(desk, "--out mine");
  expect(bytesIn(desk, "mine", "densenet121_model.pth").toString("utf8")).toBe("mine");
});
