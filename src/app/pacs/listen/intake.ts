/**
 * Takes in what was received: files it under its UID and has it worked on, unless it is known.
 *
 * An object counts as taken when its file and the journal's line about it are on the disk. Sent again, it does no harm: the
 * same content is passed over; other content under the same UID is read if no result has been made, and passed over if one
 * has, since two results of one image would contradict each other.
 *
 * Knows: the state folder, and headers. Not networks.
 */

import { asXrayError } from "../../../errors.ts";
import type { DicomElements } from "../../../formats/dicom/elements.ts";
import { isOwnResult } from "../../../formats/dicom/own-result.ts";
import { isUid } from "../../../node/archive/uids.ts";
import { readDicomHeader } from "../../../node/dicom-header.ts";
import type { TakenObject } from "../../../node/dimse/receiving.ts";
import type { StoreAnswer } from "../../../node/dimse/store-status.ts";
import type { ArchiveImage } from "../ports.ts";
import type { OpenImage } from "../state/open-work.ts";
import type { PacsState } from "../state/pacs-state.ts";
import { isFull } from "../work/disk.ts";
import type { WorkLoop } from "../work/work-loop.ts";
import { receivedName } from "./received-name.ts";

export interface IntakeParts {
  readonly state: PacsState;
  readonly loop: Pick<WorkLoop, "show" | "redo">;
  /** Says a line to people. */
  readonly say: (line: string) => void;
  /** Whether what another model or version did is done again. */
  readonly reprocess: boolean;
}

const TAG = {
  sopClass: "x00080016",
  sopInstance: "x00080018",
  modality: "x00080060",
  study: "x0020000d",
  series: "x0020000e",
} as const;

/** What the header of a received object says of it. */
function imageIn(elements: DicomElements, object: TakenObject): ArchiveImage | StoreAnswer {
  const [study, series] = [elements.text(TAG.study), elements.text(TAG.series)];
  if (study === undefined || series === undefined || !isUid(study) || !isUid(series)) return "not-understood";
  const [sopClass, sopInstance] = [elements.text(TAG.sopClass), elements.text(TAG.sopInstance)];
  if (sopClass !== object.sopClassUid || sopInstance !== object.sopInstanceUid) return "mismatch";
  return {
    studyInstanceUid: study,
    seriesInstanceUid: series,
    sopInstanceUid: sopInstance,
    sopClassUid: sopClass,
    modality: elements.text(TAG.modality),
    at: receivedName(sopInstance),
    content: object.sha256,
  };
}

/** Why an object was refused for what it is. */
const REFUSED: { readonly [answer in StoreAnswer]?: string } = {
  "not-understood": "it cannot be read, or names no study",
  mismatch: "its data set is not the object that was announced",
};

export class Intake {
  readonly #parts: IntakeParts;
  /** One object after another: of two with the same UID, the second must find the first. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Take an object in. It is on the disk, with all that is noted of it, when the answer is that it is stored. */
  take = (object: TakenObject): Promise<StoreAnswer> => {
    const taken = this.#line.then(() => this.#take(object));
    this.#line = taken.catch(() => undefined);
    // Saving is shared with others that wait.
    return taken.then((answer) => this.#saved(answer)).catch((error: unknown) => this.#failed(error));
  };

  async #saved(answer: StoreAnswer): Promise<StoreAnswer> {
    await this.#parts.state.saved();
    return this.#told(answer);
  }

  /** Say of an object that was refused why it was. Returns the answer. */
  #told(answer: StoreAnswer): StoreAnswer {
    const why = REFUSED[answer];
    if (why !== undefined) this.#parts.say(`an object was refused: ${why}. Its sender was told`);
    return answer;
  }

  #failed(error: unknown): StoreAnswer {
    const known = asXrayError(error);
    if (known.code === "dicom/damaged") return this.#told("not-understood");
    this.#parts.say(`an image could not be taken in: ${known.message}. Its sender was told so`);
    return isFull(known) ? "no-space" : "failed";
  }

  async #take(object: TakenObject): Promise<StoreAnswer> {
    const header = await readDicomHeader(object.file);
    if (header === undefined) return "not-understood";
    const image = imageIn(header.elements, object);
    if (typeof image === "string") return image;
    const { state } = this.#parts;
    if (state.isOwnResult(image.sopInstanceUid) || isOwnResult(header.elements)) return "stored";
    await this.#place(image, object.file);
    return "stored";
  }

  /** File an image and have it worked on, if it is new or must be done again. */
  async #place(image: ArchiveImage, file: string): Promise<void> {
    const { state, loop, say, reprocess } = this.#parts;
    const number = state.imageOf(image.sopInstanceUid);
    const adopt = (): Promise<void> => state.received.adopt(file, receivedName(image.sopInstanceUid));
    if (number === undefined || (reprocess && state.isOfAnother(number))) {
      await adopt();
      loop.show(state.noteStudy(image.studyInstanceUid), image);
      return;
    }
    const end = state.endOf(number);
    if (end === undefined) {
      await this.#placeAgain(state.openImage(number), image, adopt);
      return;
    }
    const isSame = state.contentOf(number) === image.content;
    if (end === "accepted" || (end === "refused" && isSame)) {
      if (!isSame)
        say(`image ${number} came again with other content; it has a result and is not read again`);
      return;
    }
    await adopt();
    loop.redo(state.noteStudy(image.studyInstanceUid), image, isSame);
  }

  /** An image that is open: what has not been read yet is replaced. */
  async #placeAgain(
    open: OpenImage | undefined,
    { content }: ArchiveImage,
    adopt: () => Promise<void>,
  ): Promise<void> {
    const isFree = open?.step === "read" && open.attempt === undefined;
    if (isFree) await adopt();
    if (open?.content === content) return;
    const which = isFree ? "the new one is read" : "the first one counts";
    this.#parts.say(`image ${open?.image} came again with other content; ${which}`);
  }

  /** Remove the file of an image that has been accepted or refused. */
  settle = async ({ at }: OpenImage): Promise<void> => {
    if (at !== undefined) await this.#parts.state.received.remove(at);
  };
}
