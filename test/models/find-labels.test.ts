import { describe, expect, test } from "vitest";
import { PickleGlobal, PickleObject, type PickleValue } from "../../src/formats/pickle/values.ts";
import { readTorch } from "../../src/formats/torch/read.ts";
import {
  chooseLabels,
  type LabelCandidate,
  labelCandidates,
  labelsInMetadata,
} from "../../src/models/find-labels.ts";
import { type PathStep, pathToNetwork } from "../../src/models/module-path.ts";
import { wrapperPrefixes } from "../../src/models/parameter-names.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../fixtures.ts";
import { findStateDict } from "../support/checkpoints.ts";
import { dict } from "../support/modules.ts";

const modulesOf = (root: PickleValue): PathStep[] => {
  const { module, tensors } = findStateDict(root);
  return module === undefined ? [] : pathToNetwork(module, wrapperPrefixes(tensors.keys())[0] ?? "");
};

const FOLDER = "checkpoints/labels";
/** Outputs of every network in the folder. */
const OUTPUTS = 3;

test.each(fixtureFiles(FOLDER))("%s: the names that Python reads, and where", (file) => {
  const { where, names } = fixtureJson<{ where: string | null; names: string[] | null }>(
    `${FOLDER}/${file}.json`,
  );
  const { root } = readTorch(fixtureBytes(`${FOLDER}/${file}`));
  const { labels } = chooseLabels(labelCandidates(root, modulesOf(root)), OUTPUTS);
  expect(labels?.names ?? null).toEqual(names);
  expect(labels?.where ?? null).toBe(where);
});

test.each([
  ["series", /\["labels"\] is a table of pandas, which is not read, so it is not used/],
  ["gap", /\["class_to_idx"\] does not give each name a place of its own/],
  ["set", /\["labels"\] is a set, which has no order, so it is not used/],
  ["twice", /\["labels"\] lists a name twice \("a", "b", "a"\)/],
  ["too-many", /\["classes"\] lists 4 names \("No Finding", "Mass", "PLEURAL THICKENING", …\) for 3 outputs/],
])("%s: that it is passed over is said", (name, words) => {
  const { root } = readTorch(fixtureBytes(`${FOLDER}/${name}-2.pth`));
  const { labels, notes } = chooseLabels(labelCandidates(root), OUTPUTS);
  expect(labels).toBeUndefined();
  expect(notes).toEqual([expect.stringMatching(words)]);
});

test("where nothing looks like labels, nothing is said", () => {
  const { root } = readTorch(fixtureBytes(`${FOLDER}/nothing-2.pth`));
  expect(chooseLabels(labelCandidates(root), OUTPUTS)).toEqual({ notes: [], misfits: [] });
});

const list = (
  where: string,
  names: readonly string[],
  distance = 0,
  areFindings = false,
): LabelCandidate => ({
  where,
  names,
  distance,
  areFindings,
  isNamed: true,
});

test("a list that only its content shows to be labels is taken with a warning", () => {
  const { root } = readTorch(fixtureBytes(`${FOLDER}/any-key-2.pth`));
  expect(chooseLabels(labelCandidates(root), OUTPUTS).notes).toEqual([
    'labels taken from checkpoint["order"], because it lists findings; if they are not the outputs in order, name those with the option labels',
  ]);
});

describe("of several lists", () => {
  test("findings come first, then what is nearer; the others are told", () => {
    const far = list("far.labels", ["Mass", "Nodule"], 2, true);
    const near = list("near.labels", ["x", "y"], 0);
    expect(chooseLabels([near, far], 2)).toEqual({
      labels: { names: ["Mass", "Nodule"], where: "far.labels" },
      notes: [
        "labels found in the file: far.labels",
        'near.labels lists other names ("x", "y") and is not used',
      ],
      misfits: [],
    });
    expect(chooseLabels([list("far.labels", ["a", "b"], 1), near], 2).labels?.where).toBe("near.labels");
  });

  test("two that say the same, in whichever spelling, are one", () => {
    const both = [
      list("a.labels", ["Mass", "Infiltrate"], 0, true),
      list("b.labels", ["MASS", "Infiltration"], 0, true),
    ];
    expect(chooseLabels(both, 2)).toEqual({
      labels: { names: ["Mass", "Infiltrate"], where: "a.labels" },
      notes: ["labels found in the file: a.labels"],
      misfits: [],
    });
  });

  test("two that are equally likely and differ are refused: a wrong order is worse than none", () => {
    const both = [
      list("a.classes", ["Mass", "Nodule"], 0, true),
      list("a.labels", ["Nodule", "Mass"], 0, true),
    ];
    expect(() => chooseLabels(both, 2)).toThrow(
      expect.objectContaining({
        code: "card/label-conflict",
        message: expect.stringMatching(
          /a\.classes begins with "Mass", "Nodule", and a\.labels with "Nodule", "Mass"; name them in order$/,
        ),
      }),
    );
  });
});

test.each([
  [{ labels: '["Mass","Nodule"]' }, 'metadata["labels"]', ["Mass", "Nodule"]],
  [{ id2label: '{"0":"a","1":"b"}' }, 'metadata["id2label"]', ["a", "b"]],
  [
    { config: '{"model":{"class_to_idx":{"b":1,"a":0}}}' },
    'metadata["config"]["model"]["class_to_idx"]',
    ["a", "b"],
  ],
  [{ format: "pt", class_names: "Mass, Nodule" }, 'metadata["class_names"]', ["Mass", "Nodule"]],
])("%j: labels in the metadata of a safetensors file", (metadata, where, names) => {
  expect(chooseLabels(labelsInMetadata(metadata), 2).labels).toEqual({ where, names });
});

test("metadata that is no JSON, or nothing of the kind, is passed over", () => {
  expect(labelsInMetadata({ labels: "[", format: "pt", note: "a, b" })).toEqual([]);
});

test("what holds itself is looked into once, and much of it in no time", () => {
  const loop = dict({ epoch: 1 });
  loop.set("config", loop);
  const args: PickleValue[] = [null];
  const index = new PickleObject(new PickleGlobal("pandas.core.indexes.base", "_new_Index"), args);
  args.push(dict({ data: index }));
  loop.set("labels", index);
  expect(labelCandidates(loop)).toMatchObject([
    { names: undefined, problem: expect.stringMatching(/pandas/) },
  ]);
  const wide = dict(
    Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, dict({ labels: i })])),
  );
  const start = performance.now();
  expect(labelCandidates(wide)).toEqual([]);
  expect(performance.now() - start).toBeLessThan(5000);
});
