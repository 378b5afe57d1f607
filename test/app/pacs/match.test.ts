import { expect, test } from "vitest";
import { parseMatch } from "../../../src/app/pacs/watch/match.ts";

test("modalities and attributes of studies are told apart", () => {
  expect(parseMatch([], "dicomweb")).toEqual({ modalities: ["CR", "DX"], studies: {} });
  expect(parseMatch(["Modality=DX", "CR", "StudyDate=20261127-"], "dicomweb")).toEqual({
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
  expect(() => parseMatch(parts, "orthanc")).toThrow(
    expect.objectContaining({
      code: "pacs/bad-match",
      message: `what is to match cannot be read: ${reason}`,
    }),
  );
});

test("what an archive may ignore is refused, since it would then have everything read", () => {
  const message = (parts: readonly string[], kind: "orthanc" | "dicomweb"): string => {
    try {
      parseMatch(parts, kind);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const required =
    "Modality, StudyDate, StudyTime, AccessionNumber, ModalitiesInStudy, ReferringPhysicianName, PatientName, PatientID, StudyInstanceUID, StudyID";
  expect(message(["Modalty=DX"], "dicomweb")).toBe(
    `what is to match cannot be read: this archive cannot be searched by Modalty, but by ${required}`,
  );
  expect(message(["InstitutionName=Test*"], "dicomweb")).toContain("cannot be searched by InstitutionName");
  expect(message(["InstitutionName=Test*"], "orthanc")).toBe("");
  expect(message(["studydate=20261127"], "orthanc")).toContain("cannot be searched by studydate");
});
