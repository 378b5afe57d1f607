/**
 * Files by WADO-RS, as the archive keeps them: in whatever transfer syntax they are.
 *
 * Knows:      multipart bodies, by ArchiveHttp.
 * Reference:  DICOM PS3.18, 10.4.
 */

import { MAX_IMAGE_BYTES } from "../../engine/limits.ts";
import { badAnswer, statusFailure } from "./failures.ts";
import { askUnlessGone } from "./gone.ts";
import type { ArchiveAnswer, ArchiveHttp } from "./http.ts";
import { checkImageFile } from "./image-file.ts";
import { kindOf } from "./json.ts";
import { MultipartFault, mediaType, type Part, partsOf } from "./multipart.ts";
import type { ArchiveImage } from "./ports.ts";
import { archiveCheck } from "./qido.ts";
import { inAddress } from "./uids.ts";

const DICOM = "application/dicom";
const ACCEPT = `multipart/related; type="${DICOM}"; transfer-syntax=*`;

/** The parts' headers and delimiters. */
const AROUND = 64 * 1024;

function partsIn({ bytes, header, asked }: ArchiveAnswer): readonly Part[] {
  try {
    return partsOf(bytes, header("content-type"), 1);
  } catch (error) {
    if (!(error instanceof MultipartFault)) throw error;
    throw badAnswer(asked, `the answer is damaged: ${error.message}`);
  }
}

/** The file in an answer: the only part of it, or all of it where an archive sends a single file alone. */
function fileIn(answer: ArchiveAnswer): Uint8Array {
  const type = mediaType(answer.header("content-type"));
  if (type === DICOM) return answer.bytes;
  if (type !== "multipart/related")
    throw badAnswer(answer.asked, `the answer is ${kindOf(type)} and not DICOM`);
  const [part] = partsIn(answer);
  // A part without a type is what the whole claims to be.
  if (part === undefined || (part.type !== "" && part.type !== DICOM))
    throw badAnswer(answer.asked, `the answer has a part ${kindOf(part?.type ?? "")} and not DICOM`);
  return part.bytes;
}

/**
 * Fetch an image's file.
 *
 * @throws  XrayError as `ArchiveHttp.ask`; `pacs/bad-answer`.
 */
export async function fetchInstance(
  http: ArchiveHttp,
  image: ArchiveImage,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const [study, series, instance] = [
    image.studyInstanceUid,
    image.seriesInstanceUid,
    image.sopInstanceUid,
  ].map(inAddress);
  const what = "an image";
  const request = {
    path: `studies/${study}/series/${series}/instances/${instance}`,
    what,
    headers: { accept: ACCEPT },
    limit: MAX_IMAGE_BYTES + AROUND,
    signal,
  };
  const answer = await askUnlessGone(http, request, archiveCheck(http));
  if (answer === undefined) throw statusFailure({ archive: http.shown, what }, 404, null);
  const file = fileIn(answer);
  if (file.length === 0) throw badAnswer(answer.asked, "the answer has no file in it");
  await checkImageFile(file, image, answer.asked);
  return file;
}
