/** Temporary data folders. Their images are empty files, because nothing reads them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "medical-x-data-"));

  /** Write files, by their names in this folder. */
  put(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Empty files of these names. */
export const empty = (names: readonly string[], folder = ""): Record<string, string> =>
  Object.fromEntries(names.map((name) => [join(folder, name), ""]));

/** A label file in NIH's form: `[image, findings, patient]` a row. */
export const nihTable = (rows: readonly (readonly [string, string, string])[]): string =>
  `Image Index,Finding Labels,Patient ID\n${rows.map((row) => `${row.join(",")}\n`).join("")}`;
