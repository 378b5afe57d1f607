/** Rules that no schema knows: what the manifests of deploy/kubernetes, and AWS Batch's job, must agree on. */

import { readFileSync } from "node:fs";
import type { IJob } from "kubernetes-models/batch/v1/Job";
import type { IPodFailurePolicy } from "kubernetes-models/batch/v1/PodFailurePolicy";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { IPodTemplateSpec } from "kubernetes-models/v1/PodTemplateSpec";
import { describe, expect, test } from "vitest";
import { DEPLOY, MANIFEST_FILES, readManifests } from "./manifests.ts";

const all = MANIFEST_FILES.flatMap(readManifests);
const named = <T>(kind: string, name: string): T =>
  all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name) as T;

const score = named<IJob>("Job", "medical-x-score").spec!;
const merge = named<IJob>("Job", "medical-x-merge").spec!;
const containerfile = readFileSync(`${DEPLOY}Containerfile`, "utf8");

const pods = all.flatMap(({ metadata, spec }) => {
  const { template } = (spec ?? {}) as { template?: IPodTemplateSpec };
  return template === undefined ? [] : [[metadata.name, template] as const];
});

describe.each(pods)("the pods of %s", (_, { spec }) => {
  const { containers, volumes = [], securityContext } = spec!;
  const claims = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim ?? []);

  test("run the image that Containerfile builds, as its user", () => {
    const tag = /podman build .* -t (\S+) \./.exec(containerfile)![1];
    expect(containers.map(({ image }) => image)).toEqual([`${tag}:latest`]);
    expect(`USER ${securityContext!.runAsUser}:${securityContext!.runAsGroup}`).toBe(
      /^USER .*$/m.exec(containerfile)![0],
    );
  });

  test("have no rights and cannot write to their root", () => {
    expect(spec!.automountServiceAccountToken).toBe(false);
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    for (const container of containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources).toMatchObject({
        requests: { cpu: /./, memory: /./ },
        limits: { memory: /./ },
      });
    }
  });

  test("mount volumes that there are, and claims of storage.yaml", () => {
    for (const { volumeMounts = [] } of containers) {
      expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
    }
    const known = all
      .filter(({ kind }) => kind === "PersistentVolumeClaim")
      .map(({ metadata }) => metadata.name);
    for (const { claimName } of claims) expect(known).toContain(claimName);
    // Otherwise each start of a pod may walk over millions of files.
    if (claims.length > 0) expect(securityContext!.fsGroupChangePolicy).toBe("OnRootMismatch");
  });
});

test("the images are mounted read-only, and the output is not", () => {
  const { containers, volumes } = score.template.spec!;
  const isReadOnly = Object.fromEntries(
    containers[0]!.volumeMounts!.map(({ mountPath, readOnly = false }) => [mountPath, readOnly]),
  );
  expect(isReadOnly).toEqual({ "/input": true, "/output": false, "/tmp": false });
  expect(volumes!.find(({ name }) => name === "input")!.persistentVolumeClaim!.readOnly).toBe(true);
});

describe("the job that scores", () => {
  const [container] = score.template.spec!.containers;

  test("says its number of pods once for Kubernetes and once for the command", () => {
    expect(score.completionMode).toBe("Indexed");
    expect(container!.env).toContainEqual({ name: "JOB_COMPLETIONS", value: String(score.completions) });
    expect(score.parallelism).toBeLessThanOrEqual(score.completions!);
    // Beyond, Kubernetes asks for other limits.
    expect(score.completions).toBeLessThanOrEqual(100_000);
    expect(score.maxFailedIndexes).toBeLessThan(score.completions!);
  });

  test("has one worker for each CPU that it requests", () => {
    expect(container!.args).toContain(`--workers=${container!.resources!.requests!["cpu"]}`);
  });

  test("leaves its own variable to Kubernetes", () => {
    expect(container!.env!.map(({ name }) => name)).not.toContain("JOB_COMPLETION_INDEX");
  });
});

/** What Kubernetes does about a pod that failed: the action of the first rule that matches, else "Count". */
function action(
  { rules }: IPodFailurePolicy,
  failed: { container: string; code: number } | { condition: string },
): string {
  for (const { action, onExitCodes, onPodConditions } of rules) {
    if ("code" in failed && onExitCodes !== undefined) {
      const { containerName, operator, values } = onExitCodes;
      const isListed = values.includes(failed.code);
      const isMeant = containerName === undefined || containerName === failed.container;
      if (isMeant && isListed === (operator === "In")) return action;
    }
    if ("condition" in failed && onPodConditions?.some(({ type }) => type === failed.condition))
      return action;
  }
  return "Count";
}

describe("what happens to a pod that fails", () => {
  test("when scoring: code 3 is final for its index, wrong usage for the job, the rest is tried again", () => {
    const of = (code: number) => action(score.podFailurePolicy!, { container: "score", code });
    expect([1, 2, 3, 137].map(of)).toEqual(["Count", "FailJob", "FailIndex", "Count"]);
    expect(score.backoffLimitPerIndex).toBeGreaterThan(0);
  });

  test("when merging: wrong usage and another plan or model are final", () => {
    const of = (code: number) => action(merge.podFailurePolicy!, { container: "merge", code });
    expect([1, 2, 3].map(of)).toEqual(["Count", "FailJob", "FailJob"]);
  });

  test.each([
    ["score", score],
    ["merge", merge],
  ])("%s: a drained node does not count, and the policy names the container", (_, job) => {
    expect(action(job.podFailurePolicy!, { condition: "DisruptionTarget" })).toBe("Ignore");
    const containers = job.template.spec!.containers.map(({ name }) => name);
    const meant = job.podFailurePolicy!.rules.flatMap(({ onExitCodes }) => onExitCodes?.containerName ?? []);
    expect(meant.length).toBeGreaterThan(0);
    for (const name of meant) expect(containers).toContain(name);
    // What a pod failure policy asks for.
    expect([job.template.spec!.restartPolicy, job.podReplacementPolicy]).toEqual(["Never", "Failed"]);
  });
});

test("the pods of both jobs have no network, and the server's pods keep theirs", () => {
  const policy = named<INetworkPolicy>("NetworkPolicy", "medical-x-score").spec!;
  expect([...policy.policyTypes!].sort()).toEqual(["Egress", "Ingress"]);
  expect([policy.ingress, policy.egress]).toEqual([[], []]);
  const selected = Object.entries(policy.podSelector!.matchLabels!);
  const isSelected = pods.map(([name, { metadata }]) => [
    name,
    selected.every(([label, value]) => metadata?.labels?.[label] === value),
  ]);
  expect(Object.fromEntries(isSelected)).toEqual({
    "medical-x": false,
    "medical-x-score": true,
    "medical-x-merge": true,
  });
});

describe("the job definition for AWS Batch", () => {
  const job = JSON.parse(readFileSync(`${DEPLOY}aws-batch/score.json`, "utf8"));

  test("does not try again after wrong usage or another plan or model", () => {
    const { attempts, evaluateOnExit } = job.retryStrategy;
    expect(attempts).toBeGreaterThan(1);
    // Any other code is tried again, because no rule matches it.
    expect(evaluateOnExit).toEqual([
      { onExitCode: "2", action: "EXIT" },
      { onExitCode: "3", action: "EXIT" },
    ]);
  });

  test("runs the same command in the same image as the same user as Kubernetes's", () => {
    const { image, command, user, readonlyRootFilesystem, resourceRequirements } = job.containerProperties;
    const [container] = score.template.spec!.containers;
    const filled = command.map((word: string) => job.parameters[word.replace("Ref::", "")] ?? word);
    expect(filled).toEqual(container!.args!.flatMap((word) => word.split("=")));
    expect([image, `USER ${user}`, readonlyRootFilesystem]).toEqual([
      container!.image,
      /^USER .*$/m.exec(containerfile)![0],
      true,
    ]);
    expect(resourceRequirements).toContainEqual({ type: "VCPU", value: command.at(-1) });
  });
});
