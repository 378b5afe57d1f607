/**
 * What a watcher or a listener has done, as text. It shows UIDs, which nothing else does.
 *
 * Knows: plain data.
 */

import { printable } from "../../errors.ts";
import type { PacsImageStatus, PacsStatus, PacsStudyStatus } from "../../results/pacs-status.ts";
import { count, counted } from "../../text.ts";

const STATES: Readonly<Record<PacsImageStatus["state"], string>> = {
  waiting: "waiting to be read",
  kept: "read; its results wait to be stored",
  stored: "stored",
  "passed-over": "passed over",
  "set-aside": "set aside",
};

function imageLines({
  sop_instance_uid,
  state,
  reason,
  failures,
  next_attempt,
  results,
}: PacsImageStatus): string[] {
  const why = reason === null ? "" : `: ${printable(reason.message)} (${reason.code})`;
  const again =
    next_attempt === null ? "" : `; failed ${counted(failures, "time")}, tried again at ${next_attempt}`;
  return [
    `  image ${sop_instance_uid}: ${STATES[state]}${again}${why}`,
    ...(state === "stored" ? results.map(({ kind, sop_instance_uid: uid }) => `    ${kind} ${uid}`) : []),
  ];
}

function studyLines({ study, study_instance_uid, is_done, images, not_fetched }: PacsStudyStatus): string[] {
  const others = not_fetched.reduce((sum, one) => sum + one.count, 0);
  return [
    `study ${study} ${printable(study_instance_uid)}: ${is_done ? "done" : "not done"}`,
    ...images.flatMap(imageLines),
    ...(others === 0 ? [] : [`  ${counted(others, "object")} not fetched`]),
  ];
}

const SOURCES: Readonly<Record<NonNullable<PacsStatus["archive"]>["kind"], string>> = {
  orthanc: "Orthanc at ",
  dicomweb: "DICOMweb at ",
  listener: "whoever sends to the listener",
};

/** The status as text, with an end of line. */
export function pacsStatusText(status: PacsStatus): string {
  const { archive, away, studies, images, cursor, readers, listed } = status;
  const hidden = studies.total - listed.length;
  const lines = [
    ...(archive === null ? [] : [`Images from: ${SOURCES[archive.kind]}${archive.address ?? ""}`]),
    ...(away === null ? [] : [`Away since : ${away.since}: ${printable(away.message)} (${away.code})`]),
    `Studies    : ${count(studies.total)}, ${count(studies.done)} of them done`,
    `Images     : ${count(images.stored)} stored, ${count(images.passed_over)} passed over, ${count(images.set_aside)} set aside, ${count(images.waiting)} waiting`,
    ...(cursor === null ? [] : [`Changes    : read up to number ${count(cursor)}`]),
    ...readers.map(
      ({ name, sha256, version }) => `Read with  : ${name} (sha256 ${sha256}), version ${version}`,
    ),
    ...(listed.length === 0 ? [] : [""]),
    ...listed.flatMap(studyLines),
    ...(hidden > 0 ? [`${counted(hidden, "more study", "more studies")} done`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
