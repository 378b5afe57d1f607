/**
 * Studies of drawn phantoms for an archive (`make_studies.py` says which), and real chest X-rays where they are at hand.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PYTHON } from "./programs.ts";

/** What should come of a file: a result, a reason why there is none, or nothing, because it is not looked at. */
export type Expected = "result" | "refused" | "ignored";

export interface StudyFile {
  readonly path: string;
  /** `dx`, `cr`, `lateral`, `hand`, `cut` and so on. */
  readonly kind: string;
  readonly expected: Expected;
  readonly sha256: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
}

export interface MadeStudy {
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly files: readonly StudyFile[];
}

export interface StudiesOptions {
  readonly studies: number;
  /** Other seeds make other pictures and UIDs; default 1. */
  readonly seed?: number;
  /** Pixels of a side; default 320. */
  readonly size?: number;
  /** The kinds of each study's files, in place of the mixture. */
  readonly only?: readonly string[];
}

const SCRIPT = fileURLToPath(new URL("make_studies.py", import.meta.url));

/** Write studies into a folder. The same options make the same files. */
export function makeStudies(
  folder: string,
  { studies, seed, size, only }: StudiesOptions,
): readonly MadeStudy[] {
  const args = [
    ...["--studies", String(studies)],
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
    ...(size === undefined ? [] : ["--size", String(size)]),
    ...(only === undefined ? [] : ["--only", only.join(",")]),
  ];
  execFileSync(PYTHON, ["-B", "-W", "ignore", SCRIPT, folder, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return JSON.parse(readFileSync(join(folder, "studies.json"), "utf8")) as readonly MadeStudy[];
}

const REAL = fileURLToPath(new URL("../../../../shared/data/dicom/", import.meta.url));

/** Real, anonymous chest X-rays that are no part of this repository; none where they are missing. */
export const REAL_FILES: readonly string[] = existsSync(REAL)
  ? readdirSync(REAL)
      .sort()
      .map((name) => join(REAL, name))
  : [];

/** Why a test of real files is skipped; undefined if they are here. */
export const NO_REAL_FILES: string | undefined =
  REAL_FILES.length > 0 ? undefined : "../shared/data/dicom is missing";
