import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { NoteFile } from "../../src/node/note-file.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-notes-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("notes outlive the process, the last ones count, and no path is in the file", () => {
  const notes = new NoteFile(folder);
  notes.keep("ward/jane.png|10", ["first"]);
  notes.keep("ward/jane.png|10", ["second", "third"]);
  notes.keep("b", []);
  expect(new NoteFile(folder).of("ward/jane.png|10")).toEqual(["second", "third"]);
  expect(new NoteFile(folder).of("b")).toEqual([]);
  expect(readFileSync(join(folder, "notes.ndjson"), "utf8")).not.toMatch(/jane|ward/);
});

test("notes that are kept already are not written again, nor none for none", () => {
  const size = () => readFileSync(join(folder, "notes.ndjson")).length;
  const before = size();
  new NoteFile(folder).keep("ward/jane.png|10", ["second", "third"]);
  new NoteFile(folder).keep("c", []);
  expect(size()).toBe(before);
});

test("a line that is not whole is passed over", () => {
  appendFileSync(join(folder, "notes.ndjson"), '["abc", ["x"\n{}\nnull\n[1,2]\n');
  expect(new NoteFile(folder).of("ward/jane.png|10")).toEqual(["second", "third"]);
});
