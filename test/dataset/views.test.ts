import { expect, test } from "vitest";
import { isLateral, viewOf, viewsFromNames } from "../../src/dataset/views.ts";
import { sideOf } from "../../src/view-words.ts";

test.each([
  // DICOM PS3.3 C.8.1.1: of its codes, LL and RL are lateral; decubitus and oblique views are not.
  ...["LL", "RL", "ll"],
  // CheXpert; PadChest and BRAX; MIMIC-CXR; Open-i.
  ...["Lateral", "L", "LATERAL", "XTABLE LATERAL", "LARGE LATERAL", "left lateral", "Lat"],
  // What technicians write.
  ...[
    "LLAT",
    "RLAT",
    "L-LAT",
    "R LAT",
    "LAT.",
    "LAT-L",
    "Lt Lat",
    "LatR",
    "Left_Lateral",
    "LATERALS",
    "LeftLateral",
  ],
  ...["lateral view", "Lat chest", "X-Table Lat", "xtablelat", "ERECT LAT", "1 LATERAL"],
])("%s is a lateral view", (view) => {
  expect(isLateral(view)).toBe(true);
});

test.each([
  ...["PA", "AP", "RLD", "LLD", "RLO", "LLO", "Frontal", ""],
  // MIMIC-CXR, BRAX and PadChest.
  ...["AP AXIAL", "PA LLD", "AP RLD", "SWIMMERS", "LT-DECUB", "AP_horizontal", "AP LLD", "COSTAL"],
  ...["left lateral decubitus", "LEFT LATERAL DECUB", "LLAT DECUB", "bilateral"],
  // Both, or no words: an image is one of the two, but it is unknown which.
  ...["PA/LAT", "PA and lateral", "AP+LAT", "Frontal/Lateral", "PA & L LAT", "0", "1", "latitude"],
])("%s is no lateral view", (view) => {
  expect(isLateral(view)).toBe(false);
});

test.each([
  ...[
    "PA",
    "AP",
    "pa",
    "Frontal",
    "PA erect",
    "AP_horizontal",
    "AP AXIAL",
    "Postero-anterior",
    "AP PORTABLE",
  ],
  ...["RLD", "LLD", "PA LLD", "LT-DECUB", "left lateral decubitus", "PA bilateral"],
])("%s is a frontal view", (view) => {
  expect(sideOf(view)).toBe("frontal");
});

test.each([
  ...["PA/LAT", "PA and lateral", "AP LL LAT", "Frontal/Lateral", "0", "1", "1.0", "?", ""],
  ...["LLO", "RAO", "SWIMMERS", "COSTAL", "bilateral", "seitlich"],
])("%s is read as neither", (view) => {
  expect(sideOf(view)).toBe("unclear");
});

test("an image without a view is none", () => {
  expect(isLateral(undefined)).toBe(false);
});

test.each([
  ["Frontal", "AP", "AP"],
  ["Frontal", "", "Frontal"],
  ["Lateral", "", "Lateral"],
  // If two columns contradict each other, the image is lateral, whichever says so.
  ["Lateral", "PA", "Lateral"],
  ["Frontal", "LL", "LL"],
  ["Lateral", "RL", "RL"],
  ["", "PA", "PA"],
  // If one is coded as a number, the column that can be read counts.
  ["Frontal", "0", "Frontal"],
  ["1", "PA", "PA"],
  ["1", "LL", "LL"],
  ["Lateral", "2", "Lateral"],
  ["1", "", "1"],
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
