/**
 * Who we are to an archive: a user with a password, or a bearer token, from the environment or a netrc file; never from
 * arguments, which other users of a machine can see.
 *
 * Files are read again once they have changed, so that a rotated password or token needs no restart.
 *
 * Knows:      the environment and files. Messages name variables and files, never what is in them.
 * Reference:  RFC 7617 (Basic), RFC 6750 (Bearer).
 */

import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { XrayError } from "../../errors.ts";
import { readWhole } from "../files.ts";
import { type ArchiveAddress, isLoopback } from "./address.ts";
import { netrcLogin } from "./netrc.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A netrc file or a token file is far smaller. */
const MAX_SECRET_BYTES = 64 * 1024;

const USER = "MEDICAL_X_DICOMWEB_USER";
const PASSWORD = "MEDICAL_X_DICOMWEB_PASSWORD";
const TOKEN = "MEDICAL_X_DICOMWEB_TOKEN";
const TOKEN_FILE = "MEDICAL_X_DICOMWEB_TOKEN_FILE";

/** Where credentials may be, and what may be done with them. */
export interface CredentialOptions {
  readonly env?: Environment;
  /** The netrc file where `NETRC` names none; by default `.netrc` in the home folder. */
  readonly netrc?: string;
  /** Whether credentials may be sent over plain HTTP to another machine. */
  readonly allowPlainHttp?: boolean;
}

/** The value of a request's `Authorization`; undefined if there are no credentials. */
export type Authorization = () => Promise<string | undefined>;

const bad = (message: string): XrayError => new XrayError("pacs/bad-credentials", message);

/** What differs once a file has changed; undefined if there is no such file, empty if that cannot be told. */
function stampOf(file: string): string | undefined {
  try {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stat && [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join();
  } catch {
    return "";
  }
}

/** What a file's text means. It is read when it is first asked for, and again after each change. Throws XrayError `file/…`. */
function meaningOf<T>(file: string, meaning: (text: string) => T): () => Promise<T> {
  let known: { readonly stamp: string; readonly means: T } | undefined;
  return async () => {
    const stamp = stampOf(file);
    if (known === undefined || known.stamp !== stamp) {
      const text = Buffer.from(await readWhole(file, MAX_SECRET_BYTES)).toString("utf8");
      const means = meaning(text);
      if (!stamp) return means;
      known = { stamp, means };
    }
    return known.means;
  };
}

/** @param from  The variable or the file, which a message names. */
function bearer(token: string, from: string): string {
  if (!/^[\w.~+/=-]+$/.test(token))
    throw bad(`${from}: this is no bearer token: one line of letters, digits and -._~+/=`);
  return `Bearer ${token}`;
}

/** @param from  The variables or the file, which a message names. */
function basic(user: string, password: string, from: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(user + password))
    throw bad(`${from}: the user or the password contains a control character, such as a line end`);
  if (user.includes(":")) throw bad(`${from}: a user's name cannot contain a colon`);
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** The netrc file in the home folder. A user who is not in the system's list, as in a container, has none. */
function usualNetrc(): string | undefined {
  try {
    return join(homedir(), ".netrc");
  } catch {
    return undefined;
  }
}

/** The login for a host in a netrc file. A file that `NETRC` names must be there; the one in the home folder need not be. */
function fromNetrc(host: string, named: string | undefined, usual: string | undefined): Authorization {
  const file = named ?? usual;
  if (file === undefined) return async () => undefined;
  const read = meaningOf(file, (text) => {
    const login = netrcLogin(text, host);
    return login && basic(login.user, login.password, file);
  });
  if (named !== undefined) return read;
  return async () => (stampOf(file) === undefined ? undefined : await read());
}

function source({ root }: ArchiveAddress, { env = process.env, netrc }: CredentialOptions): Authorization {
  const [user, password, token, tokenFile] = [USER, PASSWORD, TOKEN, TOKEN_FILE].map(
    (name) => env[name] || undefined,
  );
  if ([token, tokenFile, user ?? password].filter((value) => value !== undefined).length > 1)
    throw bad(
      `${TOKEN}, ${TOKEN_FILE} and ${USER} with ${PASSWORD} are different ways to log in; set only one of them`,
    );
  if (token !== undefined) {
    const header = bearer(token, TOKEN);
    return async () => header;
  }
  if (tokenFile !== undefined) return meaningOf(tokenFile, (text) => bearer(text.trim(), tokenFile));
  if ((user === undefined) !== (password === undefined))
    throw bad(`only one of ${USER} and ${PASSWORD} is set; set both`);
  if (user !== undefined && password !== undefined) {
    const header = basic(user, password, `${USER}, ${PASSWORD}`);
    return async () => header;
  }
  const host = root.hostname.replace(/^\[|\]$/g, "");
  return fromNetrc(host, env["NETRC"] || undefined, netrc ?? usualNetrc());
}

/**
 * Find the credentials for an archive.
 *
 * @returns  A function that reads them anew. Its result is for requests to the archive's own origin only.
 * @throws   XrayError `pacs/bad-credentials`, `pacs/plain-password`, `file/…`, from here or from the function.
 */
export function authorizationFor(address: ArchiveAddress, options: CredentialOptions = {}): Authorization {
  const read = source(address, options);
  const { root, shown } = address;
  if (root.protocol === "https:" || isLoopback(root) || options.allowPlainHttp === true) return read;
  return async () => {
    const header = await read();
    if (header === undefined) return undefined;
    throw new XrayError(
      "pacs/plain-password",
      `${shown}: the password or token for it would cross the network unencrypted; use https, or allow plain HTTP if the network is trusted`,
      { archive: shown },
    );
  };
}
