/**
 * Watches an archive: each new chest X-ray is read once, and its results are stored in its study.
 *
 * Knows: how an archive, a state folder, a reader and the loop are put together. Not the command line.
 */

import type { ArchiveOptions } from "../../../node/archive/http.ts";
import type { ImageSourcePort, ResultTarget } from "../../../node/archive/ports.ts";
import { InstanceReader } from "../instance-reader.ts";
import type { ReaderRequest } from "../reader-request.ts";
import { PacsState } from "../state/pacs-state.ts";
import { CLOCK, type Clock } from "../work/clock.ts";
import type { StudyFeed } from "../work/study-feed.ts";
import type { StudySummary } from "../work/study-summary.ts";
import { WorkLoop } from "../work/work-loop.ts";
import type { MatchChoice } from "./match.ts";

/** Which archive is watched, by which of its interfaces. */
export interface ArchiveChoice {
  readonly kind: "orthanc" | "dicomweb";
  readonly address: string;
  readonly options: ArchiveOptions;
}

export interface WatchRequest {
  readonly archive: ArchiveChoice;
  /** The state folder. */
  readonly state: string;
  readonly reader: Omit<ReaderRequest, "modalities">;
  readonly match: MatchChoice;
  /** How long nothing new must have come of a study before it is read, in milliseconds. */
  readonly quietMs: number;
  /** Do what there is to do now, and end. */
  readonly once: boolean;
  /** Also read what another model, version or choice of options has done. */
  readonly reprocess: boolean;
  /** Put back what was set aside. */
  readonly retry: boolean;
  /** The archive has another address than before; the state folder is still its own. */
  readonly hasMoved: boolean;
}

export interface WatchEvents {
  /** Called with lines for people. */
  readonly say: (line: string) => void;
  /** Called when all is open and the work begins. */
  readonly onReady: (reader: InstanceReader) => void;
  readonly onDone: (summary: StudySummary) => void;
  /** Ends the work in order. */
  readonly signal: AbortSignal;
}

/** An archive that is open. */
interface OpenArchive extends Required<ImageSourcePort>, ResultTarget {
  /** Its address as it is shown. */
  readonly shown: string;
  feed(state: PacsState, clock: Clock): StudyFeed;
  close(): Promise<void>;
}

async function openArchive(
  { kind, address, options }: ArchiveChoice,
  { modalities, studies }: MatchChoice,
  reprocess: boolean,
): Promise<OpenArchive> {
  const choice = { modalities, reprocess };
  if (kind === "orthanc") {
    const { Orthanc } = await import("../../../node/archive/orthanc.ts");
    const { OrthancFeed } = await import("./orthanc-feed.ts");
    const orthanc = await Orthanc.open(address, options);
    return {
      shown: orthanc.shown,
      fetch: (image, signal) => orthanc.fetch(image, signal),
      has: (image, signal) => orthanc.has(image, signal),
      store: (objects, signal) => orthanc.store(objects, signal),
      feed: (state, clock) => new OrthancFeed(orthanc, state, clock, { ...choice, studies }),
      close: () => orthanc.close(),
    };
  }
  const { DicomWeb } = await import("../../../node/archive/dicom-web.ts");
  const { DicomWebFeed } = await import("./dicom-web-feed.ts");
  const archive = await DicomWeb.open(address, options);
  return {
    shown: archive.shown,
    fetch: (image, signal) => archive.fetch(image, signal),
    has: (image, signal) => archive.has(image, signal),
    store: (objects, signal) => archive.store(objects, signal),
    feed: (state) => new DicomWebFeed(archive, state, studies, choice),
    close: () => archive.close(),
  };
}

/**
 * Watch until the signal is aborted.
 *
 * @returns  Whether nothing is left to be tried again, if `once` is asked for; otherwise true.
 * @throws   XrayError `file/in-use`, `pacs/bad-state`, `pacs/other-archive`, those of `InstanceReader.open`; with `once`, `pacs/…`
 *           if the archive is away.
 */
export async function watch(request: WatchRequest, events: WatchEvents): Promise<boolean> {
  const { match, reprocess, quietMs, once, hasMoved } = request;
  const { say, onDone, signal } = events;
  const closing: (() => Promise<void>)[] = [];
  try {
    const archive = await openArchive(request.archive, match, reprocess);
    closing.push(() => archive.close());
    const reader = await InstanceReader.open({ ...request.reader, modalities: match.modalities }, say);
    closing.push(() => reader.close());
    const mark = { kind: request.archive.kind, address: archive.shown };
    const state = await PacsState.open(request.state, { ...identified(reader), archive: mark, hasMoved });
    closing.push(() => state.close());
    if (request.retry) state.retryAside();
    const loop = new WorkLoop({
      ...{ state, source: archive, target: archive, reader, clock: CLOCK, quietMs, reprocess, say, onDone },
      feed: archive.feed(state, CLOCK),
    });
    events.onReady(reader);
    if (once) return await loop.runOnce(signal);
    await loop.run(signal);
    return true;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** What a state folder is told about a reader. */
export const identified = ({ identity }: InstanceReader) => ({
  identity: identity.key,
  about: { model: identity.model, sha256: identity.sha256, version: identity.version },
});
