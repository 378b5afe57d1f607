/** What the files for containers name is there, and in what is sent to the builder. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const CONTAINER_FILES = ["deploy/Containerfile", "deploy/orthanc/Containerfile"];
const COMPOSE_FILES = ["deploy/compose.yaml", "deploy/orthanc/compose.yaml"];

const lines = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

/** What is sent, as .dockerignore lists it: nothing but what follows a `!`. A `*` stands for part of a name. */
const sent = lines(read(".dockerignore"))
  .filter((line) => line.startsWith("!"))
  .map((line) => new RegExp(`^${line.slice(1).replaceAll(".", "\\.").replaceAll("*", "[^/]*")}(?:/|$)`));

/** The paths that are copied from the checkout, and not from an earlier stage. */
const copied = (file: string): string[] =>
  lines(read(file))
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));

test("nothing is sent unless it is listed", () => {
  expect(lines(read(".dockerignore"))[0]).toBe("*");
  expect(sent.some((one) => one.test("node_modules"))).toBe(false);
});

describe.each(CONTAINER_FILES)("%s", (file) => {
  const paths = copied(file).filter((path) => path !== ".");

  test.each(paths)("%s is there and is sent", (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(sent.some((one) => one.test(path))).toBe(true);
  });

  test("something is copied", () => {
    expect(paths.length).toBeGreaterThan(0);
  });
});

test.each(COMPOSE_FILES)("%s builds from files that are there", (file) => {
  const { services } = parse(read(file)) as {
    services: Record<string, { build?: { context: string; dockerfile: string } }>;
  };
  const builds = Object.values(services).flatMap(({ build }) => (build === undefined ? [] : [build]));
  expect(builds.length).toBeGreaterThan(0);
  for (const { context, dockerfile } of builds)
    expect(CONTAINER_FILES.map((one) => join(ROOT, one))).toContain(
      join(ROOT, file, "..", context, dockerfile),
    );
});
