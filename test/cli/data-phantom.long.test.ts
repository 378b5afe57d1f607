import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Desk, words } from "./run.ts";

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());

/** The hash of each file of a folder by its path. */
function hashes(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}

const phantom = (out: string, count: number, more = "") =>
  words(`data phantom --out ${out} --count ${count} --seed 5 --size 96${more}`);

test("NIH's layout is written, the same bytes each time, and more begin with the same ones", async () => {
  const { code, stdout, stderr } = await desk.run(phantom("a", 12));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("12 images of");
  expect(stdout).toContain("nothing in them is anyone's chest");
  const first = hashes(desk.path("a"));
  expect(Object.keys(first).filter((name) => !name.startsWith("images/"))).toEqual([
    "BBox_List_2017.csv",
    "Data_Entry_2017.csv",
    "phantom.json",
  ]);
  const metadata = await sharp(desk.path("a/images/00000001_000.png")).metadata();
  expect(metadata).toMatchObject({ format: "png", width: 96, height: 96, channels: 1, depth: "uchar" });
  await desk.run(phantom("b", 12));
  expect(hashes(desk.path("b"))).toEqual(first);
  await desk.run(phantom("c", 14));
  const more = hashes(desk.path("c"));
  for (const [name, hash] of Object.entries(first)) {
    if (name.startsWith("images/")) expect(more[name]).toBe(hash);
  }
  const summary = await desk.run(words("data summary --data a --format json"));
  expect(JSON.parse(summary.stdout)).toMatchObject({ n_images: 12, n_missing: 0 });
});

test("a call that was killed is gone on with, to the same bytes", async () => {
  await desk.run(phantom("whole", 60));
  const killed = await new Promise<boolean>((resolve) => {
    const images = desk.path("half/images");
    const abort = new AbortController();
    const timer = setInterval(() => {
      if (existsSync(images) && readdirSync(images).length >= 5) abort.abort();
    }, 2);
    void desk.run(phantom("half", 60), { signal: abort.signal }).then(({ code }) => {
      clearInterval(timer);
      resolve(code !== 0);
    });
  });
  if (killed) expect(existsSync(desk.path("half/Data_Entry_2017.csv"))).toBe(false);
  const { code, stderr } = await desk.run(phantom("half", 60));
  expect(code).toBe(0);
  if (killed) expect(stderr).toMatch(/images were there already/);
  expect(hashes(desk.path("half"))).toEqual(hashes(desk.path("whole")));
  const again = await desk.run(phantom("half", 60));
  expect(again.stderr).toContain("60 images were there already");
});

test("a folder with something else, or with other phantoms, is left as it is", async () => {
  desk.put("mine/Data_Entry_2017.csv", "mine\n");
  const taken = await desk.run(phantom("mine", 3));
  expect(taken.code).toBe(1);
  expect(taken.stderr).toMatch(
    /^medical-x: mine: there is something else in this folder \(Data_Entry_2017.csv\)/,
  );
  expect(readFileSync(desk.path("mine/Data_Entry_2017.csv"), "utf8")).toBe("mine\n");
  expect(readdirSync(desk.path("mine"))).toEqual(["Data_Entry_2017.csv"]);
  await desk.run(phantom("a", 3));
  const before = hashes(desk.path("a"));
  const other = await desk.run(words("data phantom --out a --count 3 --seed 6 --size 96"));
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("another seed, size or version");
  expect(hashes(desk.path("a"))).toEqual(before);
});

test("wrong usage ends with 2, a folder that cannot be made with 1", async () => {
  for (const line of ["data phantom --out a", "data phantom --count 3", "data phantom --out a --count 0"]) {
    expect((await desk.run(words(line))).code, line).toBe(2);
  }
  desk.put("file", "");
  const { code, stderr } = await desk.run(phantom("file/below", 3));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^medical-x: file\/below: /);
});
