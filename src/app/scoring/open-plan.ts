/**
 * Makes the plan of a folder of results, or finds the one that is there and makes sure that it is meant.
 *
 * Of processes that start at the same time, each makes a plan, one puts it in place, and all follow that one.
 *
 * Pipeline:   request, model, images → **plan.json** → shards
 * Knows:      files and cards. Not how images are predicted.
 */

import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";
import { fileError } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import type { PlanHead } from "../../results/scoring-plan.ts";
import { VERSION } from "../../version.ts";
import { PlanFile, PlanWriter } from "./plan-file.ts";
import type { ScoreRequest } from "./request.ts";
import { changeOf, Findings, imagesOf, sourceOf } from "./source.ts";

export const DEFAULT_SHARD_SIZE = 1000;

/** The plan of a folder of results. */
export const planPath = (out: string): string => join(out, "plan.json");

/** The head of the plan that a request asks for. */
async function headOf(request: ScoreRequest, model: NamedModel): Promise<PlanHead> {
  const { labels, calibration, preparation } = model.card;
  const { image, shardSize = DEFAULT_SHARD_SIZE, force, voi, frame = null, page = null, device } = request;
  return {
    schema: "medical-x/plan@1",
    version: VERSION,
    shardSize,
    source: await sourceOf(image),
    model: {
      name: model.name,
      sha256: await model.sha256(),
      weights: model.weightKind ?? "plain",
      labels,
      calibrated: labels.filter((label) => calibration?.findings[label] !== undefined),
      preparation,
    },
    options: { force, voi, frame, page, device },
  };
}

async function makePlan(path: string, head: PlanHead, say: (line: string) => void): Promise<void> {
  const writer = await PlanWriter.create(path, head);
  const findings = new Findings();
  try {
    for await (const image of imagesOf(head.source, findings)) await writer.add(image);
  } catch (error) {
    await writer.discard();
    throw error;
  }
  const { given, kind } = head.source;
  if (writer.count === 0) {
    await writer.discard();
    const what = kind === "folder" ? "the folder holds no images" : "the list names no images";
    throw new XrayError("images/none", `${given}: ${what}`, { file: given });
  }
  if (findings.repeated > 0) say(`${given}: ${findings.repeated} repeated lines are left out`);
  await writer.commit(findings.folders);
}

/** Two values in words, if they differ. */
const differs = (what: string, before: unknown, now: unknown): string[] =>
  JSON.stringify(before) === JSON.stringify(now)
    ? []
    : [`${what} was ${JSON.stringify(before)} and is now ${JSON.stringify(now)}`];

async function isSamePlace(a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  const places = await Promise.all([a, b].map((path) => realpath(path).catch(() => undefined)));
  return places[0] !== undefined && places[0] === places[1];
}

/** How a request differs from the plan that is there. */
async function differences(
  { head, tail }: PlanFile,
  wanted: PlanHead,
  { shardSize }: ScoreRequest,
): Promise<readonly string[]> {
  const { source, model, options } = head;
  const isSame = source.kind === wanted.source.kind && (await isSamePlace(source.given, wanted.source.given));
  const changed = isSame ? await changeOf(source, wanted.source.given, tail) : undefined;
  const optionNames = Object.keys(options) as (keyof PlanHead["options"])[];
  return [
    ...(isSame ? [] : differs("what the images are", source.given, wanted.source.given)),
    ...(changed === undefined ? [] : [changed]),
    ...differs("the hash of the model", model.sha256, wanted.model.sha256),
    ...differs("the choice of weights", model.weights, wanted.model.weights),
    ...differs("the list of labels", model.labels, wanted.model.labels),
    ...differs("the list of calibrated labels", model.calibrated, wanted.model.calibrated),
    ...differs("the preparation", model.preparation, wanted.model.preparation),
    ...optionNames.flatMap((name) => differs(`the option ${name}`, options[name], wanted.options[name])),
    ...differs("the version of Medical-X", head.version, wanted.version),
    ...(shardSize === undefined ? [] : differs("the shard size", head.shardSize, shardSize)),
  ];
}

/**
 * The plan to follow.
 *
 * @param model  Loaded as the request says.
 * @param say    Called with lines for people.
 * @throws       XrayError `scoring/plan-changed` with all that differs, `scoring/bad-plan`, `images/none`, `file/…`.
 */
export async function openPlan(
  request: ScoreRequest,
  model: NamedModel,
  say: (line: string) => void,
): Promise<PlanFile> {
  const path = planPath(request.out);
  await makeFolders(request.out).catch((error) => {
    throw fileError(request.out, error);
  });
  const wanted = await headOf(request, model);
  let plan = await PlanFile.open(path);
  if (plan === undefined) {
    await makePlan(path, wanted, say);
    plan = await PlanFile.open(path);
  }
  if (plan === undefined) throw new XrayError("file/not-found", `${path}: it is gone`, { file: path });
  const different = await differences(plan, wanted, request);
  if (different.length === 0) return plan;
  throw new XrayError(
    "scoring/plan-changed",
    `${path}: the plan was made for something else: ${different.join("; ")}; repeat the call as it was, or start again in another folder`,
    { file: path, different },
  );
}
