/**
 * What Prometheus scrapes.
 *
 * Knows: names of metrics, of which those of KServe's model servers keep their names. Not routes.
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { VERSION } from "../../version.ts";
import type { InferenceObserver } from "../inference/inference.ts";

/** From a forward pass of a small image to finer maps of many images; in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, never the path that was asked for. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Numbers that are read when Prometheus asks. */
export interface Levels {
  readonly queued: () => number;
  readonly running: () => number;
}

export class Metrics implements InferenceObserver {
  readonly #registry = new Registry();
  readonly #model: { readonly model_name: string };
  readonly #preprocess = this.#histogram(
    "request_preprocess_seconds",
    "Time to decode, check and prepare an image",
  );
  readonly #predict = this.#histogram(
    "request_predict_seconds",
    "Time of a batch in the network without heatmaps",
  );
  readonly #explain = this.#histogram(
    "request_explain_seconds",
    "Time of a batch in the network with heatmaps",
  );
  readonly #postprocess = this.#histogram("request_postprocess_seconds", "Time to write a request's results");
  readonly #batch = new Histogram({
    name: "medical_x_batch_images",
    help: "Images that went through the network together",
    labelNames: ["model_name"],
    buckets: [1, 2, 3, 4, 5, 6, 7, 8],
    registers: [this.#registry],
  });
  readonly #requests = new Counter({
    name: "http_requests_total",
    help: "Requests that were answered",
    labelNames: ["method", "route", "status"],
    registers: [this.#registry],
  });
  readonly #duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's header to the end of its answer",
    labelNames: ["method", "route"],
    buckets: BUCKETS,
    registers: [this.#registry],
  });
  readonly #open = new Gauge({
    name: "http_requests_in_progress",
    help: "Requests that have not been answered",
    registers: [this.#registry],
  });

  constructor(modelName: string) {
    this.#model = { model_name: modelName };
    collectDefaultMetrics({ register: this.#registry });
    const info = new Gauge({
      name: "medical_x_info",
      help: "The version of Medical-X and its model; always 1",
      labelNames: ["version", "model_name"],
      registers: [this.#registry],
    });
    info.set({ version: VERSION, ...this.#model }, 1);
  }

  #histogram(name: string, help: string): Histogram<"model_name"> {
    return new Histogram({
      name,
      help,
      labelNames: ["model_name"],
      buckets: BUCKETS,
      registers: [this.#registry],
    });
  }

  /** Show how many images wait and how many are in the network. */
  watch({ queued, running }: Levels): void {
    const gauge = (name: string, help: string, level: () => number) =>
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(level());
        },
      });
    gauge("medical_x_images_queued", "Images that wait to be prepared or for the network", queued);
    gauge("medical_x_images_in_progress", "Images that are in the network", running);
  }

  prepared(seconds: number): void {
    this.#preprocess.observe(this.#model, seconds);
  }

  ran({ images, seconds, withMaps }: Parameters<InferenceObserver["ran"]>[0]): void {
    this.#batch.observe(this.#model, images);
    (withMaps ? this.#explain : this.#predict).observe(this.#model, seconds);
  }

  /** A request's results were written. */
  wrote(seconds: number): void {
    this.#postprocess.observe(this.#model, seconds);
  }

  requestBegan(): void {
    this.#open.inc();
  }

  requestEnded(): void {
    this.#open.dec();
  }

  answered({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.inc({ method, route, status: String(status) });
    this.#duration.observe({ method, route }, seconds);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In the text format, which knows `NaN`; prom-client writes `Nan` where nothing was measured since the last scrape. */
  async text(): Promise<string> {
    return (await this.#registry.metrics()).replaceAll(/ Nan$/gm, " NaN");
  }
}
