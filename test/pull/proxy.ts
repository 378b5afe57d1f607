/** An HTTP proxy on this machine that records the requests it gets. */

import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";

export interface Proxy {
  readonly url: string;
  /** What it was asked for: `GET http://…` or `CONNECT host:port`. */
  readonly requests: string[];
}

/** A proxy that forwards everything to `port` on this machine, tunnelled or not. */
export async function startProxy(port: number): Promise<Proxy> {
  const requests: string[] = [];
  const http = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const path = new URL(request.url ?? "").pathname;
    fetch(`http://127.0.0.1:${port}${path}`)
      .then(async (answer) => response.end(Buffer.from(await answer.arrayBuffer())))
      .catch(() => response.destroy());
  });
  http.on("connect", (request, socket, head) => {
    requests.push(`CONNECT ${request.url}`);
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, requests };
}
