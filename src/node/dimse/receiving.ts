/**
 * One connection to the receiver, from the request for an association to its end.
 *
 * Knows:      an association and what comes in on it. Not sockets, and not what happens to objects later.
 * Reference:  DICOM PS3.7, 9.1.1 and 9.3.1; PS3.8, 9.2.
 */

import { join } from "node:path";
import { leftoverName } from "../files.ts";
import {
  type Association,
  CONTEXT,
  type Command,
  type DatasetSink,
  type DimseLibrary,
  ECHO_REQUEST,
  type PresentationContext,
  type Provider,
  STORE_REQUEST,
  type StoreRequest,
} from "./library.ts";
import {
  type Doorkeeping,
  REJECTED,
  type Rejection,
  type RejectionName,
  rejectionNameOf,
  settleContexts,
} from "./negotiation.ts";
import { ObjectSink, type SinkDisk, type SinkFailure } from "./object-sink.ts";
import { type FileMeta, fileHead } from "./part10.ts";
import { ANNOUNCED_PDU_BYTES, type PduGate, TURNS } from "./pdu-gate.ts";
import { connectProvider, type ProviderHandlers } from "./provider.ts";
import type { ReceiverLimits } from "./receiver-limits.ts";
import { STORE_STATUS, type StoreAnswer } from "./store-status.ts";

/** An object that is on the disk. */
export interface TakenObject extends FileMeta {
  /** A whole DICOM file. What its taker does not move away is removed. */
  readonly file: string;
  /** Of the data set without what stands before it, in hexadecimal. */
  readonly sha256: string;
}

/** Says what is answered. What it throws is answered as a failure. */
export type TakeObject = (object: TakenObject) => Promise<StoreAnswer>;

export interface ReceivingSettings extends Doorkeeping {
  readonly folder: string;
  readonly take: TakeObject;
  readonly onRefused: (failure: SinkFailure) => void;
  readonly onRejected: (name: RejectionName) => void;
  readonly limits: ReceiverLimits;
  readonly disk: SinkDisk;
  /** Whether one more association may be open. */
  readonly hasRoom: () => boolean;
}

/** The longest command, in bytes: a real one has a few hundred. */
const MAX_COMMAND_BYTES = 65_536;

const UID = /^[0-9]+(?:\.[0-9]+)*$/;
const isUid = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 64 && UID.test(value);

/** An object that is coming in. */
interface Incoming {
  readonly meta: FileMeta;
  readonly sink: ObjectSink;
  readonly timer: NodeJS.Timeout;
  isWhole: boolean;
}

export class Receiving implements ProviderHandlers {
  readonly #gate: PduGate;
  readonly #settings: ReceivingSettings;
  #provider: Provider | undefined;
  #commandBytes = 0;
  #incoming: Incoming | undefined;
  /** What is answered for the object that has come in. */
  #answer: StoreAnswer = "not-understood";
  /** From the first byte of a command to its answer. */
  #isBusy = false;
  #whenIdle: () => void = () => undefined;

  constructor(library: DimseLibrary, gate: PduGate, settings: ReceivingSettings) {
    this.#gate = gate;
    this.#settings = settings;
    const { requestMs, pduMs } = settings.limits;
    gate.on("close", () => this.#closed());
    connectProvider(
      library,
      gate,
      { connectTimeout: pduMs, associationTimeout: requestMs, pduTimeout: pduMs },
      this,
    );
  }

  /** Whether an association is open. */
  get isAssociated(): boolean {
    return this.#provider !== undefined;
  }

  /** Answer what is being received, if anything is, and close the connection. */
  async end(): Promise<void> {
    if (this.#isBusy) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
        setTimeout(resolve, this.#settings.limits.closeMs).unref();
      });
    }
    this.fail(this.#provider);
  }

  negotiate(association: Association, provider: Provider): void {
    const { hasRoom } = this.#settings;
    const rejection: RejectionName | undefined =
      rejectionNameOf(association, this.#settings) ?? (hasRoom() ? undefined : "tooMany");
    if (rejection !== undefined) {
      provider.sendAssociationReject(...(REJECTED[rejection] as Rejection));
      this.#settings.onRejected(rejection);
      this.#gate.end();
      return;
    }
    settleContexts(association);
    // One object after another, in pieces whose length is ours to say; the library would repeat what the peer said of itself.
    association.setNegotiateAsyncOps(false);
    association.setMaxPduLength(ANNOUNCED_PDU_BYTES);
    this.#provider = provider;
    this.#gate.expect(TURNS.asProvider);
    provider.sendAssociationAccept();
  }

  /** Check what the library does not: that pieces belong to an accepted context, are in their turn, and are not too many. */
  admit(pdu: Parameters<ProviderHandlers["admit"]>[0], provider: Provider): boolean {
    let hasCommand = provider.dimse !== undefined;
    for (const pdv of pdu.getPdvs()) {
      const contexts = provider.association?.getPresentationContexts() ?? [];
      const context = contexts.find(({ id }) => id === pdv.getPresentationContextId())?.context;
      const isInTurn = pdv.isCommand() !== hasCommand && this.#incoming?.isWhole !== true;
      if (pdv.isCommand()) this.#commandBytes += pdv.getValue().length;
      if (context?.getResult() !== CONTEXT.accepted || !isInTurn || this.#commandBytes > MAX_COMMAND_BYTES) {
        this.fail(provider);
        return false;
      }
      this.#isBusy = true;
      if (pdv.isCommand() && pdv.isLastFragment()) {
        this.#commandBytes = 0;
        hasCommand = true;
      }
    }
    return true;
  }

  await(command: Command, provider: Provider): void {
    // The data sets of other requests would be collected in memory.
    if (command.getCommandFieldType() !== STORE_REQUEST) this.fail(provider);
  }

  serves(command: Command, provider: Provider): boolean {
    const type = command.getCommandFieldType();
    if (type === STORE_REQUEST || type === ECHO_REQUEST) return true;
    this.fail(provider);
    return false;
  }

  open(context: PresentationContext, request: StoreRequest): DatasetSink {
    const { folder, limits, disk } = this.#settings;
    const sopClassUid = request.getAffectedSopClassUid();
    const sopInstanceUid = request.getAffectedSopInstanceUid();
    const areUids = isUid(sopClassUid) && isUid(sopInstanceUid);
    const meta = {
      sopClassUid: areUids ? sopClassUid : "",
      sopInstanceUid: areUids ? sopInstanceUid : "",
      transferSyntaxUid: context.getAcceptedTransferSyntaxUid() ?? "",
    };
    const file = leftoverName(join(folder, "object"));
    const head = fileHead(meta, this.#provider?.association?.getCallingAeTitle() ?? "");
    const sink = new ObjectSink(file, head, limits.objectBytes, disk);
    if (!areUids) sink.refuse("not-understood");
    const timer = setTimeout(() => this.fail(this.#provider), limits.objectMs);
    this.#incoming = { meta, sink, timer, isWhole: false };
    return sink;
  }

  async finish(): Promise<void> {
    const incoming = this.#incoming;
    if (incoming === undefined) return;
    incoming.isWhole = true;
    clearTimeout(incoming.timer);
    const written = await incoming.sink.finish();
    if (typeof written === "string") {
      this.#answer = written;
      this.#settings.onRefused(written);
    } else this.#answer = await this.#take(incoming, written.sha256);
    this.#incoming = undefined;
  }

  async #take({ meta, sink }: Incoming, sha256: string): Promise<StoreAnswer> {
    try {
      return await this.#settings.take({ ...meta, file: sink.file, sha256 });
    } catch {
      return "failed";
    } finally {
      await sink.discard();
    }
  }

  answerStore(send: (status: number) => void): void {
    send(STORE_STATUS[this.#answer]);
    // For a request that has no data set.
    this.#answer = "not-understood";
    this.#answered();
  }

  answerEcho(send: (status: number) => void): void {
    send(0);
    this.#answered();
  }

  #answered(): void {
    this.#isBusy = false;
    this.#whenIdle();
  }

  release(provider: Provider): void {
    provider.sendAssociationReleaseResponse();
    this.#gate.end();
  }

  /** Abort the association and close the connection. */
  fail(provider: Provider | undefined): void {
    if (this.#provider !== undefined) provider?.sendAbort(0, 0);
    this.#gate.end();
  }

  #closed(): void {
    this.#provider = undefined;
    const { sink, timer, isWhole } = this.#incoming ?? {};
    clearTimeout(timer);
    // A whole one is still being taken, which is of use although nobody hears the answer.
    if (isWhole === false) sink?.discard();
    this.#answered();
  }
}
