/**
 * `GET metrics` by the documentation of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/node/package-file.ts";
import type { RunningServer } from "../../src/server/start.ts";
import { parseExposition, type Sample } from "./exposition.ts";
import { serveDemo } from "./serve-demo.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await serveDemo();
});
afterAll(() => server.close());

async function scrape(): Promise<{ text: string; type: string }> {
  const answer = await fetch(new URL("metrics", server.url));
  return { text: await answer.text(), type: answer.headers.get("content-type")! };
}

const sampleOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined =>
  samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )?.value;

test("the parser refuses what the format does not have", () => {
  expect(parseExposition('a{b="c\\"\\\\\\n"} 1.5e3\n').samples).toEqual([
    { name: "a", labels: { b: 'c"\\\n' }, value: 1500 },
  ]);
  for (const bad of [
    "a",
    "a one\n",
    "a{b=c} 1\n",
    "1a 1\n",
    'a{b="c} 1\n',
    "a 1",
    "# TYPE a thing\na 1\n",
    "a 1\na 2\n",
  ])
    expect(() => parseExposition(bad), bad).toThrow();
});

test("a scrape after requests counts them, and is the text format", async () => {
  const body = new Uint8Array(readFileSync(packageFile("examples/images/00000004_000.png")));
  for (const query of ["", "?maps=json"])
    await (await fetch(new URL(`api/predict${query}`, server.url), { method: "POST", body })).text();
  await (await fetch(new URL("nothing", server.url))).text();
  const { text, type } = await scrape();
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
  const { samples, types, helps } = parseExposition(text);
  expect(Object.keys(types).filter((name) => helps[name] === undefined)).toEqual([]);
  const predict = { method: "POST", route: "/api/predict", status: "200" };
  expect(sampleOf(samples, "http_requests_total", predict)).toBe(2);
  expect(sampleOf(samples, "http_requests_total", { route: "unknown", status: "404" })).toBe(1);
  const model = { model_name: "demo" };
  expect(sampleOf(samples, "request_preprocess_seconds_count", model)).toBe(2);
  expect(sampleOf(samples, "request_predict_seconds_count", model)).toBe(1);
  expect(sampleOf(samples, "request_explain_seconds_count", model)).toBe(1);
  for (const name of [
    "request_preprocess_seconds",
    "request_predict_seconds",
    "http_request_duration_seconds",
  ])
    expect(types[name]).toBe("histogram");
  expect(sampleOf(samples, "medical_x_images_queued")).toBe(0);
});

test("buckets of histograms only grow, and the last one is the count", async () => {
  const { samples, types } = parseExposition((await scrape()).text);
  const histograms = Object.keys(types).filter((name) => types[name] === "histogram");
  expect(histograms.length).toBeGreaterThan(3);
  for (const name of histograms) {
    const series = new Map<string, Sample[]>();
    for (const sample of samples.filter((one) => one.name === `${name}_bucket`)) {
      const { le: _, ...labels } = sample.labels;
      const key = JSON.stringify(labels);
      series.set(key, [...(series.get(key) ?? []), sample]);
    }
    for (const [key, buckets] of series) {
      const values = buckets.map(({ value }) => value);
      expect(values, name).toEqual(values.toSorted((a, b) => a - b));
      expect(buckets.at(-1)!.labels["le"]).toBe("+Inf");
      expect(sampleOf(samples, `${name}_count`, JSON.parse(key))).toBe(values.at(-1));
    }
  }
});

test("scrapes at the same moment, between which nothing is measured, are the text format", async () => {
  const { metrics } = server.service;
  const texts = await Promise.all([metrics.text(), metrics.text()]);
  expect(texts.some((text) => text.includes(" NaN\n"))).toBe(true);
  for (const text of texts) expect(() => parseExposition(text)).not.toThrow();
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

/** What prom-client calls three gauges of Node's own, known in dashboards by these names. */
const KNOWN_ADVICE =
  /^nodejs_active_(?:handles|requests|resources)_total non-counter metrics should not have "_total" suffix$/;

test.skipIf(!hasPromtool)("Prometheus's own tool reads a scrape (needs promtool)", async () => {
  const { text } = await scrape();
  const { stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => line !== "");
  expect(lines.filter((line) => !KNOWN_ADVICE.test(line))).toEqual([]);
});
