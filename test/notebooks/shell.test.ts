/**
 * What docs/notebooks.md says to do on Kaggle or Colab works in a Python notebook: its cells install the packed tarball,
 * train and evaluate with the command, and show the pictures.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BUILD, executeNotebooks, printed, ROOT, readNotebook, shown } from "./notebook.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-shell-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the cells of docs/notebooks.md run in a Python notebook", async () => {
  const pack = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT });
  const tarball = join(folder, pack.toString().trim());
  const page = readFileSync(join(ROOT, "docs", "notebooks.md"), "utf8");
  const blocks = [...page.matchAll(/```python\n(.*?)```/gs)].map(([, block]) => block!);
  expect(blocks).toHaveLength(3);
  const cells = blocks.map((block, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source: block.replace(/\S*medical-x-\S*\.tgz/, tarball),
  }));
  const kernelspec = { name: "python3", display_name: "Python 3", language: "python" };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  // Without a package.json of its own, npm would install into the next folder above that has one.
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "shell.ipynb"), JSON.stringify(notebook));

  await executeNotebooks(join(folder, "shell.ipynb"));
  const executed = readNotebook(join(BUILD, "shell.ipynb"));
  expect(printed(executed, "stderr") + printed(executed, "stdout")).toMatch(/epoch 3\/3: training loss \d/);
  expect(printed(executed, "stdout")).toMatch(/mean .*\.\d{3}/);
  const pictures = shown(executed, "image/svg+xml");
  expect(pictures).toHaveLength(2);
  for (const picture of pictures) expect(picture).toContain("</svg>");
});
