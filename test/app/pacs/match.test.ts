import { expect, test } from "vitest";
import { parseMatch } from "../../../src/app/pacs/watch/match.ts";

test("modalities and attributes of studies are told apart", () => {
  expect(parseMatch([])).toEqual({ modalities: ["CR", "DX"], studies: {} });
  expect(parseMatch(["Modality=DX", "CR", "StudyDate=20261127-"])).toEqual({
    modalities: ["DX", "CR"],
    studies: { StudyDate: "20261127-" },
  });
});

test.each([
  [["DX"], "it must be like Modality=DX,CR"],
  [["Modality="], "it must be like Modality=DX,CR"],
  [["0008,0060=DX"], "it must be like Modality=DX,CR"],
  [["StudyDate=20261127", "20261128"], "only Modality can have several values, but StudyDate has"],
])("%j is refused", (parts, reason) => {
  expect(() => parseMatch(parts)).toThrow(
    expect.objectContaining({
      code: "pacs/bad-match",
      message: `what is to match cannot be read: ${reason}`,
    }),
  );
});
