/**
 * Addresses of archives: which text is one, and which hosts are this machine.
 *
 * Knows: URLs. A message never repeats an address that may contain a password.
 */

import { XrayError } from "../../errors.ts";

/** Where an archive's interface begins. */
export interface ArchiveAddress {
  /** Ends with a slash, so that paths can be resolved against it. */
  readonly root: URL;
  /** As it is shown in messages: without a slash at its end. */
  readonly shown: string;
}

const bad = (shown: string, reason: string): XrayError =>
  new XrayError("pacs/bad-address", `${shown}: ${reason}`, { archive: shown });

/**
 * Read an archive's address.
 *
 * @param text  Such as `https://pacs.example.org/dicom-web`.
 * @throws      XrayError `pacs/bad-address`.
 */
export function archiveAddress(text: string): ArchiveAddress {
  if (text.includes("@"))
    throw bad(
      "the archive's address",
      "it contains a user or a password, which other users of this machine can see; give it without them, and change the password",
    );
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed))
    throw bad(
      trimmed.replace(/[?#].*/s, ""),
      "this is no address of an archive; write http://host:port/path or https://host/path",
    );
  const root = new URL(trimmed);
  if (/[?#]/.test(trimmed))
    throw bad(
      `${root.origin}${root.pathname}`,
      "an archive's address has no part after ? or #; leave it out",
    );
  root.pathname = root.pathname.replace(/\/*$/, "/");
  return { root, shown: root.href.replace(/\/$/, "") };
}

/** Whether a host is this machine, so that what is sent to it crosses no network. */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
