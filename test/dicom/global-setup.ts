/**
 * Makes DICOM files of every kind, with pydicom's grey levels, in a temporary folder.
 *
 * Without the tools the suite is skipped, and says so; with CI=true it fails.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the files; empty if they could not be made. */
    dicomMatrix: string;
  }
}

const SCRIPT = fileURLToPath(new URL("../../scripts/reference/dicom_matrix.py", import.meta.url));
const PYTHON = process.env["MEDICAL_X_PYTHON"] ?? "/usr/bin/python3";
const TOOLS = ["dcmconv", "dcmcrle", "dcmcjpeg", "dcmcjpls", "gdcmconv", "ojph_compress"];

function whatIsMissing(): string[] {
  const modules = spawnSync(PYTHON, ["-c", "import cv2, gdcm, numpy, PIL, pydicom"]).status === 0;
  const tools = TOOLS.filter((tool) => spawnSync("which", [tool]).status !== 0);
  return [...(modules ? [] : ["Python with cv2, gdcm, numpy, PIL and pydicom"]), ...tools];
}

export function setup(project: TestProject): (() => void) | undefined {
  const missing = whatIsMissing();
  if (missing.length > 0) {
    const words = `DICOM files cannot be compared with pydicom without ${missing.join(", ")}`;
    if (process.env["CI"] === "true") throw new Error(words);
    process.stderr.write(
      `${words}; on Debian: apt-get install dcmtk libgdcm-tools python3-gdcm python3-pydicom python3-opencv python3-pil openjph-tools\n`,
    );
    project.provide("dicomMatrix", "");
    return undefined;
  }
  const folder = mkdtempSync(path.join(tmpdir(), "medical-x-dicom-"));
  execFileSync(PYTHON, ["-B", "-W", "ignore", SCRIPT, folder], { stdio: ["ignore", "ignore", "pipe"] });
  project.provide("dicomMatrix", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
