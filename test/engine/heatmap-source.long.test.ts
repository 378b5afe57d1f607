/** Heatmaps at every layer of the networks that test/engine/heatmap-source.test.ts leaves out. */

import { describe, expect, test } from "vitest";
import { LAYERS_CASES } from "../support/densenet-fixtures.ts";
import { testLayerMaps } from "./layer-maps.ts";

const others = LAYERS_CASES.slice(1);

test("there are others", () => {
  expect(others.length).toBeGreaterThan(0);
});

describe.each(others)("%s", (_, networkCase) => testLayerMaps(networkCase));
