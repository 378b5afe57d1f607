/**
 * What a state folder says has been done and is still to be done. It may be in use meanwhile.
 *
 * Knows: the journal.
 */

import { asXrayError, XrayError } from "../../../errors.ts";
import type { PacsImageStatus, PacsStatus, PacsStudyStatus } from "../../../results/pacs-status.ts";
import type { NotedImage, OutcomeEvent, PassedOver, StateEvent } from "./events.ts";
import { Journal } from "./journal.ts";
import type { Memory } from "./memory.ts";
import { journalPath, readJournal } from "./open-journal.ts";
import type { OpenImage } from "./open-work.ts";

/** Studies that are done and listed, unless all are. */
const LAST_DONE = 20;

const STATES = { accepted: "stored", refused: "passed-over", aside: "set-aside" } as const;

/** What the journal says of the images and studies that are listed. */
interface Details {
  readonly noted: Map<number, NotedImage>;
  readonly ends: Map<number, OutcomeEvent>;
  readonly studies: Map<number, string>;
  readonly passedOver: Map<number, readonly PassedOver[]>;
}

/**
 * Read a state folder.
 *
 * @param all  Whether to list every study.
 * @throws     XrayError `pacs/no-state`, `pacs/bad-state`, `file/…`.
 */
export function pacsStatus(folder: string, all: boolean): PacsStatus {
  const path = journalPath(folder);
  const memory = memoryOf(folder, path);
  const listed = all ? () => true : chosen(path, memory);
  const details = detailsOf(path, memory, listed);
  const { studies, images } = memory.counts;
  const counts = {
    stored: count(memory, "accepted"),
    over: count(memory, "refused"),
    aside: count(memory, "aside"),
  };
  return {
    schema: "medical-x/pacs-status@1",
    studies: { total: studies, done: studies - memory.openStudies.size },
    images: {
      total: images,
      stored: counts.stored,
      passed_over: counts.over,
      set_aside: counts.aside,
      waiting: images - counts.stored - counts.over - counts.aside,
    },
    archive:
      memory.archive === undefined
        ? null
        : { kind: memory.archive.kind, address: memory.archive.address ?? null },
    away:
      memory.away === undefined
        ? null
        : { since: memory.away.time, code: memory.away.code, message: memory.away.reason },
    cursor: memory.cursor ?? null,
    readers: memory.models.flatMap((model) =>
      model === undefined ? [] : [{ name: model.model, sha256: model.sha256, version: model.version }],
    ),
    listed: studiesOf(memory, details),
  };
}

function memoryOf(folder: string, path: string): Memory {
  try {
    return readJournal(path);
  } catch (error) {
    if (asXrayError(error).code !== "file/not-found") throw error;
    throw new XrayError(
      "pacs/no-state",
      `${folder}: there is no journal in this folder; name the state folder of a watcher or a listener`,
      { file: folder },
    );
  }
}

function count(memory: Memory, end: OutcomeEvent["event"]): number {
  let number = 0;
  for (const _ of memory.endedAs(end)) number += 1;
  return number;
}

/** The studies that are listed unless all are. */
function chosen(path: string, memory: Memory): (study: number) => boolean {
  const studies = new Set(memory.openStudies.keys());
  for (const image of memory.endedAs("aside")) studies.add(memory.studyOfImage(image));
  const done: number[] = [];
  Journal.read(path, (event) => {
    if (event.event !== "done") return;
    done.push(event.study);
    if (done.length > LAST_DONE) done.shift();
  });
  for (const study of done) studies.add(study);
  return (study) => studies.has(study);
}

function detailsOf(path: string, memory: Memory, isListed: (study: number) => boolean): Details {
  const details: Details = { noted: new Map(), ends: new Map(), studies: new Map(), passedOver: new Map() };
  const { images } = memory.counts;
  Journal.read(path, (event) => {
    if ("image" in event) {
      // A watcher may have written more since.
      if (event.image <= images && isListed(memory.studyOfImage(event.image))) noteImage(details, event);
    } else if (event.event === "study" && isListed(event.study)) details.studies.set(event.study, event.uid);
    else if (event.event === "done" && isListed(event.study))
      details.passedOver.set(event.study, event.passedOver);
  });
  return details;
}

function noteImage({ noted, ends }: Details, event: Extract<StateEvent, { image: number }>): void {
  switch (event.event) {
    case "image":
    case "again":
      noted.set(event.image, event);
      ends.delete(event.image);
      return;
    case "accepted":
    case "refused":
    case "aside":
      ends.set(event.image, event);
      return;
    default:
  }
}

function studiesOf(memory: Memory, { noted, ends, studies, passedOver }: Details): PacsStudyStatus[] {
  const images = new Map<number, NotedImage[]>();
  for (const image of noted.values()) images.set(image.study, [...(images.get(image.study) ?? []), image]);
  return [...studies].map(([study, uid]) => ({
    study,
    study_instance_uid: uid,
    is_done: !memory.openStudies.has(study),
    images: (images.get(study) ?? []).map((image) =>
      imageStatus(memory, image, ends.get(image.image), memory.openImage(image.image)),
    ),
    not_fetched: (passedOver.get(study) ?? []).map(({ code, count: number }) => ({ code, count: number })),
  }));
}

function imageStatus(
  { models }: Memory,
  { image, uid, series }: NotedImage,
  end: OutcomeEvent | undefined,
  open: OpenImage | undefined,
): PacsImageStatus {
  const failure = end === undefined ? open?.lastFailure : undefined;
  const objects = (end === undefined ? open?.objects : "objects" in end ? end.objects : undefined) ?? [];
  const reason = end === undefined ? failure : end.event === "accepted" ? undefined : end;
  const model = models[end?.identity ?? open?.keptBy ?? 0];
  return {
    image,
    sop_instance_uid: uid,
    series_instance_uid: series,
    state: end === undefined ? (open?.step === "store" ? "kept" : "waiting") : STATES[end.event],
    reason: reason === undefined ? null : { code: reason.code, message: reason.reason },
    failures: end === undefined ? (open?.failures ?? 0) : 0,
    next_attempt: failure === undefined ? null : new Date(failure.until).toISOString(),
    ended: end?.time ?? null,
    reader: model === undefined ? null : { name: model.model, sha256: model.sha256, version: model.version },
    results: objects.map((object) => ({
      kind: object.kind,
      series_instance_uid: object.series,
      sop_instance_uid: object.uid,
    })),
  };
}
