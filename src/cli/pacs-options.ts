/**
 * The options that all of `medical-x pacs` share: what is made of each image, and how an archive is reached.
 *
 * Knows: how commander reads options. Passwords, tokens and passphrases come from the environment or from files, never
 * from options, which other users of a machine can see.
 */

import type { Command } from "commander";
import type { ReaderRequest } from "../app/pacs/reader-request.ts";
import type { ArchiveOptions } from "../node/archive/http.ts";
import type { TlsFiles } from "../node/archive/tls.ts";
import {
  deviceOption,
  findingsOption,
  forceOption,
  methodOption,
  modelOption,
  pathOption,
  srStyleOption,
  threadsOption,
  thresholdOption,
  verboseOption,
  voiOption,
} from "./options.ts";

/** What `addReaderOptions` adds, as commander gives it. */
export interface ReaderFlags
  extends Pick<
    ReaderRequest,
    "model" | "threshold" | "gradcam" | "findings" | "method" | "force" | "voi" | "device" | "threads"
  > {
  readonly srStyle: ReaderRequest["style"];
  readonly verbose?: boolean;
}

/** What `addTlsOptions` adds. */
export type TlsFlags = TlsFiles;

/** What `addArchiveOptions` adds. */
export interface ArchiveFlags extends TlsFlags {
  readonly allowPlainHttp: boolean;
}

/** Add the options that say what is made of each image. */
export function addReaderOptions(command: Command): Command {
  return command
    .addOption(modelOption())
    .addOption(thresholdOption())
    .addOption(srStyleOption())
    .option("--gradcam", "also make an overlay of heatmaps on the X-ray, as a Secondary Capture", false)
    .addOption(findingsOption())
    .addOption(methodOption("the card's choice, if it names one; else gradcam"))
    .addOption(voiOption())
    .addOption(
      forceOption("also read what an input check refuses, views that are not frontal, and any modality"),
    )
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(verboseOption());
}

/** Add the files of TLS: who is trusted, and who we are. */
export function addTlsOptions(command: Command): Command {
  return command
    .addOption(
      pathOption(
        "--ca <file>",
        "certificates (PEM) of the authorities to trust, instead of the public ones",
      ).env("MEDICAL_X_CA"),
    )
    .addOption(
      pathOption("--client-cert <file>", "client certificate (PEM) to show").env("MEDICAL_X_CLIENT_CERT"),
    )
    .addOption(
      pathOption(
        "--client-key <file>",
        "its private key (PEM), if in another file; a passphrase is read from MEDICAL_X_CLIENT_KEY_PASSPHRASE",
      ).env("MEDICAL_X_CLIENT_KEY"),
    );
}

/** Add the options of archives that are reached over HTTP. */
export function addArchiveOptions(command: Command): Command {
  return addTlsOptions(command).option(
    "--allow-plain-http",
    "send the password or token over plain HTTP to another machine",
    false,
  );
}

/** The request of a reader. @param modalities  Those that are read unless forced. */
export function readerRequest(
  { srStyle, model, threshold, gradcam, findings, method, force, voi, device, threads }: ReaderFlags,
  modalities: readonly string[] | undefined,
): ReaderRequest {
  return {
    threshold,
    style: srStyle,
    gradcam,
    findings,
    force,
    ...(model === undefined ? {} : { model }),
    ...(method === undefined ? {} : { method }),
    ...(voi === undefined ? {} : { voi }),
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(modalities === undefined ? {} : { modalities }),
  };
}

/** How an archive is reached. Credentials are read from the environment. */
export function archiveOptions({ ca, clientCert, clientKey, allowPlainHttp }: ArchiveFlags): ArchiveOptions {
  return {
    allowPlainHttp,
    ...(ca === undefined ? {} : { ca }),
    ...(clientCert === undefined ? {} : { clientCert }),
    ...(clientKey === undefined ? {} : { clientKey }),
  };
}
