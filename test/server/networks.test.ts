/** The server with anyone's ONNX classifier: its network runs on the engine's thread. */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeModel } from "../../src/app/models/load-model.ts";
import type { RunningServer } from "../../src/server/start.ts";
import { Desk } from "../cli/run.ts";
import { networkBytes } from "../support/networks.ts";
import { example, predict } from "./running.ts";
import { builtServer, SETTINGS } from "./serve-demo.ts";

const desk = new Desk();
let server: RunningServer;
let model: NodeModel;
const image = example("00000001_000.png");

beforeAll(async () => {
  const file = desk.put("net.onnx", networkBytes("sigmoid"));
  const { startServer } = await builtServer();
  const log = { write: () => true };
  server = await startServer({ model: file, session: { threads: 1 }, settings: SETTINGS, log });
  const library = await import(new URL("../../dist/index.js", import.meta.url).href);
  model = await library.loadModel(file, { threads: 1 });
});
afterAll(async () => {
  await server.close();
  await model.release();
  desk.remove();
});

test("predictions and maps by occlusion are the library's", async () => {
  expect(model.kind).toBe("network");
  const answer = await predict(server.url, image, "?maps=json&method=occlusion");
  expect(answer.status).toBe(200);
  const [result] = (await answer.json()) as [
    { probabilities: Record<string, number>; heatmaps: { shape: number[]; data: string } },
  ];
  const expected = await model.explain(image, { method: "occlusion" });
  // JSON has nine digits of a number.
  for (const [label, p] of Object.entries(expected.probabilities))
    expect(result.probabilities[label]).toBeCloseTo(p, 8);
  expect(expected).toMatchObject({ method: "occlusion", layer: "image", shape: [14, 14, 14] });
  expect(result.heatmaps.shape).toEqual([14, 14, 14]);
  const maps = new Float32Array(new Uint8Array(Buffer.from(result.heatmaps.data, "base64")).buffer);
  expect(maps).toEqual(expected.heatmaps);
  expect(Math.max(...maps)).toBeGreaterThan(0);
});

test("maps of layers are refused before anything is spent, and so they are by the library", async () => {
  const answer = await predict(server.url, image, "?maps=json");
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: {
      code: "model/only-run",
      message: expect.stringContaining("choose the heatmap method occlusion"),
    },
  });
  await expect(model.explain(image)).rejects.toMatchObject({ code: "model/only-run" });
});

test("pictures are drawn by occlusion", async () => {
  const jpeg = await model.overlay(image, { findings: ["Effusion"] });
  expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
});
