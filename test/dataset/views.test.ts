import { expect, test } from "vitest";
import { isLateral, viewOf, viewsFromNames } from "../../src/dataset/views.ts";

test.each([
  // DICOM PS3.3 C.8.1.1: of its codes, LL and RL are lateral; decubitus and oblique views are not.
  ...["LL", "RL", "ll"],
  // CheXpert; PadChest and BRAX; MIMIC-CXR; Open-i.
  ...["Lateral", "L", "LATERAL", "XTABLE LATERAL", "LARGE LATERAL", "left lateral", "Lat"],
])("%s is a lateral view", (view) => {
  expect(isLateral(view)).toBe(true);
});

test.each([
  ...["PA", "AP", "RLD", "LLD", "RLO", "LLO", "Frontal", ""],
  // MIMIC-CXR, BRAX and PadChest.
  ...["AP AXIAL", "PA LLD", "AP RLD", "SWIMMERS", "LT-DECUB", "AP_horizontal", "AP LLD", "COSTAL"],
  ...["left lateral decubitus", "LEFT LATERAL DECUB", "bilateral"],
])("%s is no lateral view", (view) => {
  expect(isLateral(view)).toBe(false);
});

test("an image without a view is none", () => {
  expect(isLateral(undefined)).toBe(false);
});

test.each([
  ["Frontal", "AP", "AP"],
  ["Frontal", "", "Frontal"],
  ["Lateral", "", "Lateral"],
  // Two columns that contradict each other: lateral, whichever says so.
  ["Lateral", "PA", "Lateral"],
  ["Frontal", "LL", "LL"],
  ["Lateral", "RL", "RL"],
  ["", "PA", "PA"],
  ["", "", ""],
])("side %s and projection %s are the view %s", (side, projection, view) => {
  expect(viewOf(side, projection)).toBe(view);
});

test("names tell the view where all are CheXpert's", () => {
  expect(viewsFromNames(["a/study1/view1_frontal.jpg", "a/study1/view2_lateral.jpg"])).toEqual([
    "Frontal",
    "Lateral",
  ]);
  expect(viewsFromNames(["a/study1/view1_frontal.jpg", "a/study1/other_lateral.jpg"])).toBeUndefined();
});
