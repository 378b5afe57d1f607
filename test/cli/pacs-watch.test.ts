/** What `pacs watch` and `pacs status` say about calls that cannot work. */

import { afterAll, expect, test } from "vitest";
import { Desk, putSmallDemo } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());

test("a call without an archive is wrong usage, and so is one with two", async () => {
  const none = await desk.run(["pacs", "watch", "--state", "s"]);
  expect(none).toEqual({
    code: 2,
    stdout: "",
    stderr: "medical-x: no archive was named (--orthanc <url>, --dicomweb <root>)\n",
  });
  const both = ["--orthanc", "http://127.0.0.1:1", "--dicomweb", "http://127.0.0.1:1"];
  expect((await desk.run(["pacs", "watch", "--state", "s", ...both])).code).toBe(2);
  const match = await desk.run([
    "pacs",
    "watch",
    "--state",
    "s",
    "--orthanc",
    "http://127.0.0.1:1",
    "--match",
    "DX",
  ]);
  expect(match.code).toBe(2);
  expect(match.stderr).toBe(
    "medical-x: what is to match cannot be read: it must be like Modality=DX,CR (--match)\n",
  );
});

test("an archive that is not there ends work that is done once, with what to do", async () => {
  putSmallDemo(desk, "m.safetensors");
  const args = ["--orthanc", "http://127.0.0.1:1", "--model", "m.safetensors", "--once"];
  const ended = await desk.run(["pacs", "watch", "--state", "s", ...args]);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(
    "nothing listens at this address; check that the archive is running, and the port",
  );
  expect(ended.stdout).toBe("");
  const status = await desk.run(["pacs", "status", "--state", "s"]);
  expect(status.stdout).toMatch(
    /^Images from: Orthanc at http:\/\/127\.0\.0\.1:1\nAway since : 20\S+Z: http:\/\/127\.0\.0\.1:1: nothing listens .* \(pacs\/no-connection\)\nStudies {4}: 0, 0 of them done\nImages {5}: 0 stored, 0 passed over, 0 set aside, 0 waiting\nRead with {2}: m.safetensors \(sha256 [0-9a-f]{64}\), version \S+\n$/,
  );
});

test("the status of a folder in which nothing has worked", async () => {
  const ended = await desk.run(["pacs", "status", "--state", "none"]);
  expect(ended).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "medical-x: none: there is no journal in this folder; name the state folder of a watcher or a listener (--state)\n",
  });
});
