/** The formats that test/cli/predict-places.test.ts leaves out. */

import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { expectWholeResults } from "./plain-error.ts";
import { Desk, modelFile } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  for (const name of ["x.png", "set/a.png"]) desk.put(name, await greyPng());
  mkdirSync(desk.path("taken.npy"));
});

test.each(["text", "csv"])("maps that cannot be saved take nothing of the results in %s", (format) =>
  expectWholeResults(desk, format),
);
