/**
 * Orthanc's own interface: what has changed, studies, images, and results back into it. Its DICOMweb plugin is not needed.
 *
 * Knows:      paths and answers of Orthanc 1.10 and later, by ArchiveHttp.
 * Reference:  The Orthanc Book, "REST API of Orthanc"; "Tracking changes".
 */

import { MAX_IMAGE_BYTES } from "../../engine/limits.ts";
import type { ResultObject } from "../../report/dicom/result-object.ts";
import type { SchemaOf } from "../../schema/schema.ts";
import { badAnswer, lasting, noSpace, passing, statusFailure } from "./failures.ts";
import { type ArchiveCheck, askUnlessGone } from "./gone.ts";
import { type ArchiveAnswer, ArchiveHttp, type ArchiveOptions, type ArchiveRequest } from "./http.ts";
import { checkImageFile } from "./image-file.ts";
import { jsonOf, kindOf, untypedJsonOf } from "./json.ts";
import { mediaType } from "./multipart.ts";
import {
  CHANGES,
  FAILURE,
  FOUND,
  INSTANCES,
  isOrthancId,
  NAMED,
  type OrthancChanges,
  type OrthancStudy,
  type OrthancSystem,
  SERIES_LIST,
  STORED,
  STUDIES,
  STUDY,
  SYSTEM,
  studyOf,
} from "./orthanc-answers.ts";
import type { ArchiveImage, ImageSourcePort, ResultTarget } from "./ports.ts";
import type { Match } from "./qido.ts";
import { trimUid } from "./uids.ts";

const MAX_JSON_BYTES = 32 * 1024 * 1024;
const DICOM = "application/dicom";
const MAX_STORED_BYTES = 64 * 1024;

/** An Orthanc. The caller must close it. */
export class Orthanc implements ImageSourcePort, ResultTarget {
  readonly #http: ArchiveHttp;

  private constructor(http: ArchiveHttp) {
    this.#http = http;
  }

  /**
   * Read what is needed to ask it. Nothing is asked yet.
   *
   * @param address  Of its interface, such as `http://127.0.0.1:8042`.
   * @throws         XrayError as `ArchiveHttp.open`.
   */
  static async open(address: string, options: ArchiveOptions = {}): Promise<Orthanc> {
    return new Orthanc(await ArchiveHttp.open(address, options));
  }

  /** The archive's address as it is shown in messages. */
  get shown(): string {
    return this.#http.shown;
  }

  /** Who it is. Throws `pacs/bad-answer` if it is no Orthanc. */
  system(signal: AbortSignal): Promise<OrthancSystem> {
    return this.#json({ path: "system", what: "what it is", isInterface: true, signal }, SYSTEM);
  }

  /**
   * What has changed after a change.
   *
   * @param since  The number of the last change that is known; 0 for the first ones. A `last` below it means a new database.
   * @param limit  The most changes in the answer.
   * @throws       XrayError `pacs/…`.
   */
  async changes(since: number, limit: number, signal: AbortSignal): Promise<OrthancChanges> {
    const query = { since: String(since), limit: String(limit) };
    const { Changes, Done, Last } = await this.#json(
      { path: "changes", what: "its list of changes", query, isInterface: true, signal },
      CHANGES,
    );
    return {
      done: Done,
      last: Last,
      changes: Changes.map(({ Seq, ChangeType, ResourceType, ID }) => ({
        number: Seq,
        type: ChangeType,
        resource: ResourceType,
        id: ID,
      })),
    };
  }

  /**
   * A page of all studies.
   *
   * @param since  How many to leave out.
   * @returns      Fewer than `limit` where they end; an archive that changes meanwhile can repeat or leave out some.
   * @throws       XrayError `pacs/…`.
   */
  async studies(since: number, limit: number, signal: AbortSignal): Promise<readonly OrthancStudy[]> {
    const query = { expand: "", since: String(since), limit: String(limit) };
    const found = await this.#json(
      { path: "studies", what: "its list of studies", query, isInterface: true, signal },
      STUDIES,
    );
    return found.map(studyOf);
  }

  /** A study. Undefined if there is none of this id, since it has been deleted. Throws XrayError `pacs/…`. */
  async study(id: string, signal: AbortSignal): Promise<OrthancStudy | undefined> {
    const answer = await this.#askUnlessGone({ path: `studies/${known(id)}`, what: "a study", signal });
    return answer === undefined ? undefined : studyOf(jsonOf(answer, STUDY));
  }

  /**
   * The study that a changed series or instance is in. Undefined if it has been deleted.
   *
   * @param resource  As in a change.
   * @throws          XrayError `pacs/…`.
   */
  async studyOf(
    resource: "Series" | "Instance",
    id: string,
    signal: AbortSignal,
  ): Promise<OrthancStudy | undefined> {
    const path = `${resource === "Series" ? "series" : "instances"}/${known(id)}/study`;
    const answer = await this.#askUnlessGone({ path, what: "a study", signal });
    return answer === undefined ? undefined : studyOf(jsonOf(answer, STUDY));
  }

  /**
   * All instances of a study, images and others; none if it has been deleted. Orthanc names no SOP classes here.
   *
   * @param id  Orthanc's id of the study.
   * @throws    XrayError `pacs/…`.
   */
  async instances(
    { id, studyInstanceUid }: OrthancStudy,
    signal: AbortSignal,
  ): Promise<readonly ArchiveImage[]> {
    const path = `studies/${known(id)}`;
    const [series, instances] = await Promise.all([
      this.#askUnlessGone({ path: `${path}/series`, what: "the list of a study's series", signal }),
      this.#askUnlessGone({ path: `${path}/instances`, what: "the list of a study's images", signal }),
    ]);
    if (series === undefined || instances === undefined) return [];
    const parents = new Map(jsonOf(series, SERIES_LIST).map((one) => [one.ID, one.MainDicomTags]));
    return jsonOf(instances, INSTANCES).flatMap(({ ID, ParentSeries, MainDicomTags }) => {
      const parent = parents.get(ParentSeries);
      // A series that arrived between both answers is in the next ones.
      if (parent === undefined) return [];
      return [
        {
          studyInstanceUid,
          seriesInstanceUid: trimUid(parent.SeriesInstanceUID),
          sopInstanceUid: trimUid(MainDicomTags.SOPInstanceUID),
          sopClassUid: undefined,
          modality: parent.Modality?.trim(),
          ...(parent.SeriesDescription === undefined
            ? {}
            : { seriesDescription: parent.SeriesDescription.trim() }),
          at: ID,
        },
      ];
    });
  }

  /**
   * Whether a study has attributes, as a search finds it.
   *
   * @param match  Attributes of studies by keyword, with DICOM's wildcards and ranges.
   * @throws       XrayError `pacs/…`.
   */
  async matches({ studyInstanceUid }: OrthancStudy, match: Match, signal: AbortSignal): Promise<boolean> {
    if (Object.keys(match).length === 0) return true;
    const query = { Level: "Study", Query: { ...match, StudyInstanceUID: studyInstanceUid } };
    const found = await this.#json(
      {
        method: "POST",
        path: "tools/find",
        what: "whether a study matches",
        isInterface: true,
        headers: { "content-type": "application/json" },
        body: [Buffer.from(JSON.stringify(query))],
        signal,
      },
      FOUND,
    );
    return found.length > 0;
  }

  async fetch(image: ArchiveImage, signal: AbortSignal): Promise<Uint8Array> {
    const what = "an image";
    const path = `instances/${known(image.at ?? "")}/file`;
    const answer = await this.#askUnlessGone({ path, what, signal }, MAX_IMAGE_BYTES);
    if (answer === undefined) throw statusFailure({ archive: this.shown, what }, 404, null);
    const type = mediaType(answer.header("content-type"));
    // What stands before it may have answered.
    if (type !== DICOM) throw badAnswer(answer.asked, `the answer is ${kindOf(type)} and not DICOM`);
    if (answer.bytes.length === 0) throw badAnswer(answer.asked, "the answer has no file in it");
    await checkImageFile(answer.bytes, image, answer.asked);
    return answer.bytes;
  }

  async has({ at }: ArchiveImage, signal: AbortSignal): Promise<boolean> {
    const path = `instances/${known(at ?? "")}`;
    const answer = await this.#askUnlessGone({ path, what: "whether an image is there", signal });
    // A login page says nothing about it.
    return answer !== undefined && jsonOf(answer, NAMED).ID === at;
  }

  async store(objects: readonly ResultObject[], signal: AbortSignal): Promise<void> {
    for (const item of objects) await this.#storeOne(item, signal);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #storeOne({ bytes }: ResultObject, signal: AbortSignal): Promise<void> {
    const answer = await this.#http.ask({
      method: "POST",
      path: "instances",
      what: "storing an object",
      headers: { "content-type": DICOM },
      body: [bytes],
      limit: MAX_STORED_BYTES,
      accepted: [500],
      isInterface: true,
      signal,
    });
    if (answer.status === 500) throw storingFailure(answer);
    const { Status } = jsonOf(answer, STORED);
    if (Status === "Success" || Status === "AlreadyStored") return;
    if (Status === "FilteredOut")
      throw lasting(
        "pacs/not-stored",
        answer.asked,
        "the archive did not store it: a filter there keeps it out; change its ReceivedInstanceFilter",
      );
    throw passing(
      "pacs/store-failed",
      answer.asked,
      "the archive did not store it; look at its log and its disk",
    );
  }

  readonly #check: ArchiveCheck = { isOwn: isOrthancs, ask: (signal) => this.system(signal) };

  #askUnlessGone(
    request: Omit<ArchiveRequest, "limit">,
    limit = MAX_JSON_BYTES,
  ): Promise<ArchiveAnswer | undefined> {
    return askUnlessGone(this.#http, { ...request, limit }, this.#check);
  }

  async #json<T>(request: Omit<ArchiveRequest, "limit">, schema: SchemaOf<T>): Promise<T> {
    return jsonOf(await this.#http.ask({ ...request, limit: MAX_JSON_BYTES }), schema);
  }
}

/** What Orthanc says of itself when it cannot write a file, and when its storage is full. */
const DISK_FAILURES = [14, 19];

/** What Orthanc says of a failure; undefined if it may be what stands before it that has answered. */
function orthancStatus(answer: ArchiveAnswer): number | undefined {
  try {
    return untypedJsonOf(answer, FAILURE).OrthancStatus;
  } catch {
    return undefined;
  }
}

/** Whether it is Orthanc that says what went wrong. It can be configured to say nothing, and never sends a page. */
const isOrthancs = (answer: ArchiveAnswer): boolean | undefined =>
  answer.bytes.length === 0 ? undefined : orthancStatus(answer) !== undefined;

/** The error of an answer of 500 to an object. */
function storingFailure(answer: ArchiveAnswer): Error {
  const number = orthancStatus(answer);
  return number !== undefined && DISK_FAILURES.includes(number)
    ? noSpace(answer.asked, { status: 500, orthanc: number })
    : statusFailure(answer.asked, 500, null);
}

/** An id that came from Orthanc's answers, or from what we kept of them. */
function known(id: string): string {
  if (!isOrthancId(id)) throw new TypeError("this is no id of Orthanc");
  return id;
}
