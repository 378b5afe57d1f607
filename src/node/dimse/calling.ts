/**
 * The calling side of an association: opens one, sends requests one after another, and releases it.
 *
 * Knows:      sockets and associations. Not what is asked for.
 * Reference:  DICOM PS3.8, 7 and 9.2.
 */

import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { XrayError } from "../../errors.ts";
import { connectionFailure, passing } from "../archive/failures.ts";
import type { TlsMaterial } from "../archive/tls.ts";
import type { Association, DimseLibrary, Network, Request, Response } from "./library.ts";
import { ANNOUNCED_PDU_BYTES, PduGate, TURNS } from "./pdu-gate.ts";

/** Whom we call. */
export interface Called {
  /** Our own AE title. */
  readonly callingAet: string;
  readonly aet: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsMaterial | undefined;
  readonly times?: Partial<CallTimes>;
}

/** Milliseconds. */
export interface CallTimes {
  /** Until there is a connection, and until the association is accepted. */
  readonly connectMs: number;
  /** Until a request is answered. */
  readonly answerMs: number;
  /** Until the end of the association is confirmed. */
  readonly releaseMs: number;
}

export const CALL_TIMES: CallTimes = { connectMs: 30_000, answerMs: 120_000, releaseMs: 5_000 };

/** What is exchanged, and in which encoding. Each pair is proposed by itself, so that both can be accepted. */
export type Proposal = readonly [sopClassUid: string, transferSyntaxUid: string];

/** An archive as messages name it: `ARCHIVE@10.0.0.7:104`. */
export const nameOf = ({ aet, host, port }: Called): string => `${aet}@${host}:${port}`;

const asked = (called: Called) => ({ archive: nameOf(called), what: "DICOM association" });

/** Reasons of PS3.8, table 9-21, by source and reason. */
const REJECTIONS: Readonly<Record<string, (called: Called) => string>> = {
  "1.3": ({ callingAet }) =>
    `it does not know the AE title ${callingAet}; enter it there with this machine's address`,
  "1.7": ({ aet }) => `its AE title is not ${aet}; correct what is sent to`,
  "3.1": () => "it is busy; it will be asked later",
  "3.2": () => "it has too many associations; it will be asked later",
};

function rejection(called: Called, { source, reason }: { readonly source: number; readonly reason: number }) {
  const words =
    REJECTIONS[`${source}.${reason}`]?.(called) ?? `it gave the reason ${source}.${reason}; look at its log`;
  return passing("pacs/association-rejected", asked(called), words, { source, reason });
}

/** Shorter pieces than any archive asks for; the library never ends with fewer bytes than a piece's own head has. */
const MIN_PDU_BYTES = 1024;

/** An open association. */
export class Call {
  readonly #called: Called;
  readonly #gate: PduGate;
  readonly #network: Network;
  readonly #association: Association;
  /** Rejects when the connection ends, whatever is being waited for. */
  readonly #failed: Promise<never>;
  #isBroken = false;

  private constructor(
    called: Called,
    gate: PduGate,
    network: Network,
    association: Association,
    failed: Promise<never>,
  ) {
    this.#called = called;
    this.#gate = gate;
    this.#network = network;
    this.#association = association;
    this.#failed = failed;
    failed.catch(() => {
      this.#isBroken = true;
    });
  }

  /** Whether the association has ended without having been released. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Open an association.
   *
   * @param signal  Ends it at once.
   * @throws        XrayError `pacs/no-connection`, `pacs/tls`, `pacs/association-rejected`, `pacs/bad-answer`,
   *                `pacs/interrupted`.
   */
  static async open(
    library: DimseLibrary,
    called: Called,
    proposals: readonly Proposal[],
    signal: AbortSignal,
  ): Promise<Call> {
    if (signal.aborted) throw interrupted(called);
    const { connectMs, answerMs } = { ...CALL_TIMES, ...called.times };
    const association = new library.association.Association(called.callingAet, called.aet);
    association.setMaxPduLength(ANNOUNCED_PDU_BYTES);
    for (const [sopClassUid, transferSyntaxUid] of proposals) {
      const id = association.addPresentationContext(sopClassUid);
      association.addTransferSyntaxToPresentationContext(id, transferSyntaxUid);
    }
    const socket = socketTo(called);
    // Heard before the library hears of it, which tells it in words of its own.
    const trouble: Trouble = {};
    socket.once("error", (error) => {
      trouble.error = error;
    });
    const gate = new PduGate(socket, TURNS.beforeAnswer);
    const network = new library.Network(gate, {
      connectTimeout: connectMs,
      associationTimeout: connectMs,
      pduTimeout: answerMs,
    });
    const failed = failureOf(called, { socket, trouble, gate, network }, signal);
    const connected = called.tls === undefined ? "connect" : "secureConnect";
    socket.once(connected, () => {
      // From here on, the times between PDUs count.
      gate.setTimeout(answerMs);
      gate.emit("connect");
      network.sendAssociationRequest(association);
    });
    const accepted = new Promise<void>((resolve) => {
      network.on("associationAccepted", () => {
        gate.expect(TURNS.asUser);
        resolve();
      });
    });
    await Promise.race([accepted, failed]);
    const length = association.getMaxPduLength();
    if (length === 0 || length >= MIN_PDU_BYTES) return new Call(called, gate, network, association, failed);
    gate.destroy();
    throw passing(
      "pacs/bad-answer",
      asked(called),
      `it takes pieces of ${length} bytes only; correct that there`,
    );
  }

  /** Whether something may be sent in an encoding. */
  isAccepted([sopClassUid, transferSyntaxUid]: Proposal): boolean {
    return this.#association
      .getPresentationContexts()
      .some(
        ({ context }) =>
          context.getAbstractSyntaxUid() === sopClassUid &&
          context.getResult() === 0 &&
          context.getAcceptedTransferSyntaxUid() === transferSyntaxUid,
      );
  }

  /** Send a request, of a class that is accepted, and wait for the status of the answer. Throws as `open` does. */
  ask(request: Request): Promise<number> {
    const answered = new Promise<number>((resolve, reject) => {
      request.on("response", (response: Response) => {
        const status = response.getStatus();
        if (typeof status === "number") resolve(status);
        else
          reject(
            passing("pacs/bad-answer", asked(this.#called), "it answered without a status; look at its log"),
          );
      });
    });
    this.#network.sendRequests([request]);
    return Promise.race([answered, this.#failed]);
  }

  /** End the association in an orderly way. */
  async release(): Promise<void> {
    const { releaseMs } = { ...CALL_TIMES, ...this.#called.times };
    const released = new Promise<void>((resolve) => {
      this.#network.on("associationReleaseResponse", () => resolve());
      setTimeout(resolve, releaseMs).unref();
    });
    this.#network.sendAssociationReleaseRequest();
    // All that was asked for has been answered: how the connection ends does not matter.
    await Promise.race([released, this.#failed]).catch(() => undefined);
    this.#gate.end();
  }

  /** End the association at once. */
  abort(): void {
    this.#network.sendAbort(0, 0);
    this.#gate.end();
  }
}

const interrupted = (called: Called): XrayError =>
  new XrayError("pacs/interrupted", `${nameOf(called)}: sending was interrupted`, {});

function socketTo({ host, port, tls }: Called): Socket {
  if (tls === undefined) return connect({ host, port, noDelay: true });
  return connectTls({ host, port, ...tls, minVersion: "TLSv1.2" });
}

/** What the system or TLS says of a connection. */
interface Trouble {
  error?: Error;
}

interface Connection {
  readonly socket: Socket;
  readonly trouble: Trouble;
  readonly gate: PduGate;
  readonly network: Network;
}

/** A promise that is rejected when the association cannot go on, and never anything else. */
function failureOf(
  called: Called,
  { socket, trouble, gate, network }: Connection,
  signal: AbortSignal,
): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    const fail = (error: XrayError): void => {
      reject(error);
      gate.end();
    };
    const broken = (reason: string): XrayError => passing("pacs/bad-answer", asked(called), reason);
    const cut = (): XrayError => connectionFailure(nameOf(called), new Error("the connection has ended"));
    socket.once("close", () => fail(cut()));
    network.on("associationRejected", (reasons: Parameters<typeof rejection>[1]) =>
      fail(rejection(called, reasons)),
    );
    network.on("abort", () => fail(broken("it aborted; look at its log")));
    network.on("networkError", ({ message }: Error) => {
      if (trouble.error !== undefined) fail(connectionFailure(nameOf(called), trouble.error));
      else if (/timeout/i.test(message)) fail(broken("it took too long to answer; look at its load"));
      else fail(broken("it does not keep to DICOM's protocol; check that the port is right"));
    });
    const stop = (): void => fail(interrupted(called));
    signal.addEventListener("abort", stop, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", stop));
  });
  // Whoever waits hears of it; nobody may be waiting.
  failed.catch(() => undefined);
  return failed;
}
