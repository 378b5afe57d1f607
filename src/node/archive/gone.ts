/**
 * Things that may be gone: an archive says so by 404. While an archive is away, whatever stands before it may answer 404 to
 * everything, and no image may be taken for deleted then.
 *
 * Knows: ArchiveHttp. Not what is asked for.
 */

import { noInterface } from "./failures.ts";
import type { ArchiveAnswer, ArchiveHttp, ArchiveRequest } from "./http.ts";

/** How the archive itself is told from what stands before it. */
export interface ArchiveCheck {
  /** Whether an answer of 404 is the archive's own; undefined if it does not show. */
  isOwn?(answer: ArchiveAnswer): boolean | undefined;
  /** Ask something that each archive of this kind answers. Throws if this one does not. */
  ask(signal: AbortSignal): Promise<unknown>;
}

/**
 * Ask about one thing.
 *
 * @returns  Undefined if the archive itself says that it does not have it.
 * @throws   XrayError as `ArchiveHttp.ask`; `pacs/no-interface` if another has answered; what the check throws.
 */
export async function askUnlessGone(
  http: ArchiveHttp,
  request: ArchiveRequest,
  archive: ArchiveCheck,
): Promise<ArchiveAnswer | undefined> {
  const accepting = { ...request, accepted: [...(request.accepted ?? []), 404] };
  for (let isAnswering = false; ; isAnswering = true) {
    const answer = await http.ask(accepting);
    if (answer.status !== 404) return answer;
    const isOwn = archive.isOwn?.(answer);
    if (isOwn === false) throw noInterface(answer.asked);
    if (isOwn === true || isAnswering) return undefined;
    await archive.ask(request.signal);
    // The archive answers now: what does it say itself?
  }
}
