import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, words } from "./run.ts";

const TABLE = `Image Index,Finding Labels,Patient ID,Patient Age,Patient Gender,View Position
a1.png,Mass|Pleural_Thickening,a,34,F,PA
a2.png,Mass,a,35,F,PA
b1.png,No Finding,b,411,M,AP
c1.png,Effusion,c,60,M,PA
`;
const SHA256 = createHash("sha256").update(TABLE).digest("hex");

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
  desk.put("xrays/Data_Entry_2017.csv", TABLE);
  for (const name of ["a1", "a2", "b1"]) desk.put(`xrays/images/${name}.png`, "");
  desk.put("xrays/test_list.txt", "b1.png\n");
});
afterAll(() => desk.remove());

test("the json holds counts, pairs, persons, the split and the label file's hash", async () => {
  const { code, stdout, stderr } = await desk.run(words("data summary --data xrays --format json"));
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({
    schema: "medical-x/data-summary@1",
    folder: "xrays",
    label_file: { path: "xrays/Data_Entry_2017.csv", sha256: SHA256 },
    ...{ n_images: 4, n_patients: 3, n_missing: 1, n_no_finding: 1 },
    images_per_patient: { median: 1, most: 2, single: 2 },
    views: { PA: 3, AP: 1 },
    sexes: { M: 2, F: 2 },
    ages: { n_known: 3, min: 34, q1: 34.5, median: 35, q3: 47.5, max: 60 },
    split: { train: { n_images: 2, n_patients: 1 }, val: { n_images: 0 }, test: { n_images: 1 } },
  });
  expect(Object.keys(found.findings)).toHaveLength(14);
  expect(found.findings.Mass).toEqual({ n_positive: 2, n_negative: 2, n_unknown: 0, share: 0.5 });
  const { labels, counts } = found.cooccurrence;
  expect(counts[labels.indexOf("Mass")][labels.indexOf("Pleural_Thickening")]).toBe(1);
  expect(found.notes).toEqual([
    "1 image has an age over 100 years, taken to be unknown",
    "1 of the 4 images in the label file was not found and is left out: c1.png",
    "no image is left for validation",
  ]);
  for (const note of found.notes) expect(stderr).toContain(note);
});

test("the text is aligned, and says what the json says", async () => {
  const { code, stdout, stderr } = await desk.run(words("data summary --data xrays --labels mass,effusion"));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`SHA-256   : ${SHA256}\n`);
  expect(stdout).toContain("Images    : 4, 1 file of them missing\n");
  expect(stdout).toContain("Sexes     : M 2 (50.0%), F 2 (50.0%)\n");
  expect(stdout).toContain("Ages      : 34 to 60 years, quartiles 34.5, 35 and 47.5; unknown 1\n");
  expect(stdout).toContain(
    [
      "              images  share  train  val  test",
      "  Mass             2  50.0%      2    0     0  ████████████████████",
      "  Effusion         1  25.0%      0    0     0  ██████████",
      "  no finding       1  25.0%      0    0     1",
    ].join("\n"),
  );
  expect(stdout).toContain(["               1  2", "   1 Mass      2", "   2 Effusion  0  1"].join("\n"));
  expect(stdout).toContain("  - no image is left for validation\n");
});

test("a validation list and a seed are heeded", async () => {
  desk.put("val.txt", "a1.png\na2.png\n");
  desk.put("more/labels.csv", TABLE);
  for (const name of ["a1", "a2", "b1", "c1"]) desk.put(`more/${name}.png`, "");
  const { stdout } = await desk.run(words("data summary --data more --val-list val.txt --format json"));
  const { split } = JSON.parse(stdout);
  expect([split.train.n_images, split.val.n_images, split.test]).toEqual([2, 2, undefined]);
  const held = async (seed: number) => {
    const line = `data summary --data more --val-fraction 0.4 --seed ${seed} --format json`;
    return JSON.parse((await desk.run(words(line))).stdout).split.val.findings;
  };
  expect(await held(1)).toEqual(await held(1));
});

test("failures end with 1 and name the file; wrong usage ends with 2", async () => {
  desk.put("bad/Data_Entry_2017.csv", TABLE.replace("Mass,a", "Masss,a"));
  const bad = await desk.run(words("data summary --data bad"));
  expect(bad.code).toBe(1);
  expect(bad.stdout).toBe("");
  expect(bad.stderr).toBe(
    `medical-x: bad/Data_Entry_2017.csv: 1 row with a finding that is none of NIH's 14: line 3 ("Masss"); correct the spelling, or choose the labels that count (--labels a,b,…)\n`,
  );
  expect((await desk.run(words("data summary"))).code).toBe(2);
  expect((await desk.run(words("data summary --data xrays --val-fraction 1"))).code).toBe(2);
  expect((await desk.run(words("data summary --data xrays --format yaml"))).code).toBe(2);
});

const SAMPLE = fileURLToPath(new URL("../../../shared/data/nih-sample", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/data.md", import.meta.url));

test.skipIf(!existsSync(SAMPLE))(
  "docs/data.md shows what the command prints of NIH's sample (skipped where the sample is not at hand)",
  async () => {
    cpSync(SAMPLE, desk.path("nih-sample"), { recursive: true });
    const { stdout } = await desk.run(words("data summary --data nih-sample"));
    expect(readFileSync(PAGE, "utf8")).toContain(stdout);
  },
);
