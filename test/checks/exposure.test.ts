import { expect, test } from "vitest";
import { exposure } from "../../src/checks/exposure.ts";

/** A thumbnail whose values rise evenly. */
const from = (low: number, high: number): Float64Array =>
  Float64Array.from({ length: 1024 }, (_, i) => low + ((high - low) * i) / 1023);

test("a picture with the usual range of grey passes", () => {
  expect(exposure(from(5, 249), undefined)).toEqual({
    check: "exposure",
    outcome: "pass",
    reason: "The picture is well exposed (mean 127 of 255, middle 90 % within 220 grey levels).",
  });
});

test.each([
  ["almost black", from(0, 20), /^The picture is almost black \(mean 10 of 255, .*\.$/],
  ["almost white", from(240, 255), /^The picture is almost white \(mean 248 of 255, .*\.$/],
  [
    "of one grey value",
    from(100, 100),
    /^The picture has almost no contrast \(.*within 0 grey levels\).*\.$/,
  ],
])("a picture that is %s is warned about", (_, values, reason) => {
  const check = exposure(values, undefined);
  expect(check.outcome).toBe("warn");
  expect(check.reason).toMatch(reason);
});

test("few bright letters do not make a black picture well exposed", () => {
  const values = from(0, 4);
  values.fill(255, 1000);
  expect(exposure(values, undefined).outcome).toBe("warn");
});

test("a 16-bit picture that uses few low bits is warned about with their number", () => {
  expect(exposure(from(0, 15), 12).reason).toMatch(
    /uses only the low 12 of 16 bits and is read as dark \(mean 8 /,
  );
});
