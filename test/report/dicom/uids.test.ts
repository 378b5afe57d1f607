import { expect, test } from "vitest";
import { uidOf } from "../../../src/report/dicom/uids.ts";

// By Python: SHA-256 of json.dumps(["medical-x", *parts], separators=(",", ":"), ensure_ascii=False), 16 bytes of it, with
// the version and variant of RFC 9562, 5.8.
test.each([
  [["object", "1.2.3", "ab", "report", "{}", "0.1.0"], "2.25.260014521762461574731943446349857966074"],
  [["label", "Lungenödem"], "2.25.292216724399698066909298007855808600407"],
])("the UID of %j is that of its hash", async (parts, expected) => {
  expect(await uidOf(...parts)).toBe(expected);
});

test("parts are kept apart", async () => {
  const lists = [["a", "b"], ["ab"], ["a,b"], ['a","b'], ["a", "b", ""], []];
  expect(new Set(await Promise.all(lists.map((parts) => uidOf(...parts)))).size).toBe(lists.length);
});

test("a UID is a version 8 UUID in decimal, without leading zeros, of at most 44 characters", async () => {
  for (let i = 0; i < 200; i++) {
    const uid = await uidOf("many", String(i));
    expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    const hex = BigInt(uid.slice(5)).toString(16).padStart(32, "0");
    expect(hex[12]).toBe("8");
    expect("89ab").toContain(hex[16]);
  }
});
