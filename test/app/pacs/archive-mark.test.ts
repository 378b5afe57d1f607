import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ArchiveMark } from "../../../src/app/pacs/state/archive-mark.ts";
import { pacsStatus } from "../../../src/app/pacs/state/status.ts";
import { ARCHIVE, close, newFolder, openState } from "./state-support.ts";

const ELSEWHERE: ArchiveMark = { kind: "orthanc", address: "https://pacs.example.org" };

/** A folder that was used, with a study. */
async function usedFolder(archive: ArchiveMark = ARCHIVE): Promise<string> {
  const folder = newFolder();
  const state = await openState(folder, { archive });
  state.noteStudy("1.2");
  await state.saved();
  await close(state);
  return folder;
}

test("a folder belongs to the archive that it was first used with, and says which one that is", async () => {
  const folder = await usedFolder();
  expect(pacsStatus(folder, false).archive).toEqual(ARCHIVE);
  await close(await openState(folder));
  const before = readFileSync(join(folder, "journal.ndjson"), "utf8");
  await expect(openState(folder, { archive: ELSEWHERE })).rejects.toMatchObject({
    code: "pacs/other-archive",
    message: `${folder}: this state folder belongs to the archive at ${ARCHIVE.address}, not to ${ELSEWHERE.address}; name another folder for another archive, or say that it is the same one, which has moved`,
  });
  expect(readFileSync(join(folder, "journal.ndjson"), "utf8")).toBe(before);
});

test("an archive that has moved keeps its folder, at its new address only", async () => {
  const folder = await usedFolder();
  const state = await openState(folder, { archive: ELSEWHERE, hasMoved: true });
  expect(state.studyOf("1.2")).toBe(1);
  await close(state);
  expect(pacsStatus(folder, false).archive).toEqual(ELSEWHERE);
  await close(await openState(folder, { archive: ELSEWHERE }));
  await expect(openState(folder)).rejects.toMatchObject({ code: "pacs/other-archive" });
});

test.each<[ArchiveMark, ArchiveMark, string]>([
  [
    ARCHIVE,
    { kind: "dicomweb", address: ARCHIVE.address },
    "that of an Orthanc, and cannot be used for an archive's DICOMweb",
  ],
  [
    { kind: "dicomweb", address: ARCHIVE.address },
    ARCHIVE,
    "that of an archive's DICOMweb, and cannot be used for an Orthanc",
  ],
  [ARCHIVE, { kind: "listener" }, "that of an Orthanc, and cannot be used for a listener"],
  [{ kind: "listener" }, ARCHIVE, "that of a listener, and cannot be used for an Orthanc"],
])("a folder stays with one interface: %j, then %j", async (first, second, words) => {
  const folder = await usedFolder(first);
  await close(await openState(folder, { archive: first }));
  const refused = openState(folder, { archive: second, hasMoved: true });
  await expect(refused).rejects.toMatchObject({
    code: "pacs/other-archive",
    message: `${folder}: this state folder is ${words}; name another folder`,
  });
});

test("a folder that names no archive yet belongs to the one that comes next", async () => {
  const folder = await usedFolder();
  const journal = join(folder, "journal.ndjson");
  const lines = readFileSync(journal, "utf8").split("\n");
  writeFileSync(journal, lines.filter((line) => !line.includes('"event":"archive"')).join("\n"));
  expect(pacsStatus(folder, false).archive).toBeNull();
  await close(await openState(folder, { archive: ELSEWHERE }));
  expect(pacsStatus(folder, false).archive).toEqual(ELSEWHERE);
});
