/** Which heatmap lies over an image, and where. */

import { expect, test } from "vitest";
import { FINDING_NAMES } from "../../../src/findings.ts";
import { overlayOf } from "../../../web/elements/overlays.ts";
import type { FinerMap } from "../../../web/engine/reading.ts";
import { INITIAL_STATE } from "../../../web/state/page-state.ts";
import { serverReading } from "../../../web/state/server-reading.ts";
import { item, jsonOf, readItem } from "../state/items.ts";

const LABEL = FINDING_NAMES[0]!;

test("the map of an image that the server cropped lies over the crop", () => {
  const json = { ...jsonOf("x.png"), preparation: ["decode png 640x512 grey8", "centre crop square"] };
  const data = "AAAAAAAAAD8AAIA/AAAAwA==";
  const reading = serverReading(
    { ...json, heatmaps: { shape: [1, 2, 2], region: [64, 0, 512, 512], data } },
    0.5,
  );
  expect(overlayOf(INITIAL_STATE, item(0, { state: "done", reading }), LABEL)).toMatchObject({
    map: Float32Array.of(0, 0.5, 1, -2),
    region: { x: 64, y: 0, width: 512, height: 512 },
  });
});

test("without maps from the server, there is none until it is made here", () => {
  const { heatmaps: _, ...json } = jsonOf("x.png");
  const reading = serverReading(json, 0.5);
  expect(reading.shape).toEqual([FINDING_NAMES.length, 0, 0]);
  expect(overlayOf(INITIAL_STATE, item(0, { state: "done", reading }), LABEL)).toBeUndefined();
});

test("both images that are shown have their own finer maps, once these are there", () => {
  const mapOf = (value: number): FinerMap => ({
    data: Float32Array.of(value),
    height: 1,
    width: 1,
    recipe: { method: "gradcam", layers: ["denseblock3"] },
    region: { x: 1, y: 2, width: 3, height: 4 },
  });
  const state = {
    ...INITIAL_STATE,
    finer: { item: 0, finding: LABEL, map: mapOf(3) },
    comparedFiner: { item: 1, finding: LABEL, map: mapOf(4) },
  };
  const own = (id: number, label: string) => overlayOf(state, readItem(id), label)?.map;
  expect(own(0, LABEL)).toEqual(Float32Array.of(3));
  expect(own(1, LABEL)).toEqual(Float32Array.of(4));
  expect(overlayOf(state, readItem(0), LABEL)?.region).toEqual({ x: 1, y: 2, width: 3, height: 4 });
  expect(own(2, LABEL)).toEqual(Float32Array.of(0, 0.5, 1, -2));
  const coming = { ...state, comparedFiner: { item: 1, finding: LABEL, map: "coming" } as const };
  expect(overlayOf(coming, readItem(1), LABEL)?.map).toEqual(Float32Array.of(0, 0.5, 1, -2));
});
