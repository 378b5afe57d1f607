import { connect } from "node:net";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { codeOf, example, formOf, predict, type Tried, tryServer } from "./running.ts";

const desk = new Desk();
let server: Tried;
beforeAll(async () => {
  server = await tryServer(desk, {
    limits: { upload: 1_000_000, stallMs: 300, headerMs: 400, bodyMs: 1_500 },
  });
});
afterAll(async () => {
  await server.close();
  desk.remove();
});

const xray = example("00000001_000.png");
const text = new TextEncoder().encode("this is no image");
const at = (path: string): string => `${server.url}${path}`;

/** Send bytes on a connection of their own. Resolves with all that came back when the server has closed it. */
function raw(...pieces: (string | Uint8Array | number)[]): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (piece) => {
    answer += piece;
  });
  const send = async () => {
    for (const piece of pieces) {
      if (typeof piece === "number") await new Promise((resolve) => setTimeout(resolve, piece));
      else socket.write(piece);
    }
  };
  void send();
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}
const POST = "POST /api/predict HTTP/1.1\r\nHost: 127.0.0.1\r\n";

test("what is no image is refused with 400, its code and a message that says what is read", async () => {
  const answer = await predict(server.url, text);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    error: {
      code: "raster/not-an-image",
      message: "the image: this is not an image of a known format; PNG, JPEG, TIFF, WebP and DICOM are read",
    },
  });
});

test("an image that a check refuses is answered with 422", async () => {
  const tree = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#2a7" } })
    .png()
    .toBuffer();
  const answer = await predict(server.url, new Uint8Array(tree));
  expect([answer.status, await codeOf(answer)]).toEqual([422, "input/not-frontal-chest"]);
});

test("one image in a form that fails is a request that fails; among several it stands in its place", async () => {
  expect((await predict(server.url, formOf([["a.png", text]]))).status).toBe(400);
  expect(
    (
      await predict(
        server.url,
        formOf([
          ["a.png", text],
          ["b.png", text],
        ]),
      )
    ).status,
  ).toBe(200);
});

test.each([
  ["?threshold=2", "threshold must be a number from 0 to 1, but is 2"],
  ["?threshold=low", 'threshold must be a number from 0 to 1, or card, but is "low"'],
  ["?maps=png", 'maps must be one of none, json, npy, but is "png"'],
  ["?method=cam", "method must be one of gradcam"],
  ["?layer=conv0", "layer[0] must be one of"],
  ["?frame=0", "frame must be a whole number from 1 to 1000000, but is 0"],
  ["?treshold=0.3", "there is no option treshold; the options are threshold"],
  ["?maps=npy&findings=detected", "maps=npy cannot go with findings=detected"],
])("the query %s is refused: %s", async (query, words) => {
  const answer = await predict(server.url, xray, query);
  expect(answer.status).toBe(400);
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe("server/bad-request");
  expect(error.message).toContain(words);
});

test("findings that the model does not know are refused", async () => {
  const answer = await predict(server.url, xray, "?maps=json&findings=Gout");
  expect([answer.status, await codeOf(answer)]).toEqual([400, "findings/unknown"]);
});

test.each([
  ["nothing", () => new Uint8Array(0)],
  ["a form without images", () => formOf([])],
  [
    "a form with another field",
    () => {
      const form = formOf([["a.png", xray]]);
      form.append("threshold", "0.3");
      return form;
    },
  ],
])("%s is a bad request", async (_, body) => {
  const answer = await predict(server.url, body());
  expect([answer.status, await codeOf(answer)]).toEqual([400, "server/bad-request"]);
});

test("a form that ends too soon is a bad request", async () => {
  const start = '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc';
  const header = `${POST}Content-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n`;
  const answer = await raw(`${header}Content-Length: ${start.length}\r\n\r\n${start}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"server/bad-request"');
});

test.each(["application/json", "text/plain", "image/gif"])("a body of type %s is refused", async (type) => {
  const answer = await predict(server.url, xray, "", { "Content-Type": type });
  expect([answer.status, await codeOf(answer)]).toEqual([415, "server/media-type"]);
});

test("more bytes than the limit are refused, whether the header says so or not", async () => {
  const large = new Uint8Array(1_200_000);
  const told = await predict(server.url, large);
  expect([told.status, await codeOf(told)]).toEqual([413, "server/too-large"]);
  const half = new Uint8Array(600_000);
  const form = await predict(
    server.url,
    formOf([
      ["a", half],
      ["b", half],
    ]),
  );
  expect([form.status, await codeOf(form)]).toEqual([413, "server/too-large"]);
  const chunk = `186a0\r\n${"x".repeat(100_000)}\r\n`;
  const untold = await raw(
    `${POST}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(12)}0\r\n\r\n`,
  );
  expect(untold).toMatch(/^HTTP\/1\.1 413 /);
});

test("a body that stops coming, a header that does not end and one that crawls are ended with 408", async () => {
  const [stalled, header, crawling] = await Promise.all([
    raw(`${POST}Content-Length: 1000\r\n\r\nabc`),
    raw("GET /healthz HTTP/1.1\r\nHo"),
    raw(`${POST}Content-Length: 1000\r\n\r\n`, ...Array.from({ length: 30 }, () => ["a", 100]).flat()),
  ]);
  for (const answer of [stalled, header, crawling]) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('"server/too-slow"');
  }
  expect((await predict(server.url, xray)).status).toBe(200);
});

test("what is no HTTP is answered with 400", async () => {
  expect(await raw("hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*"server\/bad-request"/);
});

test("unknown paths and methods are named as such", async () => {
  const missing = await fetch(at("api/nothing"));
  expect([missing.status, await codeOf(missing)]).toEqual([404, "server/not-found"]);
  const wrong = await fetch(at("api/predict"));
  expect([wrong.status, wrong.headers.get("allow"), await codeOf(wrong)]).toEqual([
    405,
    "POST",
    "server/bad-method",
  ]);
});

test("a name that a page points at this machine is not answered", async () => {
  const answer = await raw("GET /api/model HTTP/1.1\r\nHost: evil.example:8080\r\nConnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  expect(answer).toContain('"server/wrong-host"');
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:8080"])
    expect(await raw(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      / 200 OK/,
    );
});

test.each([
  [{ Origin: "https://evil.example" }],
  [{ Origin: "null" }],
  [{ "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" }],
])("a page of another origin may not send images: %j", async (headers) => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await raw(`${POST}${lines.join("")}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('"server/forbidden-origin"');
});

test("the page of this server may, also behind a proxy that changes the host", async () => {
  const own = `Origin: http://127.0.0.1\r\n`;
  const proxied = `Origin: https://hospital.example\r\nSec-Fetch-Site: same-origin\r\n`;
  for (const lines of [own, proxied]) {
    const answer = await raw(`${POST}${lines}Content-Length: 0\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain("the request has no image");
  }
});

test("every answer says that nothing else may run, frame or keep it", async () => {
  const { headers } = await fetch(at("healthz"));
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toBe("no-store");
});

test("the log has routes and numbers, and nothing that a client sent", async () => {
  await predict(server.url, formOf([["Jane_Doe.png", xray]]), "?findings=Mass&voi=default");
  await predict(server.url, formOf([["Jane_Doe.png", text]]));
  await fetch(at("Jane_Doe/secret?token=hush"));
  const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const known = ["level", "time", "reqId", "method", "route", "status", "ms", "images", "bytes", "msg"];
  const others = new Set(lines.flatMap((line) => Object.keys(line)).filter((key) => !known.includes(key)));
  expect([...others]).toEqual([]);
  expect(lines.at(-3)).toMatchObject({ route: "/api/predict", images: 1, bytes: xray.length });
  expect(server.log.join("")).not.toMatch(/Jane|secret|hush|Mass/);
});

test("a client that sends far more than it may still reads why it is refused", async () => {
  const length = 8_000_000;
  const header = `POST /api/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
  const answers = await Promise.all(Array.from({ length: 20 }, () => raw(header, new Uint8Array(length))));
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});
