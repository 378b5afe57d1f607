/** A checkpoint of the user's own, with its sidecar. */

import { File } from "node:buffer";
import { expect, test } from "vitest";
import { ownModel } from "../../../web/storage/own-model.ts";

type Chosen = Parameters<typeof ownModel>[0];
const chosen = (...files: readonly [name: string, text: string][]): Chosen =>
  files.map(([name, text]) => new File([text], name)) as unknown as Chosen;

test("a checkpoint alone, and with its sidecar in any order", async () => {
  expect(await ownModel(chosen(["a.pth", "x"]))).toMatchObject({ file: { name: "a.pth" } });
  const sidecar = ["a.pth.json", '{ "labels": ["Effusion", "Mass"], "licence": "CC0-1.0" }'] as const;
  const { file, card } = await ownModel(chosen([...sidecar], ["a.pth", "x"]));
  expect(file.name).toBe("a.pth");
  expect(card).toEqual({ labels: ["Effusion", "Mass"], licence: "CC0-1.0" });
});

test.each([
  [[]],
  [[["a.json", "{}"]]],
  [
    [
      ["a.pth", "x"],
      ["b.pth", "y"],
    ],
  ],
  [
    [
      ["a.pth", "x"],
      ["a.json", "{}"],
      ["b.json", "{}"],
    ],
  ],
] as [[string, string][]][])("%j: what to choose instead is said", async (files) => {
  await expect(ownModel(chosen(...files))).rejects.toMatchObject({
    code: "file/not-found",
    message: expect.stringContaining("choose one checkpoint"),
  });
});

test("a sidecar that is no card is named", async () => {
  const files = chosen(["a.pth", "x"], ["a.pth.json", '{ "labels": 3 }']);
  await expect(ownModel(files)).rejects.toMatchObject({
    code: expect.stringMatching(/^card\//),
    message: expect.stringMatching(/^a\.pth\.json: /),
  });
});
