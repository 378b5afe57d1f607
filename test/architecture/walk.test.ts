import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./source.ts";

/** Half as many as the walk took before the engine was separated from the machine around it. */
const MOST_CHANGES = 18;

/** The files of the walk in docs/architecture.md, in order. */
const WALK = [
  ...readFileSync(join(ROOT, "docs", "architecture.md"), "utf8").matchAll(/^\| \d+ \| `(src\/[^`]+)` \|/gm),
].map((match) => match[1]!);

const roomOf = (path: string): string => path.split("/")[1]!;

test("every file of the walk in docs/architecture.md is there", () => {
  expect(WALK.length).toBeGreaterThan(15);
  expect(WALK.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("the walk goes down to the samples and up to stdout, changing rooms as often as the page says", () => {
  const changes = WALK.filter((path, i) => i > 0 && roomOf(path) !== roomOf(WALK[i - 1]!)).length;
  expect(changes).toBeLessThanOrEqual(MOST_CHANGES);
  expect(changes).toBe(12);
  expect([roomOf(WALK[0]!), roomOf(WALK.at(-1)!)]).toEqual(["cli", "cli"]);
});
