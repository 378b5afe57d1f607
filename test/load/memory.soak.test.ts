import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { byClients, putImages, Served } from "./served.ts";

const CLIENTS = 50;

const desk = new Desk();
let bodies: (readonly [string, Buffer])[] = [];
beforeAll(async () => {
  const names = await putImages(desk, "images", 250);
  bodies = names.map((name) => [name, readFileSync(desk.path("images", name))] as const);
});
afterAll(() => desk.remove());

test("after 3,000 requests the server holds hardly more memory than after 500", async () => {
  const server = await Served.start(desk, ["--model", "demo"], CLIENTS);
  const ask = async (rounds: number) => {
    const all = Array.from({ length: rounds }, () => bodies).flat();
    await byClients(all, CLIENTS, async ([name, bytes]) => {
      const { status } = await server.predict(name, bytes, Number(name[4]) % 2 === 0 ? "?maps=json" : "");
      expect(status).toBe(200);
    });
    return server.residentMb();
  };
  const early = await ask(2);
  const late = await ask(10);
  process.stderr.write(`${early.toFixed(0)} MB after 500 requests, ${late.toFixed(0)} MB after 3,000\n`);
  expect(late / early).toBeLessThan(1.1);
  await server.stop();
});
