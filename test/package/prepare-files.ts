/** What the examples speak of, under the names by which they do, made by the installed command. */

import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";

export function prepareFiles(folder: string): void {
  const bin = join(folder, "node_modules", ".bin", "medical-x");
  const medicalX = (...args: string[]): void => {
    execFileSync(bin, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  };
  medicalX("data", "phantom", "--out", "chestxray14", "--count", "60", "--seed", "1");
  medicalX("models", "convert", "demo", "--to", "densenet121_model.pth");
  copyFileSync(join(folder, "chestxray14/images/00000001_000.png"), join(folder, "xray.png"));
}
