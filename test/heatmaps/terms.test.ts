/** The terms of the logits at norm5: PyTorch's numbers, and their sum. */

import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { runFloat32 } from "../../src/graph/session.ts";
import { compileModel, PORTS } from "../../src/models/compile.ts";
import { createSession } from "../../src/node/session.ts";
import type { Tensor } from "../../src/tensor.ts";
import { fixtureJson } from "../fixtures.ts";
import { ofImage, type SeededNetwork, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference } from "../support/difference.ts";

interface TermsCase extends SeededNetwork {
  readonly bias: readonly number[];
  readonly results: readonly {
    readonly image: number;
    readonly logits: readonly number[];
    readonly mapShape: readonly [number, number];
    readonly terms: readonly number[];
  }[];
}

const NAMES = readdirSync(new URL("../../fixtures/terms/", import.meta.url));

describe.each(NAMES)("%s", (name) => {
  const networkCase = fixtureJson<TermsCase>(`terms/${name}`);
  const { labels, results, bias } = networkCase;
  const model = seededModel(networkCase);
  let outputs: Record<string, Tensor<"float32">>;

  beforeAll(async () => {
    const maps = [{ method: "gradcam", layer: "norm5" }] as const;
    const session = await createSession(compileModel(model, maps, true), { threads: 1 });
    const images = results.map(({ image }) => image);
    outputs = await runFloat32(session, { image: seededBatch(networkCase, images) });
    await session.release();
  });

  test("the terms are those of autograd, label by label", () => {
    const terms = outputs[PORTS.terms]!;
    const [h, w] = results[0]!.mapShape;
    expect(terms.shape).toEqual([results.length, labels, h, w]);
    for (const [i, result] of results.entries()) {
      const ours = ofImage(terms, i);
      for (let label = 0; label < labels; label++) {
        const [from, to] = [label * h * w, (label + 1) * h * w];
        expect(mapDifference(ours.subarray(from, to), result.terms.slice(from, to))).toBeLessThan(1e-4);
      }
    }
  });

  test("terms and bias add up to the logit", () => {
    expect([...(model.tensors.get("classifier.bias")!.data as Float32Array)]).toEqual(
      bias.map((value) => expect.closeTo(value, 7)),
    );
    for (const [i, { logits }] of results.entries()) {
      const terms = ofImage(outputs[PORTS.terms]!, i);
      const found = ofImage(outputs[PORTS.logits]!, i);
      const places = terms.length / labels;
      for (let label = 0; label < labels; label++) {
        const own = terms.subarray(label * places, (label + 1) * places);
        const size = own.reduce((sum, term) => sum + Math.abs(term), 0);
        const sum = own.reduce((total, term) => total + term, bias[label]!);
        // A term is a float32 sum over 1024 channels, most of which cancel, so its own size is a strict measure of rounding.
        expect(Math.abs(sum - found[label]!)).toBeLessThan(1e-5 * size);
        expect(Math.abs(sum - logits[label]!)).toBeLessThan(1e-5 * size);
      }
    }
  });
});

test("terms are no output unless they are asked for", () => {
  const networkCase = fixtureJson<TermsCase>(`terms/${NAMES[0]!}`);
  const model = seededModel(networkCase);
  const text = (terms: boolean) => Buffer.from(compileModel(model, [], terms).bytes).toString("latin1");
  expect(text(true)).toContain(PORTS.terms);
  expect(text(false)).not.toContain(PORTS.terms);
});
