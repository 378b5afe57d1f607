/**
 * What is kept of an image that was read on the server.
 *
 * Knows: the server's result, and plain data.
 */

import type { ServerResult } from "../engine/server-engine.ts";
import { fromBase64 } from "./base64.ts";
import type { KeptReading } from "./item.ts";

/** The reading that a result of the server makes. It says nothing about places. */
export function serverReading({ heatmaps, ...json }: ServerResult, seconds: number): KeptReading {
  const kept = { json, places: undefined, where: "server", seconds } as const;
  if (heatmaps === undefined) {
    const shape = [json.model.labels.length, 0, 0] as const;
    return { ...kept, heatmaps: new Float32Array(0), shape, region: undefined };
  }
  const [x, y, width, height] = heatmaps.region;
  const { shape, data } = heatmaps;
  return { ...kept, heatmaps: fromBase64(data), shape, region: { x, y, width, height } };
}
