import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { CATALOGUE, findRow } from "../../src/models/catalogue.ts";
import { cardMetadata } from "../../src/models/compile.ts";
import { Desk } from "../cli/run.ts";
import { phantomPng } from "../cli/xrays.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { file, madeBody, serve, stall, status } from "./server.ts";
import { sha256 } from "./try-download.ts";

const row = findRow("xrv-all")!;
let model: Uint8Array;
beforeAll(() => {
  const { tensors } = seededWeights(5, 18, 1);
  // A card in the file, over which the catalogue's must take precedence.
  const wrong = cardMetadata({ labels: Array.from({ length: 18 }, (_, i) => `Output ${i}`) });
  model = new Uint8Array(Buffer.concat(torchPieces(tensors, wrong)));
});

const desk = new Desk();
afterAll(() => desk.remove());

function newDesk(): Desk {
  const made = new Desk();
  onTestFinished(() => made.remove());
  return made;
}

test("a pulled model is recorded, listed, inspected and used by its name, with the catalogue's labels and preparation", async () => {
  const server = await serve(file({ body: model, etag: '"one"' }));
  desk.put("xray.png", await phantomPng());

  const before = await desk.run(["predict", "--force", "--image", "xray.png", "--model", "xrv-all"]);
  expect(before).toMatchObject({ code: 1, stdout: "" });
  expect(before.stderr).toContain("medical-x models pull xrv-all");

  const pulled = await desk.run(["models", "pull", "xrv-all", "--url", server.url]);
  expect(pulled.code).toBe(0);
  expect(pulled.stdout).toContain(desk.path("cache", "models", "xrv-all.pt"));
  expect(pulled.stdout).toContain(sha256(model));
  expect(pulled.stdout).toContain("Apache-2.0");
  expect(pulled.stdout).toContain("Cohen et al.");
  expect(pulled.stderr).toMatch(/recorded/);

  const again = await desk.run(["models", "pull", "xrv-all", "--url", server.url]);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("already here");
  expect(server.seen).toHaveLength(1);

  const listed = JSON.parse((await desk.run(["models", "list", "--format", "json"])).stdout);
  const here = listed.filter(({ pulled: isHere }: { pulled: boolean }) => isHere);
  expect(here.map(({ name }: { name: string }) => name)).toEqual(["xrv-all", "demo"]);

  const inspected = await desk.run(["models", "inspect", "xrv-all", "--format", "json"]);
  expect(JSON.parse(inspected.stdout)).toMatchObject({
    format: "torch-zip",
    labels: row.card.labels,
    preparation: row.card.preparation,
    unmatched: [],
  });

  const predicted = await desk.run([
    ...["predict", "--force", "--image", "xray.png", "--model", "XRV-all"],
    ...["--format", "json", "--threshold", "card"],
  ]);
  expect(predicted).toMatchObject({ code: 0, stderr: "" });
  const result = JSON.parse(predicted.stdout);
  expect(result.model).toMatchObject({ sha256: sha256(model), labels: row.card.labels });
  expect(Object.keys(result.probabilities)).toEqual(row.card.labels);
  expect(result.thresholds).toEqual(row.card.operatingPoints);
  expect(result.preparation.slice(1)).toEqual([
    "grey",
    "normalise [-1024, 1024]",
    "centre crop square",
    "resize 224x224 linear gaussian antialias",
  ]);
  const over = row.card.labels!.filter((label) => result.probabilities[label] >= result.thresholds[label]);
  expect(result.detected).toEqual(over);
});

test("outputs that were never trained are not shown", async () => {
  const server = await serve(file({ body: model, etag: '"one"' }));
  const own = newDesk();
  own.put("xray.png", await phantomPng());
  expect((await own.run(["models", "pull", "xrv-rsna", "--url", server.url])).code).toBe(0);
  const { stdout } = await own.run([
    "predict",
    "--force",
    "--image",
    "xray.png",
    "--model",
    "xrv-rsna",
    "--format",
    "json",
  ]);
  const { probabilities, model: shown } = JSON.parse(stdout);
  expect(Object.keys(probabilities)).toEqual(["Pneumonia", "Lung Opacity"]);
  expect(shown.labels).toEqual(["Pneumonia", "Lung Opacity"]);
});

test("every model of the catalogue is listed with its licence and how it is checked", async () => {
  const own = newDesk();
  const [text, json] = await Promise.all([
    own.run(["models", "list"]),
    own.run(["models", "list", "--format", "json"]),
  ]);
  expect([text.code, json.code, text.stderr, json.stderr]).toEqual([0, 0, "", ""]);
  for (const { name, title, card } of CATALOGUE) {
    expect(text.stdout).toContain(`${name.padEnd(18)}`.trimEnd());
    expect(text.stdout).toContain(title);
    expect(text.stdout).toContain(`licence: ${card.licence}`);
  }
  const rows = JSON.parse(json.stdout);
  expect(rows.map(({ name }: { name: string }) => name)).toEqual([
    ...CATALOGUE.map(({ name }) => name),
    "demo",
  ]);
  const here = rows.filter(({ pulled }: { pulled: boolean }) => pulled);
  expect(here.map(({ name }: { name: string }) => name)).toEqual(["demo"]);
  expect(rows[1]).toMatchObject({
    url: CATALOGUE[1]!.url,
    check: CATALOGUE[1]!.check,
    licence: "none stated",
  });
});

test.each([
  [
    "an unknown name",
    "no-such-model",
    status(404),
    /there is no model "no-such-model" in the catalogue; .*xrv-all/,
  ],
  ["a wrong file", "imagenet", file({ body: madeBody(1000) }), /imagenet: .*SHA-256.*a639ec97/],
  ["a page", "xrv-all", status(200, "<!doctype html><p>Sign in"), /web page/],
  ["nothing there", "xrv-all", status(404), /answered 404/],
])("pulling ends with 1 and one line on stderr: %s", async (_, name, answer, message) => {
  const server = await serve(answer);
  const own = newDesk();
  const ended = await own.run(["models", "pull", name, "--url", server.url]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  expect(ended.stderr).toMatch(/^medical-x: /);
});

test("a server that announces too large a file does not hold the command up", async () => {
  const body = madeBody(4_000_000);
  const huge = { "Content-Length": String(40e9) };
  const server = await serve(file({ body }, { headers: huge, cutAfter: body.length }));
  const start = Date.now();
  const ended = await newDesk().run(["models", "pull", "xrv-all", "--url", server.url]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/MB/);
  expect(Date.now() - start).toBeLessThan(10_000);
}, 20_000);

test("an interrupted command leaves its part, and the next one goes on from it", async () => {
  const own = newDesk();
  const server = await serve(
    stall({ body: model, etag: '"one"' }, 2_000_000),
    file({ body: model, etag: '"one"' }),
  );
  const interrupt = new AbortController();
  const running = own.run(["models", "pull", "xrv-all", "--url", server.url], { signal: interrupt.signal });
  const { existsSync, statSync } = await import("node:fs");
  const part = own.path("cache", "models", "xrv-all.pt.part");
  while (!existsSync(part) || statSync(part).size < 2_000_000)
    await new Promise((done) => setTimeout(done, 20));
  interrupt.abort();
  expect((await running).code).not.toBe(0);
  const resumed = await own.run(["models", "pull", "xrv-all", "--url", server.url]);
  expect(resumed.code).toBe(0);
  expect(server.seen[1]).toMatchObject({ range: "bytes=2000000-", sent: model.length - 2_000_000 });
  expect(resumed.stdout).toContain(sha256(model));
});
