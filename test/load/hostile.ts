/** Clients that no server wants, each with the statuses that it may be answered with. */

import { connect } from "node:net";
import sharp from "sharp";

/** A connection that sends pieces, with pauses in milliseconds between them. Resolves with what came back when it ends. */
function send(url: string, pieces: readonly (string | Uint8Array | number)[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (piece) => {
    answer += piece;
  });
  socket.on("error", () => undefined);
  const ended = new Promise<string>((resolve) => socket.on("close", () => resolve(answer)));
  void (async () => {
    for (const piece of pieces) {
      if (typeof piece === "number") await new Promise((resolve) => setTimeout(resolve, piece));
      else if (!socket.destroyed) socket.write(piece);
    }
  })();
  return ended;
}

const head = (length: number): string =>
  `POST /api/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;

/** What a bad client did, and how it was answered. */
export interface Refused {
  readonly who: string;
  readonly allowed: readonly string[];
  readonly status: string;
}

/** Let each of them try once, all at the same time. */
export async function sendHostile(url: string, good: Uint8Array): Promise<Refused[]> {
  const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: "#888" } })
    .png()
    .toBuffer();
  const noise = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.from(noise.subarray(0, 5000))]);
  const body = (bytes: Uint8Array) => [head(bytes.length), bytes];
  const tries: readonly (readonly [string, readonly string[], readonly (string | Uint8Array | number)[]])[] =
    [
      ["an image with half of its bytes", ["400"], body(good.subarray(0, good.length / 2))],
      ["noise", ["400"], body(noise)],
      ["a DICOM file of noise", ["400"], body(dicom)],
      ["a picture far larger than its file", ["413", "400"], body(bomb)],
      ["a request larger than the limit", ["413"], body(new Uint8Array(5_000_000))],
      ["a body that never comes", ["408"], [head(1000)]],
      [
        "a body that comes by drops",
        ["408", "400"],
        [head(40), ...Array.from({ length: 20 }, () => ["x", 500]).flat()],
      ],
    ];
  return Promise.all(
    tries.map(async ([who, allowed, pieces]) => {
      const answer = await send(url, pieces);
      return { who, allowed, status: /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? "" };
    }),
  );
}
