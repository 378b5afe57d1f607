import { expect, test } from "vitest";
import { sortImages } from "../../../src/app/pacs/watch/sort-images.ts";
import { imageOf } from "./state-support.ts";

test("images under UIDs that are none are passed over, beside those that are read", () => {
  const good = imageOf("1.2", "1.2.3");
  const report = { ...imageOf("1.2", "1.2.4"), modality: "SR", sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33" };
  const bad = [
    imageOf("1.2", "../../x"),
    { ...good, seriesInstanceUid: "1.2.3/4" },
    { ...good, studyInstanceUid: "" },
    { ...good, sopInstanceUid: "1".repeat(65) },
  ];
  expect(sortImages([...bad, good, report], ["CR", "DX"])).toEqual({
    images: [good],
    passedOver: [
      { code: "pacs/other-modality", count: 1 },
      { code: "pacs/bad-uid", count: 4 },
    ],
  });
  expect(sortImages([good], ["CR", "DX"])).toEqual({ images: [good], passedOver: [] });
});
