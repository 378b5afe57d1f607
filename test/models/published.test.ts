import { expect, test } from "vitest";
import { CATALOGUE } from "../../src/models/catalogue.ts";
import { gitBlobId, publishedRow } from "../../src/models/published.ts";

/** Results of `git hash-object` for an empty file and for `hello\n`. */
test.each([
  ["", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"],
  ["hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"],
])("the id of %j is git's", async (text, id) => {
  expect(await gitBlobId(new TextEncoder().encode(text))).toBe(id);
});

test("a file that nobody published is none of the catalogue's", async () => {
  expect(await publishedRow(new TextEncoder().encode("hello\n"))).toBeUndefined();
  const published = CATALOGUE.filter(({ check }) => check.kind === "git-blob");
  expect(published.map(({ name }) => name)).toHaveLength(4);
});
