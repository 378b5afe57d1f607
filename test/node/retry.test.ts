import { expect, test } from "vitest";
import { retryAfterMs } from "../../src/node/retry.ts";

const NOON = Date.UTC(1999, 11, 31, 12);

// The first two are RFC 9110's own examples, 10.2.3.
test.each([
  ["120", 120_000],
  ["Fri, 31 Dec 1999 23:59:59 GMT", (12 * 3600 - 1) * 1000],
  ["Fri, 31 Dec 1999 11:00:00 GMT", 0],
  [" 3 ", 3000],
  ["0", 0],
  ["soon", 0],
  ["", 0],
  [null, 0],
])("Retry-After: %s", (header, expected) => {
  expect(retryAfterMs(header, NOON)).toBe(expected);
});
