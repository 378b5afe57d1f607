/** A claim on a folder holds in Deno too, after it has been touched. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BUILD, ROOT } from "./notebook.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-claim-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a claim that was touched is still held", () => {
  const script = join(folder, "claim.mjs");
  writeFileSync(
    script,
    `const later = globalThis.setInterval;
    globalThis.setInterval = (work) => later(work, 5);
    const { claimFolder } = await import(${JSON.stringify(join(ROOT, "dist", "node", "claim.js"))});
    const claim = claimFolder(${JSON.stringify(folder)}, ${JSON.stringify(join(folder, "claim"))});
    await new Promise((done) => setTimeout(done, 200));
    console.log(claim.isHeld);
    claim.release();`,
  );
  const env = { ...process.env, DENO_DIR: join(BUILD, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const printed = execFileSync(join(ROOT, "node_modules", ".bin", "deno"), ["run", "-A", script], { env });
  expect(printed.toString()).toBe("true\n");
});
