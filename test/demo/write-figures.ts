/**
 * Measures the demo model, or another, on a thousand unseen phantoms, and prints the table:
 *
 *   npm run judge:demo                          writes models/demo/figures.json and the table in docs/demo-model.md
 *   npm run judge:demo -- --model file          prints only
 *   npm run judge:demo -- --phantoms folder     keeps the phantoms
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { figuresTable, withTable } from "./figures.ts";
import { judge } from "./judge.ts";

const PAGE = "docs/demo-model.md";

const { values } = parseArgs({ options: { model: { type: "string" }, phantoms: { type: "string" } } });
const folder = values.phantoms ?? mkdtempSync(join(tmpdir(), "medical-x-judge-"));
try {
  const judgement = judge(values.model ?? "demo", folder);
  const table = figuresTable(judgement.figures);
  console.log(table);
  if (values.model === undefined) {
    // Subgroups of phantoms mean nothing, and would make up most of the file.
    const without = (key: string, value: unknown) => (key === "subgroups" ? undefined : value);
    writeFileSync("models/demo/figures.json", `${JSON.stringify(judgement, without, 2)}\n`);
    writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), table));
  }
} finally {
  if (values.phantoms === undefined) rmSync(folder, { recursive: true });
}
