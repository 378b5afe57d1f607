import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { divide, namesBelow } from "../../src/app/models/quantise/calibration-images.ts";

const FILES = Array.from({ length: 40 }, (_, i) => `${i % 4}/${i}.png`);

/** Which of the files choose ranges, by their names, where the folder lies somewhere. */
function chosen(folder: string): string[] {
  const paths = FILES.map((file) => join(folder, file));
  const names = namesBelow(paths);
  const images = paths.map((path, i) => ({ path, patient: names[i]! }));
  return divide(images, 10, 40).calibration.map(({ path }) => path.slice(folder.length + 1));
}

test("the same files are divided in the same way, wherever they are", () => {
  const here = chosen("/a");
  expect(here).toHaveLength(10);
  expect(chosen("/somewhere/else/b")).toEqual(here);
  expect(chosen(resolve("relative"))).toEqual(here);
});

test.for([
  [
    ["/x/a/1.png", "/x/b/1.png"],
    ["a/1.png", "b/1.png"],
  ],
  [["/x/a/1.png"], ["1.png"]],
  [
    ["/a.png", "/b/c.png"],
    ["a.png", "b/c.png"],
  ],
  [
    ["/x/ab/1.png", "/x/abc/1.png"],
    ["ab/1.png", "abc/1.png"],
  ],
  [[], []],
] as const)("%j are called %j", ([paths, names]) => {
  expect(namesBelow(paths)).toEqual(names);
});
