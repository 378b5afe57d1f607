import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectPlainError, expectWholeResults } from "./plain-error.ts";
import { Desk, type Ended, modelFile, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const isRoot = process.getuid?.() === 0;
const desk = new Desk();
afterAll(() => {
  chmodSync(desk.path("locked"), 0o755);
  desk.remove();
});

beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  const png = await greyPng();
  for (const name of [
    "x.png",
    "set/a.png",
    "set/b.PNG",
    "set/.hidden.png",
    "set/c.txt",
    "odd/[1] ü.png",
    "bare",
  ])
    desk.put(name, png);
  mkdirSync(desk.path("empty"));
  mkdirSync(desk.path("taken.npy"));
  mkdirSync(desk.path("locked"), { mode: 0o555 });
  desk.put("a-file", "not a folder");
});

const imagesOf = ({ stdout }: Ended): string[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).image);

test("files, folders and globs are taken in the order given, each image once", async () => {
  const ended = await desk.run([
    ...[
      "predict",
      "--force",
      "--format",
      "ndjson",
      "--image",
      "x.png",
      "--image",
      "set/*.png",
      "--image",
      "set/",
    ],
    ...["--image", "x.png", "--image", "odd/[1] ü.png", "--image", "bare"],
  ]);
  expect(ended.code).toBe(0);
  expect(imagesOf(ended)).toEqual(["x.png", "set/a.png", "set/b.PNG", "odd/[1] ü.png", "bare"]);
});

test.each([
  ["a folder without images", "empty", /empty: the folder holds no images/],
  ["a glob that matches nothing", "set/*.tif", /set\/\*\.tif: no file matches/],
])("%s is an error that names it", async (_, image, message) => {
  const ended = await desk.run(["predict", "--force", "--image", image, "--format", "json"]);
  expectPlainError(ended, message);
  expect(ended.stdout).toBe("");
});

test("a folder without images beside an image is named, and the image is still done", async () => {
  const ended = await desk.run(words("predict --force --image empty --image x.png --format ndjson"));
  expectPlainError(ended, /empty: /);
  expect(imagesOf(ended)).toContain("x.png");
});

test.each([
  ["--out that is a file", "--gradcam --out a-file", "a-file"],
  ["--out below a file", "--gradcam --out a-file/pictures", "a-file"],
  ["--heatmaps in a folder that is not there", "--heatmaps nowhere/maps.npy", "nowhere/maps.npy"],
  ["--heatmaps that is a folder", "--heatmaps taken.npy", "taken.npy"],
])("%s is an error that names it", async (_, flags, name) => {
  const ended = await desk.run(words(`predict --force --image x.png --format json ${flags}`));
  expectPlainError(ended, name);
  expect(readdirSync(desk.folder).filter((file) => file.endsWith(".part"))).toEqual([]);
});

test("maps that cannot be saved take nothing of the results", () => expectWholeResults(desk, "json"));

test("maps do not replace a device", async () => {
  const ended = await desk.run(words("predict --force --image x.png --heatmaps /dev/null"));
  expectPlainError(ended, "/dev/null: this is a device");
});

test("a picture that cannot be saved is named, and the result is still printed", async () => {
  mkdirSync(desk.path("pictures", "x.gradcam.jpg"), { recursive: true });
  const ended = await desk.run(words("predict --force --image x.png --format json --gradcam --out pictures"));
  expectPlainError(ended, "pictures/x.gradcam.jpg");
  const { probabilities, gradcam } = JSON.parse(ended.stdout);
  expect(Object.keys(probabilities)).toHaveLength(14);
  expect(gradcam).toEqual([]);
  expect(readdirSync(desk.path("pictures"))).toEqual(["x.gradcam.jpg"]);
});

test.skipIf(isRoot)("a folder without permission is an error that says so", async () => {
  const ended = await desk.run(words("predict --force --image x.png --heatmaps locked/maps.npy"));
  expectPlainError(ended, /locked\/maps\.npy: permission/);
  expect(existsSync(desk.path("locked", "maps.npy"))).toBe(false);
});

test("a stack is shown only with --verbose", async () => {
  const [plain, verbose] = await Promise.all([
    desk.run(words("predict --image missing.png")),
    desk.run(words("predict --image missing.png --verbose")),
  ]);
  expectPlainError(plain, "missing.png: there is no such file");
  expect(verbose.code).toBe(1);
  expect(verbose.stderr).toMatch(/^ +at /m);
});

test("a model that cannot start is said, with code 1, also while the images are failing", async () => {
  desk.put("empty.png", "");
  // Each run is a race between the image's thread and the end of the command.
  const line = "predict --image empty.png";
  const runs = ["--device abacus", "--threshold card", "--device abacus", "--threshold card"].map((flags) =>
    desk.run(words(`${line} ${flags}`)),
  );
  for (const ended of await Promise.all(runs))
    expectPlainError(ended, /"abacus"|the threshold cannot be taken .* \(--threshold 0\.5\)/);
});

test("an interrupt ends the run after whole lines and leaves no half-written file", async () => {
  const png = readFileSync(desk.path("x.png"));
  for (let i = 0; i < 150; i++) desk.put(`many/${String(i).padStart(3, "0")}.png`, png);
  // Only once, because a second interrupt would end the process at once.
  let isSent = false;
  const ended = await desk.run(
    words("predict --force --image many --format ndjson --batch-size 1 --heatmaps maps.npy"),
    {
      onStdout: (_, child) => {
        if (!isSent) child.kill("SIGINT");
        isSent = true;
      },
    },
  );
  expect(ended.code).toBe(130);
  expect(ended.stderr).toMatch(/interrupted after \d+ of 150 images/);
  const done = imagesOf(ended).length;
  expect(done).toBeLessThan(150);
  expect(ended.stderr).toContain(`after ${done} of`);
  expect(readdirSync(desk.folder).filter((file) => /maps\.npy|\.part$/.test(file))).toEqual([]);
});

test("a reader that goes away after the first line is no error", async () => {
  const ended = await desk.run(words("predict --force --image many --format ndjson --batch-size 1"), {
    onStdout: (_, child) => child.stdout?.destroy(),
  });
  expect(ended.code).toBe(0);
  expect(ended.stderr).not.toMatch(/EPIPE|^ +at /m);
});
