import { expect, test } from "vitest";
import { planForObject } from "../../../src/report/dicom/overlay-plan.ts";
import { drawOverlay } from "../../../src/report/overlay/draw.ts";
import type { OverlayPlan } from "../../../src/report/overlay/plan.ts";

const panel = {
  map: new Float32Array([0, 1]),
  title: "Mass 9.00%",
  remarks: ["Grad-CAM"],
  boxes: [{ x: 0, y: 0, width: 1, height: 1 }],
};
const planOf = (panels: number): OverlayPlan => ({
  panels: Array.from({ length: panels }, () => panel),
  height: 1,
  width: 2,
  region: { x: 0, y: 0, width: 1600, height: 1200 },
  colormap: "inferno",
});

test("every panel says what it is for, and shows no boxes but the model's own map", () => {
  for (const { boxes, remarks } of planForObject(planOf(2)).panels) {
    expect(boxes).toEqual([]);
    expect(remarks).toEqual(["Grad-CAM", "research use only"]);
  }
});

test.each([
  [1, 1024, 768],
  [4, 2056, 1544],
  [5, 1552, 776],
])("%i panels of a picture of 1600 × 1200 make one of %i × %i pixels", (panels, width, height) => {
  const image = { width: 1600, height: 1200, channels: 1 as const, data: new Uint8Array(1600 * 1200) };
  const drawn = drawOverlay({ ...image, steps: [], notes: [] }, planForObject(planOf(panels)));
  expect([drawn.width, drawn.height]).toEqual([width, height]);
});
