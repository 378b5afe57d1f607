import { expect, test } from "vitest";
import { serverReading } from "../../../web/state/server-reading.ts";
import { jsonOf } from "./items.ts";

test("what the server read has its heatmaps, and the part of the image that they cover", () => {
  // Python: base64.b64encode(struct.pack("<4f", 0, 0.5, 1, -2))
  const data = "AAAAAAAAAD8AAIA/AAAAwA==";
  const json = jsonOf("x.png");
  const reading = serverReading(
    { ...json, heatmaps: { shape: [1, 2, 2], region: [64, 0, 512, 512], data } },
    0.5,
  );
  expect(reading).toEqual({
    json,
    heatmaps: Float32Array.of(0, 0.5, 1, -2),
    shape: [1, 2, 2],
    region: { x: 64, y: 0, width: 512, height: 512 },
    places: undefined,
    where: "server",
    seconds: 0.5,
  });
});
