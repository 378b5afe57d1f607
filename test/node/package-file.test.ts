import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../src/node/package-file.ts";

test("a file of the package is found from where the code stands", () => {
  expect(existsSync(packageFile("models/demo.safetensors"))).toBe(true);
});

test("one that is missing is an error that says to install again, and nothing beyond the package is taken", () => {
  expect(() => packageFile("models/none.safetensors")).toThrow(
    expect.objectContaining({
      code: "file/not-found",
      message: expect.stringMatching(/none.*install medical-x again/),
    }),
  );
  // The folder above the package's, and so one that is surely there.
  expect(() => packageFile("tmp")).toThrow(expect.objectContaining({ code: "file/not-found" }));
});
