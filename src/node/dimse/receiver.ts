/**
 * Receives objects by C-STORE and answers C-ECHO.
 *
 * A success is answered only when an object has been brought to the disk and its taker has noted it, because senders delete
 * what was answered so.
 *
 * Knows:      sockets and their limits. `receiving.ts` knows one association.
 * Reference:  DICOM PS3.4, annex B; PS3.7, 9.1.1 and 9.1.5.
 */

import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { XrayError } from "../../errors.ts";
import type { TlsMaterial } from "../archive/tls.ts";
import { systemCode } from "../files.ts";
import { dimseLibrary } from "./library.ts";
import type { Doorkeeping, RejectionName } from "./negotiation.ts";
import { DISK, type SinkDisk, type SinkFailure } from "./object-sink.ts";
import { END_MS, PduGate, TURNS } from "./pdu-gate.ts";
import { RECEIVER_LIMITS, type ReceiverLimits } from "./receiver-limits.ts";
import { Receiving, type TakeObject } from "./receiving.ts";

/** How a receiver is set up. */
export interface ReceiverSettings extends Doorkeeping {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Where objects are written while they come in. It must exist, and nobody else may use it. */
  readonly folder: string;
  /** Called with each object that is on the disk. */
  readonly take: TakeObject;
  /** Called when an object was refused before it could be taken; its sender is told, too. */
  readonly onRefused?: (failure: SinkFailure) => void;
  /** Called when an association was rejected; who asked for it is told, too. */
  readonly onRejected?: (name: RejectionName) => void;
  readonly tls?: TlsMaterial | undefined;
  readonly limits?: Partial<ReceiverLimits>;
  /** For tests. */
  readonly disk?: SinkDisk;
}

/** A receiver that listens. */
export interface Receiver {
  readonly port: number;
  /** Take nothing new, answer what is being received, and end. */
  close(): Promise<void>;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there; stop it, or choose another port",
  EACCES: "ports below 1024 need more rights; choose another port",
  EADDRNOTAVAIL: "this machine does not have that address",
  ENOTFOUND: "there is no such host",
};

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const system = systemCode(error) ?? error.message;
      const message = `cannot listen at ${host}, port ${port}: ${REASONS[system] ?? system}`;
      reject(new XrayError("pacs/no-port", message, { host, port, system }, error));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function serverFor(
  tls: TlsMaterial | undefined,
  serve: (socket: Socket) => void,
  limits: ReceiverLimits,
): Server {
  if (tls === undefined) return createServer(serve);
  const { key, cert, ca } = tls;
  return createTlsServer(
    {
      key,
      cert,
      ca,
      requestCert: ca !== undefined,
      rejectUnauthorized: ca !== undefined,
      minVersion: "TLSv1.2",
      handshakeTimeout: limits.requestMs,
    },
    serve,
  );
}

/** Names a connection, also the one below TLS. */
const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Start to listen.
 *
 * @throws  XrayError `pacs/no-port`.
 */
export async function startReceiver(settings: ReceiverSettings): Promise<Receiver> {
  const limits = { ...RECEIVER_LIMITS, ...settings.limits };
  const library = await dimseLibrary();
  const open = new Map<string, Receiving>();
  // With TLS, a connection has no socket of its own here until the handshake is over. The oldest comes first.
  const connections = new Map<string, Socket>();
  let isClosing = false;
  const serve = (socket: Socket) => {
    if (isClosing) {
      socket.destroy();
      return;
    }
    const gate = new PduGate(socket, TURNS.beforeRequest);
    const receiving = new Receiving(library, gate, {
      ...settings,
      limits,
      disk: settings.disk ?? DISK,
      onRefused: settings.onRefused ?? (() => undefined),
      onRejected: settings.onRejected ?? (() => undefined),
      hasRoom: () =>
        [...open.values()].filter(({ isAssociated }) => isAssociated).length < limits.associations,
    });
    const key = keyOf(socket);
    open.set(key, receiving);
    socket.once("close", () => open.delete(key));
  };
  const server = serverFor(settings.tls, serve, limits);
  server.on("connection", (connection: Socket) => {
    const key = keyOf(connection);
    connections.set(key, connection);
    connection.once("close", () => connections.delete(key));
    if (connections.size <= limits.connections) return;
    const [idle] = [...connections].find(([one]) => open.get(one)?.isAssociated !== true) ?? [key];
    connections.get(idle)?.destroy();
    connections.delete(idle);
  });
  const port = await listening(server, settings.host, settings.port);
  // What goes wrong with one connection, such as a failed handshake, concerns no other.
  server.on("error", () => undefined);
  return {
    port,
    close: async () => {
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...open.values()].map((receiving) => receiving.end()));
      // Those that have not even begun to speak TLS are not waited for.
      const timer = setTimeout(() => {
        for (const connection of connections.values()) connection.destroy();
      }, END_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
