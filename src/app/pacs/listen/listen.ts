/**
 * Listens for images that are sent by C-STORE: each chest X-ray is read once, and its results are sent on by C-STORE.
 *
 * Knows: how a receiver, a state folder, a reader and the loop are put together. Not the command line.
 */

import { isIPv4, isIPv6 } from "node:net";
import { asXrayError, XrayError } from "../../../errors.ts";
import { readTls, type TlsFiles } from "../../../node/archive/tls.ts";
import { isAeTitle } from "../../../node/dimse/ae-title.ts";
import type { Called } from "../../../node/dimse/calling.ts";
import type { RejectionName } from "../../../node/dimse/negotiation.ts";
import type { SinkFailure } from "../../../node/dimse/object-sink.ts";
import { type Receiver, startReceiver } from "../../../node/dimse/receiver.ts";
import { echo, storeTarget } from "../../../node/dimse/sender.ts";
import { InstanceReader } from "../instance-reader.ts";
import type { ReaderRequest } from "../reader-request.ts";
import { PacsState } from "../state/pacs-state.ts";
import { identified } from "../watch/watch.ts";
import { CLOCK } from "../work/clock.ts";
import type { StudySummary } from "../work/study-summary.ts";
import { Voice } from "../work/voice.ts";
import { WorkLoop } from "../work/work-loop.ts";
import { Intake } from "./intake.ts";
import { ReceivedImages } from "./received-images.ts";

/** Which connections use TLS. */
export type TlsSides = "none" | "receive" | "send" | "both";

/** An application entity. */
export interface Entity {
  readonly aet: string;
  readonly host: string;
  readonly port: number;
}

export interface ListenRequest {
  /** Where we listen, and our AE title. */
  readonly self: Entity;
  /** The AE titles that may send; any if there are none, which is only allowed on loopback. */
  readonly allowed: readonly string[];
  readonly sendTo: Entity;
  readonly tls: TlsSides;
  readonly tlsFiles: TlsFiles;
  /** The state folder. */
  readonly state: string;
  readonly reader: ReaderRequest;
  /** How long nothing new must have come of a study before it counts as done, in milliseconds. */
  readonly quietMs: number;
  /** Also read what another model, version or choice of options has done, when it is sent again. */
  readonly reprocess: boolean;
  /** Put back what was set aside. */
  readonly retry: boolean;
}

export interface ListenEvents {
  /** Called with lines for people. */
  readonly say: (line: string) => void;
  /** Called when all is open. */
  readonly onReady: (reader: InstanceReader, port: number) => void;
  readonly onDone: (summary: StudySummary) => void;
  /** Ends the work in order, once what is being received has been answered. */
  readonly signal: AbortSignal;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || (isIPv4(host) && host.startsWith("127.")) || (isIPv6(host) && host === "::1");

const usesTls = (side: "receive" | "send", tls: TlsSides): boolean => tls === side || tls === "both";

/**
 * Refuse what cannot be meant, before anything is opened.
 *
 * @throws  XrayError `pacs/bad-aet`, `pacs/needs-senders`, `pacs/needs-certificate`.
 */
function checkRequest({ self, allowed, sendTo, tls, tlsFiles }: ListenRequest): void {
  for (const aet of [self.aet, sendTo.aet, ...allowed])
    if (!isAeTitle(aet))
      throw new XrayError(
        "pacs/bad-aet",
        `"${aet}" is no AE title: it has 1 to 16 characters of ASCII, none of them a backslash`,
        { aet },
      );
  if (allowed.length === 0 && !isLoopback(self.host))
    throw new XrayError(
      "pacs/needs-senders",
      `other machines can reach ${self.host}; name the AE titles that may send, or listen at 127.0.0.1`,
      { host: self.host },
    );
  if (usesTls("receive", tls) && tlsFiles.clientCert === undefined)
    throw new XrayError(
      "pacs/needs-certificate",
      "who receives with TLS shows a certificate; name the files of ours and of its key",
      {},
    );
}

/** What is said when an object was refused; not again for a while. */
const REFUSED: Readonly<Record<SinkFailure, string>> = {
  "no-space":
    "an image was refused: too little is free on the disk of the state folder. Make room; its sender was told",
  "too-large": "an image was refused: it is too large. Its sender was told",
  "not-understood": "an object was refused: what it was sent with names no UIDs. Its sender was told",
  failed: "an image was refused: its file could not be written. Its sender was told",
};

/** What is said when an association was rejected; not again for a while. Without the titles, which may be anything. */
const REJECTED: Readonly<Record<RejectionName, string>> = {
  callingAet:
    "an association was rejected: the AE title that called may not send. If it is your router's, allow it",
  calledAet: "an association was rejected: it called an AE title that is not ours. Correct it at the sender",
  tooMany: "an association was rejected: too many are open. Its sender was told to come again later",
};

/** Say early if results cannot be sent; they wait, so this ends nothing. */
async function tryTarget(called: Called, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  try {
    await echo(called, signal);
  } catch (error) {
    if (!signal.aborted)
      say(`${asXrayError(error).message}. Images are taken all the same, and results wait`);
  }
}

/**
 * Listen until the signal is aborted.
 *
 * @throws  XrayError `pacs/bad-aet`, `pacs/needs-senders`, `pacs/needs-certificate`, `pacs/bad-certificate`, `pacs/no-port`,
 *          `file/in-use`, `pacs/bad-state`, `pacs/other-archive`, those of `InstanceReader.open`.
 */
export async function listen(request: ListenRequest, events: ListenEvents): Promise<void> {
  checkRequest(request);
  const { self, sendTo, tls, quietMs, reprocess } = request;
  const { say, onDone, signal } = events;
  const material = tls === "none" ? undefined : await readTls(request.tlsFiles);
  const called: Called = {
    ...sendTo,
    callingAet: self.aet,
    tls: usesTls("send", tls) ? material : undefined,
  };
  const closing: (() => Promise<void>)[] = [];
  try {
    const reader = await InstanceReader.open(request.reader, say);
    closing.push(() => reader.close());
    const archive = { kind: "listener" } as const;
    const state = await PacsState.open(request.state, { ...identified(reader), archive });
    closing.push(() => state.close());
    if (request.retry) state.retryAside();
    const source = new ReceivedImages(state.received);
    const target = storeTarget(called);
    const loop: WorkLoop = new WorkLoop({
      ...{ state, source, target, reader, clock: CLOCK, quietMs, reprocess, say, onDone },
      onSettled: (image) => intake.settle(image),
    });
    const voice = new Voice(say, CLOCK.now);
    const intake = new Intake({ state, loop, say: (line) => voice.say(line), reprocess });
    const receiver = await startReceiver({
      ...{ aet: self.aet, host: self.host, port: self.port, allowed: request.allowed },
      ...{ folder: state.received.path, take: intake.take },
      onRefused: (failure) => voice.say(REFUSED[failure]),
      onRejected: (name) => voice.say(REJECTED[name]),
      tls: usesTls("receive", tls) ? material : undefined,
    });
    closing.push(() => receiver.close());
    events.onReady(reader, receiver.port);
    void tryTarget(called, say, signal);
    await workUntil(signal, receiver, loop);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Let the loop work until the signal is aborted and what is being received then has been taken in. */
async function workUntil(signal: AbortSignal, receiver: Receiver, loop: WorkLoop): Promise<void> {
  const ending = new AbortController();
  const end = (): void => {
    receiver.close().finally(() => ending.abort());
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    await loop.run(ending.signal);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
