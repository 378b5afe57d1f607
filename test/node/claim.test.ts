import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { claim, unclaim } from "../../src/node/claim.ts";
import { ROOT } from "../architecture/source.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-claims-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Above what Linux and macOS number processes with. */
const DEAD = "999999999";

test("held while its process lives, free when it is given back or its process has ended", () => {
  const file = join(folder, "one.lock");
  expect([claim(file), claim(file)]).toEqual([true, false]);
  unclaim(file);
  expect(claim(file)).toBe(true);
  writeFileSync(file, DEAD);
  expect([claim(file), claim(file)]).toEqual([true, false]);
});

test("a claim that is being written is held, one that never was is free after a while", () => {
  const file = join(folder, "empty.lock");
  writeFileSync(file, "");
  expect(claim(file)).toBe(false);
  const before = new Date(Date.now() - 60_000);
  utimesSync(file, before, before);
  expect(claim(file)).toBe(true);
});

/** Claims a hundred files at the same moments as its like, and says which it got. */
const CLAIMER = `
const { claim } = await import(${JSON.stringify(join(ROOT, "dist/node/claim.js"))});
const start = Number(process.argv[1]);
for (let k = 0; k < 100; k++) {
  while (Date.now() < start + k * 10);
  if (claim(process.argv[2] + "/" + k + ".lock")) console.log(k);
}
await new Promise((resolve) => process.stdin.once("data", resolve));
`;

test("of four processes at once, one gets a claim, whether it is new or left by a dead one", async () => {
  const many = mkdtempSync(join(folder, "many-"));
  for (let k = 0; k < 100; k += 2) writeFileSync(join(many, `${k}.lock`), DEAD);
  const start = String(Date.now() + 500);
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", CLAIMER, start, many]),
  );
  const got: string[] = [];
  await Promise.all(
    children.map(
      (child) =>
        new Promise<void>((resolve) => {
          child.stdout.on("data", (text) => got.push(...String(text).trim().split("\n")));
          // All live until all are done: what a process held is free when it ends.
          setTimeout(() => child.stdin.end("done\n"), 4_000);
          child.on("close", () => resolve());
        }),
    ),
  );
  expect(got.length).toBe(new Set(got).size);
  expect(got.length).toBeGreaterThan(90);
  expect(readdirSync(many).filter((name) => name.endsWith(".clearing"))).toEqual([]);
});
