/**
 * The called side of an association, as dcmjs-dimse wants it: a subclass of its `Scp`, which hands everything on.
 *
 * Knows: the library's hooks. Not what is done with objects.
 */

import type {
  Association,
  Command,
  DatasetSink,
  DimseLibrary,
  NetworkTimes,
  PresentationContext,
  Provider,
  Request,
  Response,
  StoreRequest,
} from "./library.ts";
import type { PduGate } from "./pdu-gate.ts";

type DataPdu = Parameters<Provider["_processPDataTf"]>[0];

/** What happens on a connection. */
export interface ProviderHandlers {
  /** An association is asked for. It is to be accepted or rejected. */
  negotiate(association: Association, provider: Provider): void;
  /** Pieces have come. Returns false if they must not be taken. */
  admit(pdu: DataPdu, provider: Provider): boolean;
  /** A command has come in, and its data set is awaited. */
  await(command: Command, provider: Provider): void;
  /** A command has come in with all that belongs to it. Returns false if it must not be acted on. */
  serves(command: Command, provider: Provider): boolean;
  /** A data set begins. */
  open(context: PresentationContext, request: StoreRequest): DatasetSink;
  /** A data set has come in whole. */
  finish(): Promise<void>;
  /** A request is to be answered with a status. The function sends it. */
  answerStore(send: (status: number) => void): void;
  answerEcho(send: (status: number) => void): void;
  /** The peer wants to end the association. */
  release(provider: Provider): void;
  /** The peer has aborted the association, has been silent for too long, or does not keep to the protocol. */
  fail(provider: Provider): void;
}

type Answering<R> = { fromRequest(request: R): Response };

/** A function that sends a response with a status. */
const sender =
  <R extends Request>(kind: Answering<R>, request: R, send: (response: Response) => void) =>
  (status: number): void => {
    const response = kind.fromRequest(request);
    response.setStatus(status);
    send(response);
  };

/** Listen on a connection that a peer has opened. */
export function connectProvider(
  { Scp, responses }: Pick<DimseLibrary, "Scp" | "responses">,
  gate: PduGate,
  times: NetworkTimes,
  handlers: ProviderHandlers,
): void {
  class Connection extends Scp {
    override async _processPDataTf(pdu: DataPdu): Promise<void> {
      if (!handlers.admit(pdu, this)) return;
      await super._processPDataTf(pdu);
      if (this.dimse !== undefined) handlers.await(this.dimse, this);
    }
    override _performDimse(context: PresentationContext, command: Command): void {
      if (handlers.serves(command, this)) super._performDimse(context, command);
    }
    override createStoreWritableStream(context: PresentationContext, request: StoreRequest): DatasetSink {
      return handlers.open(context, request);
    }
    override createDatasetFromStoreWritableStream(_: DatasetSink, __: unknown, done: () => void): void {
      // Without a data set, which would be parsed: its bytes are in the file.
      handlers
        .finish()
        .then(() => done())
        .catch(() => handlers.fail(this));
    }
    override associationRequested(association: Association): void {
      handlers.negotiate(association, this);
    }
    override associationReleaseRequested(): void {
      handlers.release(this);
    }
    override cEchoRequest(request: Request, send: (response: Response) => void): void {
      handlers.answerEcho(sender(responses.CEchoResponse, request, send));
    }
    override cStoreRequest(request: StoreRequest, send: (response: Response) => void): void {
      handlers.answerStore(sender(responses.CStoreResponse, request, send));
    }
    override abort(): void {
      handlers.fail(this);
    }
  }
  const connection = new Connection(gate, times);
  connection.on("networkError", () => handlers.fail(connection));
  // The library measures the time until the request from this event, which sockets of a server do not have.
  gate.emit("connect");
}
