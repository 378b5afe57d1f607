/** A private certificate authority for a test, made by openssl: a certificate for `localhost` and one for a client. */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of PEM files. */
export interface Certificates {
  /** What clients must trust, and servers too if clients show a certificate. */
  readonly ca: string;
  /** For 127.0.0.1 and localhost. */
  readonly server: string;
  readonly serverKey: string;
  readonly client: string;
  readonly clientKey: string;
}

/** Make them in a folder that is there. */
export function makeCertificates(folder: string): Certificates {
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = ["-x509", "-days", "2", "-subj", "/CN=Test authority"];
  openssl("req", ...newKey, ...authority, "-keyout", "ca.key", "-out", "ca.pem");
  for (const [name, subject, extensions] of [
    ["server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth"],
    ["client", "/CN=medical-x", "extendedKeyUsage=clientAuth"],
  ] as const) {
    writeFileSync(path(`${name}.ext`), `${extensions}\n`);
    openssl("req", ...newKey, "-subj", subject, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const by = [
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      `${name}.ext`,
    ];
    openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-out", `${name}.pem`);
  }
  return {
    ca: path("ca.pem"),
    server: path("server.pem"),
    serverKey: path("server.key"),
    client: path("client.pem"),
    clientKey: path("client.key"),
  };
}
