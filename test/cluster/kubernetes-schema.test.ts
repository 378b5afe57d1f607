/** The manifests of deploy/kubernetes against Kubernetes's published schema, and the schema's checks themselves. */

import { expect, test } from "vitest";
import { MANIFEST_FILES, type Manifest, readManifests, wrongFields, wrongValues } from "./manifests.ts";

const job = readManifests("score.yaml").find(({ kind }) => kind === "Job")!;

/** The job with one thing changed. */
function changed(change: (job: { spec: Record<string, unknown> }) => void): Manifest {
  const copy = structuredClone(job) as Manifest & { spec: Record<string, unknown> };
  change(copy);
  return copy;
}

test("there are the files that README.md names", () => {
  expect(MANIFEST_FILES.sort()).toEqual(["merge.yaml", "score.yaml", "server.yaml", "storage.yaml"]);
});

test.each(MANIFEST_FILES)("%s has only values that the schema allows", async (file) => {
  const manifests = readManifests(file);
  expect(manifests.length).toBeGreaterThan(0);
  for (const manifest of manifests) expect(await wrongValues(manifest)).toEqual([]);
});

test("all of them have only fields that exist", () => {
  expect(wrongFields(MANIFEST_FILES.flatMap((file) => readManifests(file)))).toEqual([]);
});

test("a value of another type and an action that does not exist are found", async () => {
  const words = changed(({ spec }) => {
    spec["completions"] = "sixteen";
  });
  expect((await wrongValues(words)).join()).toMatch(/completions.*integer/);
  const action = changed(({ spec }) => {
    spec["podFailurePolicy"] = { rules: [{ action: "FailPod" }] };
  });
  expect((await wrongValues(action)).join()).toMatch(/podFailurePolicy\/rules\/0\/action/);
});

test("a field that does not exist is found", () => {
  const misspelt = changed(({ spec }) => {
    spec["backoffLimitPerIndx"] = 3;
  });
  expect(wrongFields([misspelt]).join()).toContain(
    `'"backoffLimitPerIndx"' does not exist in type 'IJobSpec'`,
  );
});
