/** What a model's file holds besides the network is used or left out, and reported on stderr, in JSON, by `inspect`. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import type { Tensor } from "../../src/tensor.ts";
import { safetensorsFile, torchFile } from "../support/checkpoints.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { Desk, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const { tensors: plain } = seededWeights(7);
const { tensors: other } = seededWeights(8);
const LABELS = [
  "Mass",
  ...FINDING_NAMES.filter((name) => name !== "Mass" && name !== "Pleural_Thickening"),
  "PLEURAL THICKENING",
];

beforeAll(async () => {
  desk.put("x.png", await greyPng());
  const both = new Map([
    ...[...plain].map(([name, tensor]) => [`model.${name}`, tensor] as const),
    ...[...other].map(([name, tensor]) => [`ema_model.${name}`, tensor] as const),
    ["criterion.pos_weight", plain.get("classifier.bias")!] as const,
  ]);
  desk.put("both.pth", torchFile(both));
  desk.put("plain.pth", torchFile(plain));
  desk.put("other.pth", torchFile(other));
  desk.put("labelled.safetensors", safetensorsFile(plain, { classes: JSON.stringify(LABELS) }));
});

const predict = async (line: string) => {
  const { code, stdout, stderr } = await desk.run(
    words(`predict --force --image x.png --format json ${line}`),
  );
  expect(code).toBe(0);
  return { ...JSON.parse(stdout), stderr };
};

const PLAIN_NOTE =
  "used the plain weights at checkpoint (model.…); the file also holds averaged (EMA) ones at checkpoint (ema_model.…); the option weights, set to ema, chooses them";
const LOSS_NOTE =
  "left out criterion.pos_weight, which by its name belongs to a loss and cannot change the outputs";

describe("a file with plain and averaged weights and a loss", () => {
  test.concurrent("the plain ones predict, and the rest is said", async () => {
    const [both, alone] = await Promise.all([predict("--model both.pth"), predict("--model plain.pth")]);
    expect(both.logits).toEqual(alone.logits);
    expect(both.model.notes.slice(1)).toEqual([PLAIN_NOTE, LOSS_NOTE]);
    for (const note of both.model.notes) expect(both.stderr).toContain(`medical-x: both.pth: ${note}\n`);
    expect(alone.model).toMatchObject({
      activation: "sigmoid",
      notes: [expect.stringMatching(/^labels assumed/)],
    });
  });

  test.concurrent("--weights ema takes the others, in every command that opens it", async () => {
    const [both, alone] = await Promise.all([
      predict("--model both.pth --weights ema"),
      predict("--model other.pth"),
    ]);
    expect(both.logits).toEqual(alone.logits);
    expect((await desk.run(words("models convert both.pth --to ema.pth --weights ema"))).code).toBe(0);
    expect((await predict("--model ema.pth")).logits).toEqual(alone.logits);
    const { stdout } = await desk.run(words("models inspect both.pth --weights ema --format json"));
    expect(JSON.parse(stdout)).toMatchObject({
      unmatched: [],
      notes: [expect.stringMatching(/^labels assumed/), expect.stringMatching(/averaged/), LOSS_NOTE],
    });
  });

  test.concurrent("a file without them refuses --weights ema with what it has, and other words are wrong usage", async () => {
    const none = await desk.run(words("predict --force --image x.png --model plain.pth --weights ema"));
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toBe(
      "medical-x: plain.pth: the file holds only plain weights, at checkpoint; leave the choice out to use these (--weights)\n",
    );
    expect(
      (await desk.run(words("predict --force --image x.png --model plain.pth --weights swa"))).code,
    ).toBe(2);
  });
});

test.concurrent("labels in the file are used by NIH's names, and their place is said", async () => {
  const { probabilities, logits, model, stderr } = await predict("--model labelled.safetensors");
  const order = [...LABELS.slice(0, -1), "Pleural_Thickening"];
  expect(model).toMatchObject({ labels: order, labelSource: 'metadata["classes"]' });
  expect(Object.keys(probabilities)).toEqual(order);
  const unnamed = await predict("--model plain.pth");
  expect(Object.values(logits)).toEqual(Object.values(unnamed.logits));
  expect(stderr).toContain('labelled.safetensors: labels found in the file: metadata["classes"]');
});

test.concurrent("a card's softmax reaches every result: shares that add up to 1", async () => {
  const own = new Desk();
  try {
    own.put("x.png", await greyPng());
    own.put("m.pth", torchFile(plain as ReadonlyMap<string, Tensor>));
    own.put("m.pth.json", JSON.stringify({ activation: "softmax" }));
    const { stdout } = await own.run(words("predict --force --image x.png --model m.pth --format json"));
    const { probabilities, logits, model } = JSON.parse(stdout);
    const exponents = Object.values<number>(logits).map(Math.exp);
    const total = exponents.reduce((sum, value) => sum + value, 0);
    for (const [i, p] of Object.values<number>(probabilities).entries())
      expect(p).toBeCloseTo(exponents[i]! / total, 6);
    expect(model.activation).toBe("softmax");
    await own.run(words("models convert m.pth --to copy.safetensors"));
    const copy = await own.run(words("predict --force --image x.png --model copy.safetensors --format json"));
    expect(JSON.parse(copy.stdout).probabilities).toEqual(probabilities);
  } finally {
    own.remove();
  }
});
