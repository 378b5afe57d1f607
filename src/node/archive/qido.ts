/**
 * Searches by QIDO-RS: which studies match, and which images a study has.
 *
 * Archives may answer with fewer results than were asked for, and may know no pages. So a search goes on until a page brings
 * nothing new. UIDs are whatever senders made of them: one that is none must not keep the others from being listed.
 *
 * Knows:      DICOM JSON, by ArchiveHttp.
 * Reference:  DICOM PS3.18, 10.6 and Annex F.
 */

import {
  list,
  type Of,
  object,
  passedOver,
  type Schema,
  type SchemaOf,
  some,
  text,
  whole,
} from "../../schema/schema.ts";
import { lasting } from "./failures.ts";
import { type ArchiveCheck, askUnlessGone } from "./gone.ts";
import type { ArchiveHttp } from "./http.ts";
import { jsonOf } from "./json.ts";
import type { ArchiveImage } from "./ports.ts";
import { inAddress, trimUid, uid } from "./uids.ts";

const PAGE = 200;
const MAX_PAGE_BYTES = 32 * 1024 * 1024;
/** More results than this are not listed: the search is too wide. */
const MOST_RESULTS = 200_000;

const STUDY_UID = "0020000D";
const SERIES_UID = "0020000E";
const SOP_UID = "00080018";
const SOP_CLASS = "00080016";
const MODALITY = "00080060";
const SERIES_DESCRIPTION = "0008103E";
const NUMBER_OF_INSTANCES = "00201208";

/** An attribute with a value. */
// @__NO_SIDE_EFFECTS__
const one = <const S extends Schema>(value: S) => object({ Value: some(value) });

const STUDIES = list(
  object({ [STUDY_UID]: one(text()), [NUMBER_OF_INSTANCES]: passedOver(one(whole(0))) } as const),
);
const SERIES = list(
  object({
    [SERIES_UID]: one(text()),
    [MODALITY]: passedOver(one(text())),
    [SERIES_DESCRIPTION]: passedOver(one(text())),
  } as const),
);
const INSTANCES = list(
  object({
    [SERIES_UID]: one(text()),
    [SOP_UID]: one(text()),
    [SOP_CLASS]: passedOver(one(uid())),
    [MODALITY]: passedOver(one(text())),
  } as const),
);
const NAMED_INSTANCES = list(object({ [SOP_UID]: one(text()) } as const));

/** Attributes and the values to match, by keyword or tag: `Modality` → `DX`. */
export type Match = Readonly<Record<string, string>>;

/** A study that a search found. */
export interface FoundStudy {
  /** May be any text. */
  readonly studyInstanceUid: string;
  /** How many instances it has, if the archive says so. */
  readonly instances: number | undefined;
}

interface Search<T> {
  readonly path: string;
  readonly what: string;
  /** Whether each archive has this list. */
  readonly isInterface?: boolean;
  readonly query: Match;
  readonly schema: SchemaOf<readonly T[]>;
  /** What tells results apart. */
  readonly keyOf: (item: T) => string;
}

/** All results of a search, each once. */
async function* results<T>(
  http: ArchiveHttp,
  { path, what, isInterface = false, query, schema, keyOf }: Search<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  for (let offset = 0; ; ) {
    const answer = await http.ask({
      path,
      what,
      isInterface,
      query: { ...query, limit: String(PAGE), offset: String(offset) },
      headers: { accept: "application/dicom+json" },
      limit: MAX_PAGE_BYTES,
      signal,
    });
    // "No content" is how an archive says that nothing matches.
    const page = answer.bytes.length === 0 ? [] : jsonOf(answer, schema);
    const before = seen.size;
    for (const item of page) {
      const key = keyOf(item);
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
    if (seen.size === before) return;
    if (seen.size > MOST_RESULTS)
      throw lasting(
        "pacs/too-large",
        answer.asked,
        `there are more than ${MOST_RESULTS} results; match fewer studies, for example by their date`,
      );
    offset += page.length;
  }
}

/** The studies that match, in the archive's order. Throws what `ArchiveHttp.ask` throws, and `pacs/bad-answer`. */
export async function* findStudies(
  http: ArchiveHttp,
  match: Match,
  signal: AbortSignal,
): AsyncGenerator<FoundStudy> {
  const search = {
    path: "studies",
    what: "its list of studies",
    isInterface: true,
    query: { ...match, includefield: NUMBER_OF_INSTANCES },
    schema: STUDIES,
    keyOf: (study: Of<typeof STUDIES>[number]) => study[STUDY_UID].Value[0]!,
  };
  for await (const study of results(http, search, signal)) {
    yield {
      studyInstanceUid: trimUid(study[STUDY_UID].Value[0]!),
      instances: study[NUMBER_OF_INSTANCES]?.Value[0],
    };
  }
}

type SeriesFacts = Pick<ArchiveImage, "modality" | "seriesDescription">;

/** What is known of each series of a study; instances need not repeat it. */
async function seriesOf(
  http: ArchiveHttp,
  studyUid: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SeriesFacts>> {
  const search = {
    path: `studies/${inAddress(studyUid)}/series`,
    what: "the list of a study's series",
    query: {},
    schema: SERIES,
    keyOf: (series: Of<typeof SERIES>[number]) => series[SERIES_UID].Value[0]!,
  };
  const found = new Map<string, SeriesFacts>();
  for await (const series of results(http, search, signal)) {
    const description = series[SERIES_DESCRIPTION]?.Value[0];
    found.set(trimUid(series[SERIES_UID].Value[0]!), {
      modality: series[MODALITY]?.Value[0]?.trim(),
      ...(description === undefined ? {} : { seriesDescription: description.trim() }),
    });
  }
  return found;
}

/**
 * All instances of a study, images and others, in the archive's order. None if it does not have the study.
 *
 * @throws  XrayError as above.
 */
export async function findInstances(
  http: ArchiveHttp,
  studyUid: string,
  signal: AbortSignal,
): Promise<ArchiveImage[]> {
  const known = await seriesOf(http, studyUid, signal);
  if (known.size === 0) return [];
  const search = {
    path: `studies/${inAddress(studyUid)}/instances`,
    what: "the list of a study's images",
    query: {},
    schema: INSTANCES,
    keyOf: (instance: Of<typeof INSTANCES>[number]) => instance[SOP_UID].Value[0]!,
  };
  const found: ArchiveImage[] = [];
  for await (const instance of results(http, search, signal)) {
    const seriesInstanceUid = trimUid(instance[SERIES_UID].Value[0]!);
    const sopClass = instance[SOP_CLASS]?.Value[0];
    const series = known.get(seriesInstanceUid);
    found.push({
      studyInstanceUid: studyUid,
      seriesInstanceUid,
      sopInstanceUid: trimUid(instance[SOP_UID].Value[0]!),
      sopClassUid: sopClass === undefined ? undefined : trimUid(sopClass),
      ...series,
      modality: series?.modality ?? instance[MODALITY]?.Value[0]?.trim(),
    });
  }
  return found;
}

/** Some archives refuse a search as wide as this, which is an answer as well. */
const REFUSED = [400, 413];

/** How the archive is told from what stands before it: it has a list of studies. */
export const archiveCheck = (http: ArchiveHttp): ArchiveCheck => ({
  async ask(signal) {
    const answer = await http.ask({
      path: "studies",
      what: "its list of studies",
      isInterface: true,
      query: { limit: "1" },
      headers: { accept: "application/dicom+json" },
      limit: MAX_PAGE_BYTES,
      accepted: REFUSED,
      signal,
    });
    if (!REFUSED.includes(answer.status) && answer.bytes.length > 0) jsonOf(answer, STUDIES);
  },
});

/** Whether the archive has an instance. Throws as above. */
export async function hasInstance(
  http: ArchiveHttp,
  {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
  }: Pick<ArchiveImage, "studyInstanceUid" | "seriesInstanceUid" | "sopInstanceUid">,
  signal: AbortSignal,
): Promise<boolean> {
  const request = {
    path: `studies/${inAddress(studyInstanceUid)}/series/${inAddress(seriesInstanceUid)}/instances`,
    what: "whether it has an object",
    query: { SOPInstanceUID: sopInstanceUid },
    headers: { accept: "application/dicom+json" },
    limit: MAX_PAGE_BYTES,
    signal,
  };
  const answer = await askUnlessGone(http, request, archiveCheck(http));
  if (answer === undefined || answer.bytes.length === 0) return false;
  const found = jsonOf(answer, NAMED_INSTANCES);
  return found.some((instance) => trimUid(instance[SOP_UID].Value[0]!) === sopInstanceUid);
}
