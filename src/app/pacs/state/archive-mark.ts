/**
 * Which archive a state folder belongs to. Results that wait in it must not end up in another one, and what one archive has
 * says nothing about another.
 *
 * Knows: plain data.
 */

import { XrayError } from "../../../errors.ts";

/** Where images come from. */
export interface ArchiveMark {
  /** By which interface; a listener is sent them. */
  readonly kind: "orthanc" | "dicomweb" | "listener";
  /** The archive's address, without credentials; none for a listener. */
  readonly address?: string;
}

const CALLED: Readonly<Record<ArchiveMark["kind"], string>> = {
  orthanc: "an Orthanc",
  dicomweb: "an archive's DICOMweb",
  listener: "a listener",
};

/**
 * Refuse an archive that is not that of a state folder.
 *
 * @param known     The folder's; undefined if it has none yet.
 * @param hasMoved  Whether the archive is the same at another address.
 * @returns         Whether the folder is to be told its archive.
 * @throws          XrayError `pacs/other-archive`.
 */
export function isNewMark(
  folder: string,
  known: ArchiveMark | undefined,
  named: ArchiveMark,
  hasMoved: boolean,
): boolean {
  if (known === undefined) return true;
  const details = { file: folder, isSameKind: known.kind === named.kind };
  if (known.kind !== named.kind)
    throw new XrayError(
      "pacs/other-archive",
      `${folder}: this state folder is that of ${CALLED[known.kind]}, and cannot be used for ${CALLED[named.kind]}; name another folder`,
      details,
    );
  if (known.address === named.address) return false;
  if (hasMoved) return true;
  throw new XrayError(
    "pacs/other-archive",
    `${folder}: this state folder belongs to the archive at ${known.address}, not to ${named.address}; name another folder for another archive, or say that it is the same one, which has moved`,
    details,
  );
}
