/** An archive whose disk is full: what it answers then, and that nothing counts as stored. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureKind } from "../../src/app/pacs/passing.ts";
import { DicomWeb } from "../../src/node/archive/dicom-web.ts";
import { Orthanc as OrthancClient } from "../../src/node/archive/orthanc.ts";
import type { ResultObject } from "../../src/report/dicom/result-object.ts";
import { failureOf, NOBODY, never } from "../node/archive/answering.ts";
import { Orthanc } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-full-disk-"));

/** A disk of 4 MB. Undefined where this user may not mount one. */
function smallDisk(): string | undefined {
  const disk = mkdtempSync(join(folder, "disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], { stdio: "pipe" });
    return disk;
  } catch {
    return undefined;
  }
}

const missing = whyNot("Orthanc");
const disk = missing === undefined ? smallDisk() : undefined;
const why = missing ?? (disk === undefined ? "this user may not mount a small disk" : undefined);

describe.skipIf(why !== undefined)(`a full disk${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let orthanc: Orthanc;
  let study: MadeStudy;

  beforeAll(async () => {
    [study] = makeStudies(folder, { studies: 1, only: ["dx", "cr"] }) as [MadeStudy];
    orthanc = await Orthanc.start({ more: { StorageDirectory: disk } });
  });
  afterAll(async () => {
    await orthanc.stop();
    execFileSync("umount", [disk!]);
    rmSync(folder, { recursive: true });
  });

  /** A file as if it were a result. */
  const object = (at: number): ResultObject => {
    const { path, sopInstanceUid, seriesInstanceUid } = study.files[at]!;
    const bytes = readFileSync(path);
    return {
      kind: "report",
      studyInstanceUid: study.studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUid,
      sopClassUid: "",
      bytes,
    };
  };

  const full = async (work: () => Promise<void>): Promise<void> => {
    const filler = join(disk!, "filler");
    const { bavail, bsize } = statfsSync(disk!);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    try {
      await work();
    } finally {
      rmSync(filler);
    }
  };

  test("by Orthanc's interface, the archive is at fault, and the object is stored once there is room", async () => {
    const archive = await OrthancClient.open(orthanc.url, NOBODY);
    await full(async () => {
      const error = await failureOf(archive.store([object(0)], never));
      expect(error.code).toBe("pacs/no-space");
      expect(failureKind(error)).toBe("archive");
      expect(error.message).toMatch(/its disk is full or cannot be written to; make room there$/);
    });
    expect(await orthanc.instances()).toEqual([]);
    await archive.store([object(0)], never);
    expect((await orthanc.instances()).map((one) => one.sopInstanceUid)).toEqual([object(0).sopInstanceUid]);
    await archive.close();
  });

  test("by DICOMweb, where Orthanc answers 200 without a word, the object does not count as stored", async () => {
    const archive = await DicomWeb.open(orthanc.dicomWeb, NOBODY);
    await full(async () => {
      const error = await failureOf(archive.store([object(1)], never));
      expect(error.code).toBe("pacs/store-failed");
      expect(failureKind(error)).toBe("passing");
      expect(error.message).toMatch(/did not store it \(200\); look at its log and its disk$/);
    });
    await archive.store([object(1)], never);
    expect((await orthanc.instances()).map((one) => one.sopInstanceUid)).toContain(object(1).sopInstanceUid);
    await archive.close();
  });
});
