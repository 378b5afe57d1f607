import { expect, test } from "vitest";
import { messageWithHint } from "../../src/cli/hints.ts";
import { type ErrorCode, type ErrorDetails, XrayError } from "../../src/errors.ts";

const shown = (code: ErrorCode, details: ErrorDetails = {}, command = "predict") =>
  messageWithHint(new XrayError(code, "it failed; do this", details), command);

test.each<[ErrorCode, ErrorDetails, string, string]>([
  ["model/not-pulled", { name: "xrv-nih" }, "predict", " (`medical-x models pull xrv-nih`)"],
  ["data/no-label-file", { option: "labelsFile" }, "train", " (--labels-file)"],
  ["data/no-label-file", { option: "truth" }, "predict", " (--truth)"],
  ["data/several-box-files", {}, "predict", ""],
  ["card/no-labels", {}, "predict", " (--labels a,b,…)"],
  ["card/no-labels", {}, "evaluate", ""],
  ["labels/unknown-finding", {}, "evaluate", " (--labels a,b,…)"],
  ["labels/unknown-finding", {}, "predict", ""],
  ["evaluation/no-images", { areLateral: true }, "evaluate", " (--include-laterals)"],
  ["evaluation/no-images", { areLateral: false }, "evaluate", ""],
  ["split/no-training", { laterals: 3 }, "train", " (--include-laterals)"],
  ["split/no-training", { laterals: 0 }, "train", ""],
  ["file/not-accessible", { cache: "features" }, "train", " (--feature-cache off)"],
  ["file/not-accessible", { cache: "predictions" }, "evaluate", " (--prediction-cache off)"],
  ["file/not-accessible", {}, "train", ""],
  ["training/folder-taken", { canResume: true }, "train", " (--resume, --out)"],
  ["training/folder-taken", {}, "train", " (--out)"],
  ["raster/damaged", {}, "predict", ""],
])("%s %j of %s ends in %j", (code, details, command, hint) => {
  expect(shown(code, details, command)).toBe(`it failed; do this${hint}`);
});

test("the command is the one of this process unless given", () => {
  const before = process.argv;
  try {
    process.argv = ["node", "medical-x", "models"];
    expect(messageWithHint(new XrayError("card/no-labels", "m"))).toBe("m (--labels a,b,…)");
    process.argv = ["node", "medical-x"];
    expect(messageWithHint(new XrayError("card/no-labels", "m"))).toBe("m");
  } finally {
    process.argv = before;
  }
});
