/**
 * Makes the checkpoints and PyTorch's results in a temporary folder before the parity suite.
 *
 * Without Python and PyTorch the suite is skipped, and says so; with CI=true it fails. Without the X-rays it runs on
 * made-up images.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { findPython, runScript } from "./python.ts";

/** Where the files are, or why there are none. */
export interface ParitySetup {
  readonly skipped?: string;
  readonly folder: string;
  readonly images: string;
  readonly python: string;
  /** The smallest number of images. */
  readonly minImages: number;
}

declare module "vitest" {
  interface ProvidedContext {
    parity: ParitySetup;
  }
}

const DATA = process.env["MEDICAL_X_DATA"] ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

export function setup(project: TestProject): (() => void) | undefined {
  const python = findPython();
  if (python === undefined) {
    const skipped =
      "no Python with torch, torchvision, PIL, numpy and onnx was found (MEDICAL_X_PYTHON can name one)";
    if (process.env["CI"] === "true") throw new Error(`parity with PyTorch cannot be checked: ${skipped}`);
    process.stderr.write(`Parity with PyTorch is not checked: ${skipped}.\n`);
    project.provide("parity", { skipped, folder: "", images: "", python: "", minImages: 0 });
    return undefined;
  }
  const folder = mkdtempSync(path.join(tmpdir(), "medical-x-parity-"));
  const xrays = path.join(DATA, "nih-sample", "images");
  const areThere = existsSync(xrays);
  if (!areThere) {
    process.stderr.write(
      "The sample X-rays are not there (MEDICAL_X_DATA can name the folder that has nih-sample/images): " +
        "parity is checked on made-up images.\n",
    );
  }
  const images = areThere ? xrays : path.join(folder, "images");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    runScript(python, "make_checkpoints.py", [folder]);
    runScript(python, "predict_reference.py", [folder, images]);
  } catch (error) {
    remove();
    throw error;
  }
  project.provide("parity", { folder, images, python, minImages: areThere ? 124 : 14 });
  return remove;
}
