import { expect, test } from "vitest";
import { renameParameters, wrapperPrefixes } from "../../src/models/parameter-names.ts";
import { oldName } from "../support/checkpoints.ts";
import { readFixture } from "../support/densenet-fixtures.ts";

const NAMES = Object.keys(readFixture<Record<string, unknown>>("state-dict.json"));

/** Names after renaming; each must still have the value that it came with. */
function rename(names: readonly string[]): string[] {
  const result = renameParameters(new Map(names.map((name, i) => [name, i])));
  expect([...result.values()]).toEqual(names.map((_, i) => i));
  return [...result.keys()];
}

test("torchvision's names of today stay as they are", () => {
  expect(rename(NAMES)).toEqual(NAMES);
});

test("the old names of all 58 dense layers become today's", () => {
  const old = NAMES.map(oldName);
  expect(old.filter((name, i) => name !== NAMES[i])).toHaveLength(58 * 12);
  expect(old).toContain("features.denseblock4.denselayer16.norm.2.num_batches_tracked");
  expect(old).toContain("features.transition1.norm.weight");
  expect(rename(old)).toEqual(NAMES);
});

test.each(["module.", "densenet121.", "model.", "module.densenet121.", "a.b.c.d.e.f.", "net.0.module."])(
  "the prefix %s is taken off",
  (prefix) => {
    const wrapped = NAMES.map((name) => prefix + name);
    expect(wrapperPrefixes(wrapped)).toEqual([prefix]);
    expect(rename(wrapped)).toEqual(NAMES);
    expect(rename(wrapped.map(oldName))).toEqual(NAMES);
  },
);

test("a prefix is found wherever the first convolution stands in the file", () => {
  expect(rename(NAMES.map((name) => `module.${name}`).reverse())).toEqual(NAMES.toReversed());
});

test.each(["classifier.0.", "classifier.1.", "classifier.7."])("%s becomes the classifier", (head) => {
  const sequential = NAMES.map((name) => name.replace("classifier.", head));
  expect(rename(sequential)).toEqual(NAMES);
  expect(rename(sequential.map((name) => `module.densenet121.${name}`))).toEqual(NAMES);
});

test("a head of two layers keeps its names, for it is no single linear layer", () => {
  const names = ["features.conv0.weight", "classifier.0.weight", "classifier.2.weight"];
  expect(rename(names)).toEqual(names);
});

test("tensors outside the wrapper keep their full names", () => {
  expect(rename(["module.features.conv0.weight", "optimizer.step", "classifier.bias"])).toEqual([
    "features.conv0.weight",
    "optimizer.step",
    "classifier.bias",
  ]);
});

test("two tensors that would get the same name are both kept", () => {
  const both = ["denselayer1.norm1.weight", "denselayer1.norm.1.weight"].map((name) => `features.${name}`);
  expect(rename(both)).toEqual(both);
  expect(rename([both[1]!, both[0]!])).toHaveLength(2);
});

test("without a first convolution there is no prefix", () => {
  expect(wrapperPrefixes(["module.layer1.0.conv1.weight", "fc.weight"])).toEqual([]);
});
