/**
 * TLS as hospitals ask for it: a private certificate authority, and a certificate of our own. HTTPS and DICOM's TLS use
 * the same files.
 *
 * Knows: PEM files, and the variable that holds a key's passphrase. Not connections.
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { XrayError } from "../../errors.ts";
import { readWhole, systemCode } from "../files.ts";
import type { Environment } from "./credentials.ts";

/** A bundle of all public authorities has 250 kB. */
const MAX_PEM_BYTES = 4 * 1024 * 1024;

const PASSPHRASE = "MEDICAL_X_CLIENT_KEY_PASSPHRASE";

/** Files in PEM. */
export interface TlsFiles {
  /** Certificates of the authorities to trust, instead of the public ones. */
  readonly ca?: string;
  /** Our certificate, with those between it and the authority. */
  readonly clientCert?: string;
  /** Its private key; by default in the certificate's file. */
  readonly clientKey?: string;
}

/** What Node's TLS takes. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  /** Without a passphrase. */
  readonly key?: string;
}

const bad = (file: string, reason: string): XrayError =>
  new XrayError("pacs/bad-certificate", `${file}: ${reason}`, { file });

const pemOf = async (file: string): Promise<string> =>
  Buffer.from(await readWhole(file, MAX_PEM_BYTES)).toString("latin1");

/** The certificates in a file, of which there must be one. */
function certificatesIn(file: string, pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw bad(file, "there is no certificate in PEM; convert it with `openssl x509` or `openssl pkcs12`");
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw bad(file, "a certificate in it is damaged");
    }
  });
}

function checkTime(file: string, { validFrom, validTo }: X509Certificate, now: number): void {
  if (Date.parse(validTo) < now) throw bad(file, `the certificate expired on ${validTo}; get a new one`);
  if (Date.parse(validFrom) > now)
    throw bad(file, `the certificate is not valid before ${validFrom}; check this machine's clock`);
}

function keyIn(file: string, pem: string, passphrase: string | undefined): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    throw bad(file, "there is no private key in PEM; name the key's file");
  try {
    return createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const isLocked = systemCode(error) === "ERR_MISSING_PASSPHRASE" || /ENCRYPTED/.test(pem);
    if (isLocked && passphrase === undefined)
      throw bad(file, `the private key is encrypted; set ${PASSPHRASE} to its passphrase`);
    throw bad(
      file,
      isLocked
        ? `the passphrase in ${PASSPHRASE} does not open the private key`
        : "the private key is damaged",
    );
  }
}

/**
 * Read and check the files.
 *
 * @param now  Milliseconds since 1970.
 * @throws     XrayError `pacs/bad-certificate`, `file/…`.
 */
export async function readTls(
  { ca, clientCert, clientKey }: TlsFiles,
  env: Environment = process.env,
  now: number = Date.now(),
): Promise<TlsMaterial> {
  const material: { ca?: string; cert?: string; key?: string } = {};
  if (ca !== undefined) {
    material.ca = await pemOf(ca);
    certificatesIn(ca, material.ca);
  }
  if (clientCert === undefined) {
    if (clientKey !== undefined) throw bad(clientKey, "a private key is of no use without its certificate");
    return material;
  }
  material.cert = await pemOf(clientCert);
  const [own] = certificatesIn(clientCert, material.cert);
  checkTime(clientCert, own!, now);
  const keyFile = clientKey ?? clientCert;
  const key = keyIn(keyFile, await pemOf(keyFile), env[PASSPHRASE] || undefined);
  if (!own!.checkPrivateKey(key))
    throw bad(keyFile, `the private key does not belong to the certificate in ${clientCert}`);
  material.key = key.export({ type: "pkcs8", format: "pem" }) as string;
  return material;
}
