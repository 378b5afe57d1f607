/**
 * Finds DICOM files by their SOP Instance UIDs.
 *
 * Knows: files. Only the wanted UIDs are kept, whatever the number of files.
 */

import { fewAtOnce } from "./at-once.ts";
import { sopInstanceUid } from "./dicom-header.ts";

/** Number of files to read at the same time. */
const AT_ONCE = 32;

/**
 * Find the files of some UIDs.
 *
 * @param files   Files to look into. Those that are no DICOM files, or cannot be read, are passed over.
 * @param wanted  UIDs.
 * @returns       For each wanted UID that was found, its files in the order given: several if they are copies.
 */
export async function filesOfUids(
  files: readonly string[],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const uids = await fewAtOnce(files, AT_ONCE, async (file) => {
    const uid = await sopInstanceUid(file);
    return uid !== undefined && wanted.has(uid) ? uid : undefined;
  });
  for (const [i, uid] of uids.entries()) {
    if (uid === undefined) continue;
    const before = found.get(uid);
    if (before === undefined) found.set(uid, [files[i]!]);
    else before.push(files[i]!);
  }
  return found;
}
