/** Python with PyTorch, if this machine has it. */
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const NEEDED = "import numpy, onnx, PIL, torch, torchvision";
const CANDIDATES = [process.env["MEDICAL_X_PYTHON"], "/usr/bin/python3", "python3"];

/** The first Python that has everything the reference needs, or undefined. */
export function findPython(): string | undefined {
  return CANDIDATES.find((python) => python && spawnSync(python, ["-c", NEEDED]).status === 0);
}

/** Run a script in this folder and return what it prints. Throws if it fails. */
export function runScript(python: string, script: string, args: readonly string[]): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return execFileSync(python, ["-B", path, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}
