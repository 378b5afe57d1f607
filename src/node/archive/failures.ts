/**
 * What goes wrong between us and an archive, as errors: what an answer's status means, and what the system and TLS say.
 *
 * Knows:      HTTP's status codes, the codes of Node and OpenSSL. Messages name the archive's address as it was given and
 *             nothing of a request's path or an answer's text, which can name patients.
 * Reference:  RFC 9110; DICOM PS3.18.
 */

import { type ErrorCode, type ErrorDetails, XrayError } from "../../errors.ts";
import { FinalError, retryAfterMs, ServerError } from "../retry.ts";

/** The system's or a library's code of a failure; those of attempts at several addresses are below. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at this address; check that the archive is running, and the port",
  ENOTFOUND: "this host's name is not known; check the address and the DNS",
  EAI_AGAIN: "the host's name could not be looked up; check the DNS",
  EHOSTUNREACH: "the network has no way to this host; check the network and the firewall",
  ENETUNREACH: "the network has no way to this host; check the network and the firewall",
  ETIMEDOUT: "the host does not answer; check the network and the firewall",
  UND_ERR_CONNECT_TIMEOUT: "the host does not answer; check the network and the firewall",
  UND_ERR_HEADERS_TIMEOUT: "the archive took too long to answer; look at its load",
  UND_ERR_BODY_TIMEOUT: "the archive stopped in the middle of its answer; look at its load",
  UND_ERR_ABORTED: "the proxy did not connect to this host; check the proxy, or name the host in NO_PROXY",
};

/** Some servers end a connection without a word if they do not like the client's certificate. */
const cutOff = (archive: string): string =>
  `the connection was cut off; look at the archive's log${archive.startsWith("https:") ? ", which may want another client certificate, or one at all" : ""}`;

/** A failure of certificates or of the handshake, in words; `needs` is what would help on our side. */
interface TlsFailure {
  readonly codes: RegExp;
  readonly words: string;
  readonly needs?: "ca" | "client";
}

const TLS: readonly TlsFailure[] = [
  {
    codes: /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/,
    words:
      "its certificate is not signed by an authority that is trusted here; name the file with your authority's certificate",
    needs: "ca",
  },
  {
    codes: /INVALID_PURPOSE/,
    words: "its certificate is not one for servers; the archive needs another one",
  },
  { codes: /CERT_HAS_EXPIRED/, words: "its certificate has expired; the archive needs a new one" },
  { codes: /CERT_NOT_YET_VALID/, words: "its certificate is not valid yet; check the clocks" },
  {
    codes: /CERT_ALTNAME_INVALID/,
    words:
      "its certificate is for another host; use the name that the certificate is for, or correct the address",
  },
  {
    codes:
      /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE|ACCESS_DENIED)/,
    words:
      "it accepts no connection with this client certificate, or without one; name the certificate and the key that it expects",
    needs: "client",
  },
  {
    codes: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/,
    words: "it does not speak TLS at this port; use http, or the port for https",
  },
  { codes: /^ERR_SSL_|^ERR_TLS_|^CERT_/, words: "no TLS connection came about; look at the archive's log" },
];

/** The error of a request without an answer. */
export function connectionFailure(archive: string, error: unknown): XrayError {
  const system = codeOf(error);
  const tls = TLS.find(({ codes }) => codes.test(system));
  if (tls !== undefined)
    return new XrayError("pacs/tls", `${archive}: ${tls.words}`, { archive, system, needs: tls.needs });
  const reason = CONNECTION[system] ?? cutOff(archive);
  return new XrayError("pacs/no-connection", `${archive}: ${reason}`, { archive, system });
}

/** What an archive did not do: words for a message. */
export interface Asked {
  /** As it is shown. */
  readonly archive: string;
  /** What was asked for: "its list of studies". */
  readonly what: string;
}

/** A failure that another attempt cannot change. */
export const lasting = (
  code: ErrorCode,
  { archive, what }: Asked,
  reason: string,
  details: ErrorDetails = {},
): FinalError => new FinalError(code, `${archive}: ${what}: ${reason}`, { archive, ...details });

/** A failure that may pass. @param waitMs  For how long the archive asks to be left alone. */
export const passing = (
  code: ErrorCode,
  { archive, what }: Asked,
  reason: string,
  details: ErrorDetails = {},
  waitMs = 0,
): ServerError => new ServerError(code, `${archive}: ${what}: ${reason}`, { archive, ...details }, waitMs);

/** An answer that is not what its protocol says. */
export const badAnswer = (asked: Asked, reason: string): ServerError =>
  passing("pacs/bad-answer", asked, `${reason}; check that this is the archive's address`);

/** The error of an archive that is full. */
export const noSpace = (asked: Asked, details: ErrorDetails): ServerError =>
  passing(
    "pacs/no-space",
    asked,
    "the archive cannot keep it, since its disk is full or cannot be written to; make room there",
    details,
  );

/** The error of an address at which the archive's interface is not, or not now. */
export const noInterface = (asked: Asked): ServerError =>
  passing(
    "pacs/no-interface",
    asked,
    "this address has no such interface (404); check the address, and whether the archive runs behind the proxy that may have answered",
    { status: 404 },
  );

/** The error of an answer whose status is no success. */
export function statusFailure(asked: Asked, status: number, retryAfter: string | null): XrayError {
  const details = { status };
  const waitMs = retryAfterMs(retryAfter);
  if (status === 401)
    return passing(
      "pacs/unauthorised",
      asked,
      "the archive wants to know who asks, or does not know this user, password or token (401); check the credentials",
      details,
    );
  if (status === 407)
    return passing("pacs/no-connection", asked, "the proxy wants a login (407); check the proxy", details);
  if (status === 403)
    return passing(
      "pacs/forbidden",
      asked,
      "the archive does not allow it (403); give this program's user the right to it there",
      details,
    );
  if (status === 429 || (status === 503 && waitMs > 0))
    return passing(
      "pacs/busy",
      asked,
      `the archive is busy (${status}); it will be asked later`,
      details,
      waitMs,
    );
  if (status === 507) return noSpace(asked, details);
  if (status >= 500 || status === 408 || status === 425)
    return passing(
      "pacs/server-error",
      asked,
      `the archive failed (${status}); look at its log`,
      details,
      waitMs,
    );
  if (status === 404 || status === 410)
    return lasting(
      "pacs/not-found",
      asked,
      `the archive has no such thing (${status}); check the address of its interface, and what was asked for`,
      details,
    );
  if (status === 413)
    return lasting("pacs/too-large", asked, "the archive takes no objects of this size (413)", details);
  return lasting(
    "pacs/refused",
    asked,
    `the archive refused it (${status}); check the address, and what the archive supports`,
    details,
  );
}
