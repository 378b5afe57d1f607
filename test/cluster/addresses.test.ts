/** `score` over a list of addresses: servers that are busy, cut answers off, or check S3's signatures. */

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { ImageServer, S3 } from "./image-server.ts";

const desk = new Desk();
const servers: ImageServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
  desk.remove();
});

let files: ReadonlyMap<string, Buffer>;
let names: readonly string[];
beforeAll(async () => {
  putSmallDemo(desk, "small.safetensors");
  await desk.run(["data", "phantom", "--out", "data", "--count", "12", "--seed", "5", "--size", "128"]);
  names = readdirSync(desk.path("data/images")).sort();
  files = new Map(
    names.map((name) => [`/chests/a b+(1)/${name}`, readFileSync(desk.path("data/images", name))]),
  );
  await score("data/images", "local");
});

async function serve(isS3: boolean): Promise<ImageServer> {
  const server = await ImageServer.start(files, { isS3 });
  servers.push(server);
  return server;
}

const score = (
  image: string,
  out: string,
  env: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
) =>
  desk.run(
    [...["score", "--image", image, "--model", "small.safetensors", "--out", out, "--workers", "2"], ...more],
    { env },
  );

interface Row {
  readonly image: string;
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly error?: { readonly code: string; readonly message: string };
}

async function rowsOf(out: string): Promise<Row[]> {
  const merged = await desk.run(["merge", out, "--to", `${out}.ndjson`]);
  expect(merged.code, merged.stderr).toBe(0);
  const text = readFileSync(desk.path(`${out}.ndjson`), "utf8").trimEnd();
  return text.split("\n").map((line) => JSON.parse(line) as Row);
}

const probabilitiesOf = (rows: readonly Row[]) =>
  rows.map(({ probabilities }) => probabilities).filter((found) => found !== undefined);

test("a server that is busy or cuts answers off is asked again, and its images get the numbers of local ones", async () => {
  const server = await serve(false);
  const addresses = names.map((name) => `${server.origin}/chests/a%20b+(1)/${name}?signature=secret`);
  const odd = [`${server.origin}/none.png?signature=secret`, `${server.origin}/elsewhere.png`];
  desk.put("addresses.txt", [...addresses, ...odd].join("\n"));
  const ended = await score("addresses.txt", "far");
  expect(ended.code, ended.stderr).toBe(0);
  expect(server.counts.busy).toBeGreaterThanOrEqual(4);
  expect(server.counts.cut).toBeGreaterThanOrEqual(2);
  const rows = await rowsOf("far");
  expect(rows.map(({ image }) => image)).toEqual([...addresses, ...odd]);
  expect(probabilitiesOf(rows)).toEqual(probabilitiesOf(await rowsOf("local")));
  expect(rows.slice(-2).map(({ error }) => error)).toEqual([
    { code: "download/refused", message: `${server.origin}/none.png?…: the server answered 404 (not found)` },
    {
      code: "download/refused",
      message: `${server.origin}/elsewhere.png: the server answered 302 and named an address of another kind (ftp:)`,
    },
  ]);
});

test("objects of an S3-compatible store are read with signed requests", async () => {
  const server = await serve(true);
  desk.put("objects.txt", names.map((name) => `s3://chests/a b+(1)/${name}`).join("\n"));
  const env = {
    AWS_ENDPOINT_URL_S3: server.origin,
    AWS_REGION: S3.region,
    AWS_ACCESS_KEY_ID: S3.id,
    AWS_SECRET_ACCESS_KEY: S3.secret,
  };
  const ended = await score("objects.txt", "store", env);
  expect(ended.code, ended.stderr).toBe(0);
  expect(server.counts).toMatchObject({ refused: 0, served: 12 });
  expect(probabilitiesOf(await rowsOf("store"))).toEqual(probabilitiesOf(await rowsOf("local")));
  // With another key nothing is read: the signature does matter.
  await score("objects.txt", "forged", { ...env, AWS_SECRET_ACCESS_KEY: "another" });
  expect((await rowsOf("forged")).map(({ error }) => error?.code)).toEqual(
    names.map(() => "download/refused"),
  );
  // With the right one, a run that only resumes leaves what is done, and one that is asked to does it again.
  expect((await score("objects.txt", "forged", env)).stderr).toContain("1 shard of 1 done, 1 of them before");
  expect(probabilitiesOf(await rowsOf("forged"))).toEqual([]);
  expect((await score("objects.txt", "forged", env, ["--retry-failed"])).code).toBe(0);
  expect(probabilitiesOf(await rowsOf("forged"))).toEqual(probabilitiesOf(await rowsOf("local")));
});

test("a server that stays down ends the shard with code 1 and no file, and a later run completes it", async () => {
  const server = await serve(false);
  desk.put(
    "down.txt",
    names
      .slice(0, 2)
      .map((name) => `${server.origin}/chests/a%20b+(1)/${name}?key=secret`)
      .join("\n"),
  );
  const planned = desk.run([
    "score",
    "--image",
    "down.txt",
    "--model",
    "small.safetensors",
    "--out",
    "down",
    "--shard",
    "1/2",
  ]);
  expect((await planned).code).toBe(0);
  server.isDown = true;
  const ended = await score("down.txt", "down");
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("the server answered 503, at 5 attempts; try again later");
  expect(ended.stderr).not.toContain("secret");
  const status = await desk.run(["score", "--out", "down", "--status", "--format", "json"]);
  expect(JSON.parse(status.stdout)).toMatchObject({
    shards: { total: 1, done: 0, failed: 1, missing: 0 },
    failures: [{ shard: 0, code: "scoring/unavailable" }],
  });
  server.isDown = false;
  expect((await score("down.txt", "down")).code).toBe(0);
  expect(await rowsOf("down")).toHaveLength(2);
}, 120_000);

test("an image that has another version than when it was listed is refused with code 3", async () => {
  const server = await serve(false);
  desk.put("versions.txt", `${server.origin}/chests/a%20b+(1)/${names[1]}`);
  const args = ["score", "--image", "versions.txt", "--model", "small.safetensors", "--out", "versions"];
  expect((await desk.run([...args, "--shard", "1/2"])).code).toBe(0);
  server.version = 2;
  const ended = await desk.run(args);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain(`${names[1]}: the image has changed since the plan was made`);
});
