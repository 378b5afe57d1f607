/**
 * The only door to dcmjs-dimse, which is loaded when it is first needed, and is silent.
 *
 * Its types show what we use and nothing else. `Network`, the base class of both sides of an association, is not exported,
 * but it is what `Scp` extends; `_processPDataTf`, `_performDimse`, `dimse` and `dimseStream` are its own names for how it takes
 * fragments, acts on what is whole, and for what it is receiving, which is why the library's version is fixed.
 *
 * Knows: dcmjs-dimse 0.3.3.
 */

import { createRequire } from "node:module";
import type { PduGate } from "./pdu-gate.ts";

/** A presentation context: what is exchanged, and how it is encoded. */
export interface PresentationContext {
  getPresentationContextId(): number;
  getAbstractSyntaxUid(): string;
  getTransferSyntaxUids(): readonly string[];
  getAcceptedTransferSyntaxUid(): string | undefined;
  getResult(): number;
  setResult(result: number, transferSyntaxUid?: string): void;
  /** Whether the other side wants to be asked for objects; undefined if it did not say. */
  getProviderRole(): boolean | undefined;
  setProviderRole(isProvider: boolean): void;
}

/** What was agreed between two sides. */
export interface Association {
  getCallingAeTitle(): string;
  getCalledAeTitle(): string;
  getMaxPduLength(): number;
  setMaxPduLength(length: number): void;
  setNegotiateAsyncOps(isWanted: boolean): void;
  getPresentationContexts(): readonly { readonly id: number; readonly context: PresentationContext }[];
  getPresentationContext(id: number): PresentationContext;
  addPresentationContext(abstractSyntaxUid: string, id?: number): number;
  addTransferSyntaxToPresentationContext(id: number, transferSyntaxUid: string): void;
}

/** A data set. Only its encoded form is ever used here. */
export interface Dataset {
  getTransferSyntaxUid(): string;
  getDenaturalizedDataset(): Buffer;
}

/** A command: a request or a response. */
export interface Command {
  getCommandFieldType(): number;
  getCommandDataset(): { getElement(name: string): unknown };
}

export interface Response extends Command {
  /** What the other side says; undefined if it says nothing. */
  getStatus(): unknown;
  setStatus(status: number): void;
}

export interface Request extends Command {
  getAffectedSopClassUid(): unknown;
  setAffectedSopClassUid(uid: string): void;
  on(event: "response", listener: (response: Response) => void): void;
}

export interface StoreRequest extends Request {
  getAffectedSopInstanceUid(): unknown;
  setAffectedSopInstanceUid(uid: string): void;
  setDataset(dataset: Dataset): void;
}

/** A piece of a command or of a data set. */
interface Pdv {
  getPresentationContextId(): number;
  getValue(): Buffer;
  isCommand(): boolean;
  isLastFragment(): boolean;
}

/** Where the library writes the pieces of a received data set. */
export interface DatasetSink {
  write(bytes: Buffer): boolean;
  once(event: string, listener: () => void): unknown;
  end(): void;
}

/** Milliseconds. */
export interface NetworkTimes {
  readonly connectTimeout: number;
  readonly associationTimeout: number;
  readonly pduTimeout: number;
}

/** One side of an association. */
export interface Network {
  readonly association?: Association;
  /** The command whose data set is being received. */
  readonly dimse?: Command;
  /** The bytes of the command that is being received. */
  dimseStream?: unknown;
  sendAssociationRequest(association: Association): void;
  sendAssociationAccept(): void;
  sendAssociationReject(result: number, source: number, reason: number): void;
  sendAssociationReleaseRequest(): void;
  sendAssociationReleaseResponse(): void;
  sendAbort(source: number, reason: number): void;
  sendRequests(requests: readonly Request[]): void;
  on(event: string, listener: (value: never) => void): this;
  _processPDataTf(pdu: { getPdvs(): readonly Pdv[] }): Promise<void>;
  /** Act on a command that has come in whole, with its data set if it has one. */
  _performDimse(context: PresentationContext, command: Command): void;
}

/** The side that is called. Each method handles what the other side asks for. */
export interface Provider extends Network {
  createStoreWritableStream(context: PresentationContext, request: StoreRequest): DatasetSink;
  createDatasetFromStoreWritableStream(
    sink: DatasetSink,
    context: PresentationContext,
    done: (dataset?: Dataset) => void,
  ): void;
  associationRequested(association: Association): void;
  associationReleaseRequested(): void;
  cEchoRequest(request: Request, answer: (response: Response) => void): void;
  cStoreRequest(request: StoreRequest, answer: (response: Response) => void): void;
  abort(): void;
}

type Answer<R> = { fromRequest(request: R): Response };

/** The library, as far as it is used. */
export interface DimseLibrary {
  readonly association: { readonly Association: new (calling: string, called: string) => Association };
  readonly requests: {
    readonly CEchoRequest: new () => Request;
    readonly CStoreRequest: new () => StoreRequest;
  };
  readonly responses: {
    readonly CEchoResponse: Answer<Request>;
    readonly CStoreResponse: Answer<StoreRequest>;
  };
  readonly Dataset: new (elements: object, transferSyntaxUid: string) => Dataset;
  readonly Scp: new (socket: PduGate, times: NetworkTimes) => Provider;
  readonly Network: new (socket: PduGate, times: NetworkTimes) => Network;
}

/** Types of requests in `getCommandFieldType`. */
export const STORE_REQUEST = 0x0001;
export const ECHO_REQUEST = 0x0030;

/** Results of the negotiation of a presentation context (PS3.8, table 9-18). */
export const CONTEXT = { accepted: 0, noAbstractSyntax: 3, noTransferSyntax: 4 } as const;

/** What loglevel's loggers have. */
interface Silenceable {
  setLevel(level: "silent", isKept: boolean): void;
}

/**
 * Both libraries write what they receive to the console, UIDs and names included. Of dcmjs, the library has a copy of its own,
 * because it is CommonJS.
 */
function silence(log: Silenceable): void {
  const require = createRequire(import.meta.url);
  const itsDcmjs: { log: Silenceable } = createRequire(require.resolve("dcmjs-dimse"))("dcmjs");
  for (const logger of [log, itsDcmjs.log]) logger.setLevel("silent", false);
}

type NetworkClass<N extends Network> = new (...settings: ConstructorParameters<DimseLibrary["Network"]>) => N;

/**
 * The same side of an association, each of whose commands is read by itself. The library reads one that follows a command
 * without a data set together with all before it: that takes longer each time, and what one lacks is taken from the others.
 */
function readingEachCommand<N extends Network>(Side: NetworkClass<N>): NetworkClass<N> {
  const Base: NetworkClass<Network> = Side;
  return class extends Base {
    override _performDimse(context: PresentationContext, command: Command): void {
      delete this.dimseStream;
      super._performDimse(context, command);
    }
  } as NetworkClass<Network> as NetworkClass<N>;
}

let loaded: Promise<DimseLibrary> | undefined;

async function load(): Promise<DimseLibrary> {
  // What a CommonJS module exports is its default.
  const { default: library } = (await import("dcmjs-dimse")) as unknown as {
    default: Omit<DimseLibrary, "Network"> & { readonly log: Silenceable };
  };
  silence(library.log);
  const network = Object.getPrototypeOf(library.Scp) as DimseLibrary["Network"];
  return { ...library, Scp: readingEachCommand(library.Scp), Network: readingEachCommand(network) };
}

/** The library. It is loaded once. */
export function dimseLibrary(): Promise<DimseLibrary> {
  loaded ??= load();
  return loaded;
}
