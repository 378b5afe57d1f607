/** A temporary folder, and one download into it, for tests. */

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { XrayError } from "../../src/errors.ts";
import { type DownloadOptions, download, type Progress } from "../../src/node/download.ts";

/** Proxies of this machine are not for servers on it. */
for (const name of ["http_proxy", "https_proxy", "no_proxy"]) {
  delete process.env[name];
  delete process.env[name.toUpperCase()];
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-pull-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const digestOf = (path: string): string | undefined =>
  existsSync(path) ? sha256(readFileSync(path)) : undefined;

/** Where a download goes, and what is there. */
export class Place {
  readonly target = join(temporaryFolder(), "models", "model.pt");
  readonly part = `${this.target}.part`;
  readonly info = `${this.target}.part.json`;
  readonly progress: Progress[] = [];

  /** SHA-256 of the file in place; undefined if there is none. */
  get sha256(): string | undefined {
    return digestOf(this.target);
  }

  get partSha256(): string | undefined {
    return digestOf(this.part);
  }

  get hasParts(): boolean {
    return existsSync(this.part) || existsSync(this.info);
  }

  put(path: string, content: string | Uint8Array): void {
    writeFileSync(path, content);
  }

  fetch(url: string, options: Partial<DownloadOptions> = {}) {
    const { onProgress, ...rest } = options;
    return download(url, this.target, {
      verify: () => undefined,
      limit: 1e9,
      pauseMs: 1,
      stallMs: 10_000,
      ...rest,
      onProgress: (progress) => {
        this.progress.push(progress);
        onProgress?.(progress);
      },
    });
  }
}

/** The error of something that must fail, as an `XrayError`. */
export async function failureOf(work: Promise<unknown>): Promise<XrayError> {
  const outcome = await work.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
  if (outcome instanceof XrayError) return outcome;
  throw outcome;
}
