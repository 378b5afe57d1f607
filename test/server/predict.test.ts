import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeModel } from "../../src/app/models/load-model.ts";
import { readNpy } from "../cli/npy.ts";
import { Desk } from "../cli/run.ts";
import { schemaErrors } from "../support/json-schema.ts";
import { EXAMPLE_NAMES, example, formOf, predict, type Tried, tryServer } from "./running.ts";

const desk = new Desk();
let server: Tried;
let model: NodeModel;
beforeAll(async () => {
  server = await tryServer(desk);
  const library = await import(new URL("../../dist/index.js", import.meta.url).href);
  model = await library.loadModel(desk.path("m.safetensors"), { threads: 1 });
});
afterAll(async () => {
  await server.close();
  await model.release();
  desk.remove();
});

interface Answer {
  readonly image: string;
  readonly threshold: number | string;
  readonly detected: string[];
  readonly probabilities: Record<string, number>;
  readonly heatmaps?: { findings: string[]; shape: number[]; region: number[]; data: string };
  readonly error?: { code: string; message: string };
}
const answersOf = async (answer: Response): Promise<Answer[]> => {
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer[];
};
const floats = (base64: string): Float32Array => {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  return new Float32Array(bytes.buffer);
};
const all = EXAMPLE_NAMES.map((name) => [name, example(name)] as const);

/** Close to the library's numbers for the same bytes. */
async function expectLikeLibrary(answer: Answer, bytes: Uint8Array): Promise<void> {
  const [expected] = await model.predict([bytes]);
  for (const label of model.labels)
    expect(Math.abs(answer.probabilities[label]! - expected!.probabilities[label]!)).toBeLessThan(1e-6);
}

test("the bytes of one image give an array of one prediction, with the library's numbers", async () => {
  const [[, bytes]] = [all[0]!];
  const answer = await predict(server.url, bytes, "", { "Content-Type": "image/png" });
  expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const results = await answersOf(answer);
  expect(results.map((result) => schemaErrors("prediction", result))).toEqual([[]]);
  expect(results[0]).toMatchObject({ image: "", threshold: 0.5, model: { sha256: await model.sha256() } });
  await expectLikeLibrary(results[0]!, bytes);
});

test.each([
  "application/octet-stream",
  "application/dicom",
  "image/jpeg",
  "application/x-www-form-urlencoded",
])("what an image is, its bytes say and not the type %s", async (type) => {
  const results = await answersOf(await predict(server.url, all[0]![1], "", { "Content-Type": type }));
  expect(results[0]!.probabilities).toBeDefined();
});

test("a TIFF of more than a megabyte, whose length the client does not tell", async () => {
  const { data, info } = await sharp(all[0]![1])
    .resize(1100, 1100)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels } as const;
  const tiff = new Uint8Array(
    await sharp(data, { raw }).toColourspace("b-w").tiff({ compression: "none" }).toBuffer(),
  );
  expect(tiff.length).toBeGreaterThan(1_200_000);
  const body = new Blob([tiff]).stream();
  const answer = await fetch(`${server.url}api/predict`, {
    method: "POST",
    body,
    duplex: "half",
  } as RequestInit);
  const results = await answersOf(answer);
  await expectLikeLibrary(results[0]!, tiff);
});

test("a body without a type is an image", async () => {
  const results = await answersOf(await predict(server.url, all[0]![1]));
  expect(results).toHaveLength(1);
});

test("several images give as many predictions in order, and one that fails stands in its place", async () => {
  const [first, second, third] = all;
  const broken = ["broken.png", first![1].slice(0, 500)] as const;
  const results = await answersOf(await predict(server.url, formOf([first!, broken, third!, second!])));
  expect(results.map(({ image }) => image)).toEqual([first![0], "broken.png", third![0], second![0]]);
  expect(results[1]).toEqual({
    schema: "medical-x/prediction@1",
    image: "broken.png",
    error: { code: "raster/damaged", message: expect.stringMatching(/^broken\.png: /) },
  });
  await expectLikeLibrary(results[0]!, first![1]);
  await expectLikeLibrary(results[2]!, third![1]);
  await expectLikeLibrary(results[3]!, second![1]);
});

test("a client's folders are no part of an image's name", async () => {
  const results = await answersOf(await predict(server.url, formOf([["secret/place/x.png", all[0]![1]]])));
  expect(results[0]!.image).toBe("x.png");
});

test("the threshold decides what is detected", async () => {
  const [low] = await answersOf(await predict(server.url, all[0]![1], "?threshold=0"));
  expect(low!.detected).toEqual(model.labels);
  const [none] = await answersOf(await predict(server.url, all[0]![1], "?threshold=1"));
  expect(none!.detected).toEqual([]);
  const [card] = await answersOf(await predict(server.url, all[0]![1], "?threshold=card"));
  expect(card).toMatchObject({ threshold: "card", thresholds: model.card.operatingPoints });
});

test("heatmaps in JSON are the library's, bit for bit", async () => {
  const [result] = await answersOf(await predict(server.url, all[0]![1], "?maps=json"));
  const { heatmaps, shape } = await model.explain(all[0]![1]);
  // The whole image is stretched.
  expect(result!.heatmaps).toMatchObject({ findings: model.labels, shape, region: [0, 0, 512, 512] });
  const data = floats(result!.heatmaps!.data);
  expect(Math.max(...data.map((value, i) => Math.abs(value - heatmaps[i]!)))).toBeLessThan(1e-6);
  expect(schemaErrors("prediction", result)).toEqual([]);
});

test("where an image is cropped, its heatmaps say which part of it they cover", async () => {
  const other = new Desk();
  const { url, close } = await tryServer(other, {}, [
    { step: "rgb" },
    { step: "center-square" },
    { step: "resize", width: 112, height: 112, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ]);
  const wide = await sharp(all[0]![1]).resize(640, 512, { fit: "fill" }).png().toBuffer();
  const [result] = await answersOf(await predict(url, new Uint8Array(wide), "?maps=json"));
  await close();
  other.remove();
  expect(result!.heatmaps?.region).toEqual([64, 0, 512, 512]);
  expect(schemaErrors("prediction", result)).toEqual([]);
});

test("findings, method and layer choose the maps", async () => {
  const query = "?maps=json&findings=Mass,effusion&method=layercam&layer=denseblock3";
  const [result] = await answersOf(await predict(server.url, all[0]![1], query));
  const options = { method: "layercam", layer: "denseblock3" } as const;
  const { heatmaps, shape } = await model.explain(all[0]![1], options);
  const [, height, width] = shape;
  expect(result!.heatmaps).toMatchObject({ findings: ["Mass", "Effusion"], shape: [2, height, width] });
  const start = model.labels.indexOf("Effusion") * height * width;
  const data = floats(result!.heatmaps!.data).subarray(height * width);
  for (const [i, value] of data.entries()) expect(value).toBeCloseTo(heatmaps[start + i]!, 5);
});

test("the most probable finding alone, and a method whose name has a plus", async () => {
  const [result] = await answersOf(
    await predict(server.url, all[0]![1], "?maps=json&findings=top&method=gradcam++"),
  );
  const [top] = Object.entries(result!.probabilities).toSorted(([, a], [, b]) => b - a);
  expect(result!.heatmaps!.findings).toEqual([top![0]]);
});

test("maps=npy is a NumPy array of one image, or of several with NaN for one that failed", async () => {
  const one = await predict(server.url, all[0]![1], "?maps=npy");
  expect(one.headers.get("content-type")).toBe("application/octet-stream");
  const single = readNpy(Buffer.from(await one.arrayBuffer()));
  const { heatmaps, shape } = await model.explain(all[0]![1]);
  expect(single.shape).toEqual(shape);
  for (const [i, value] of single.data.entries()) expect(value).toBeCloseTo(heatmaps[i]!, 5);
  const form = formOf([["text.png", new Uint8Array([1, 2, 3])], all[0]!]);
  const several = readNpy(Buffer.from(await (await predict(server.url, form, "?maps=npy")).arrayBuffer()));
  expect(several.shape).toEqual([2, ...shape]);
  expect(several.data.subarray(0, heatmaps.length).every(Number.isNaN)).toBe(true);
  expect([...several.data.subarray(heatmaps.length)]).toEqual([...single.data]);
});

test("requests at once give what each gives alone, whatever maps they ask for", async () => {
  const queries = [
    "",
    "?maps=json",
    "?maps=json&method=hirescam",
    "?threshold=0.2",
    "?maps=json&findings=top",
  ];
  const wanted = Array.from({ length: 30 }, (_, i) => ({ i: i % 3, query: queries[i % queries.length]! }));
  const alone = new Map<string, Answer>();
  for (const { i, query } of wanted.slice(0, 15))
    alone.set(`${i}${query}`, (await answersOf(await predict(server.url, all[i]![1], query)))[0]!);
  await Promise.all(
    wanted.map(async ({ i, query }) => {
      const [result] = await answersOf(await predict(server.url, all[i]![1], query));
      const expected = alone.get(`${i}${query}`)!;
      expect(result!.heatmaps?.shape).toEqual(expected.heatmaps?.shape);
      for (const label of model.labels)
        expect(Math.abs(result!.probabilities[label]! - expected.probabilities[label]!)).toBeLessThan(1e-6);
    }),
  );
});

test("what is not needed waits for nothing: health, readiness and the model", async () => {
  expect(await (await fetch(`${server.url}healthz`)).json()).toEqual({ status: "ok" });
  expect(await (await fetch(`${server.url}readyz`)).json()).toEqual({ status: "ready" });
  const described = await (await fetch(`${server.url}api/model`)).json();
  expect(schemaErrors("model", described)).toEqual([]);
  expect(described).toMatchObject({
    name: "m.safetensors",
    sha256: await model.sha256(),
    labels: model.labels,
    preparation: model.card.preparation,
    operatingPoints: model.card.operatingPoints,
    notices: model.card.notices,
  });
});

test("metrics have KServe's names, and count what happened", async () => {
  const answer = await fetch(`${server.url}metrics`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  const value = (name: string): number =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (\\S+)$`, "m").exec(text)?.[1]);
  for (const phase of ["preprocess", "predict", "explain", "postprocess"])
    expect(value(`request_${phase}_seconds_count{model_name="m.safetensors"}`)).toBeGreaterThan(0);
  expect(value('http_requests_total{method="POST",route="/api/predict",status="200"}')).toBeGreaterThan(30);
  expect(value("medical_x_images_queued")).toBe(0);
  expect(value("medical_x_images_in_progress")).toBe(0);
  expect(value("http_requests_in_progress")).toBe(1);
  expect(value("process_resident_memory_bytes")).toBeGreaterThan(1e6);
  // Of 30 requests at once, some must have gone through the network together.
  const batches = value('medical_x_batch_images_count{model_name="m.safetensors"}');
  expect(value('medical_x_batch_images_sum{model_name="m.safetensors"}')).toBeGreaterThan(batches);
});
