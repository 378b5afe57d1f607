import { expect, test } from "vitest";
import { ByteReader } from "../../src/formats/bytes.ts";

test.each([
  [1, "the file ends at byte 137, but 1 more was expected at byte 137; it is cut short or damaged"],
  [4, "the file ends at byte 137, but 4 more were expected at byte 137; it is cut short or damaged"],
])("a read of %d past the end says where the file ends", (count, message) => {
  const reader = new ByteReader(new Uint8Array(137), 137);
  expect(() => reader.take(count)).toThrow(expect.objectContaining({ code: "format/truncated", message }));
});
