/** `medical-x pacs listen` as a router and an archive see it, whose ends are ours here; dcmtk's are in test/pacs. */

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { readDicom } from "../../src/formats/dicom/read-dicom.ts";
import { fileHead } from "../../src/node/dimse/part10.ts";
import { type Receiver, startReceiver } from "../../src/node/dimse/receiver.ts";
import { echo, storeTarget } from "../../src/node/dimse/sender.ts";
import type { ResultObject } from "../../src/report/dicom/result-object.ts";
import { DX, dicomFile, pictureAttributes } from "../support/dicom-file.ts";
import { EXPLICIT } from "../support/dimse-peer.ts";
import { freePort } from "../support/free-ports.ts";
import { Desk, type Ended, putSmallDemo, words } from "./run.ts";

const desk = new Desk();
putSmallDemo(desk, "small.safetensors");
const children: ChildProcess[] = [];
const receivers: Receiver[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const receiver of receivers.splice(0)) await receiver.close();
});
afterAll(() => desk.remove());

const never = new AbortController().signal;
const STUDY = "1.2.826.0.1.3680043.10.511.7.1";
const PATIENT = "Nobody^Nowhere";

/** An image of a study, to be sent as it is. */
function image(uid: string, view = "PA"): ResultObject {
  const meta = { sopClassUid: DX, sopInstanceUid: uid, transferSyntaxUid: EXPLICIT };
  const data = dicomFile({
    hasPreamble: false,
    uid,
    attributes: {
      ...pictureAttributes(64, 64),
      "00100010": ["PN", PATIENT],
      "00185101": ["CS", view],
      "0020000d": ["UI", STUDY],
      "0020000e": ["UI", `${STUDY}.1`],
    },
  });
  const bytes = Buffer.concat([fileHead(meta, "TEST"), data]);
  return { kind: "report", studyInstanceUid: STUDY, seriesInstanceUid: `${STUDY}.1`, ...meta, bytes };
}

/** An archive that keeps what it is sent in a folder. */
async function archive(): Promise<{ port: number; folder: string }> {
  const folder = mkdtempSync(desk.path("archive-"));
  let count = 0;
  const receiver = await startReceiver({
    ...{ aet: "ARCHIVE", allowed: ["MEDICALX"], host: "127.0.0.1", port: 0, folder },
    take: async ({ file }) => {
      renameSync(file, join(folder, `${count++}.dcm`));
      return "stored";
    },
  });
  receivers.push(receiver);
  return { port: receiver.port, folder };
}

interface Listening {
  readonly port: number;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What came on stdout so far. */
  readonly printed: () => string;
}

/** Start the command, and wait until it listens. */
async function listening(line: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    let printed = "";
    const ended = desk.run(
      words(`pacs listen --model small.safetensors --force --port 0 --quiet 1 ${line}`),
      {
        onStart: (started) => {
          child = started;
          children.push(started);
        },
        onStdout: (piece) => {
          printed += piece;
        },
        onStderr: (text) => {
          const port = /listens at \S+, port (\d+)/.exec(text)?.[1];
          if (port !== undefined)
            resolve({ port: Number(port), child: child!, ended, printed: () => printed });
        },
      },
    );
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
}

const router = (port: number) => ({ callingAet: "ROUTER", aet: "MEDICALX", host: "127.0.0.1", port });

test("reads what it is sent, once, and sends the results on", async () => {
  const { port: to, folder } = await archive();
  const { port, child, ended, printed } = await listening(
    `--gradcam --send-to ARCHIVE@127.0.0.1:${to} --state once`,
  );
  await echo(router(port), never);
  const sent = [image("1.2.826.1.1"), image("1.2.826.1.2"), image("1.2.826.1.1")];
  await storeTarget(router(port)).store(sent, never);
  await expect
    .poll(() => readdirSync(folder).filter((name) => name.endsWith(".dcm")), { timeout: 30_000 })
    .toHaveLength(4);
  await expect.poll(printed, { timeout: 30_000 }).toBe("study 1: 2 reports and 2 overlays stored\n");
  await storeTarget(router(port)).store([image("1.2.826.1.1")], never);
  child.kill("SIGTERM");
  const { code, stdout, stderr } = await ended;
  expect([code, stdout]).toEqual([0, "study 1: 2 reports and 2 overlays stored\n"]);
  expect(readdirSync(folder)).toHaveLength(4);
  for (const name of readdirSync(folder)) {
    const { elements } = await readDicom(readFileSync(join(folder, name)));
    expect(elements.text("x0020000d")).toBe(STUDY);
    expect(elements.text("x00100010")).toBe(PATIENT);
  }
  // Nothing of a patient and no UID is printed, nor is anything that the libraries say.
  expect(stdout + stderr).not.toMatch(/1\.2\.826|Nobody|1\.2\.840/);
  expect(stderr.split("\n").filter((one) => one !== "" && !one.startsWith("medical-x: "))).toEqual([]);
  expect(readdirSync(desk.path("once", "received"))).toEqual([]);
});

test("keeps what it has answered while the archive is away, and goes on after it was killed", async () => {
  const to = await freePort();
  const first = await listening(`--send-to ARCHIVE@127.0.0.1:${to} --state away`);
  await storeTarget(router(first.port)).store([image("1.2.826.2.1")], never);
  await expect.poll(() => readdirSync(desk.path("away", "kept")), { timeout: 30_000 }).toHaveLength(1);
  first.child.kill("SIGKILL");
  const { stderr } = await first.ended;
  expect(stderr).toContain(
    `ARCHIVE@127.0.0.1:${to}: nothing listens at this address; check that the archive is running`,
  );
  const { port, folder } = await archive();
  const second = await listening(`--send-to ARCHIVE@127.0.0.1:${port} --state away`);
  await expect.poll(() => readdirSync(folder), { timeout: 30_000 }).toHaveLength(1);
  await expect.poll(second.printed, { timeout: 30_000 }).toBe("study 1: 1 report stored\n");
  expect(readdirSync(desk.path("away", "kept"))).toEqual([]);
  second.child.kill("SIGTERM");
  expect((await second.ended).code).toBe(0);
});

describe("what cannot be meant is refused in one line", () => {
  test.each([
    ["--aet ABCDEFGHIJKLMNOPQ --send-to A@h:1", "An AE title has 1 to 16 characters of ASCII"],
    ["--aet A\\B --send-to A@h:1", "none of them a backslash"],
    ["--send-to ARCHIVE", "It must be like ARCHIVE@10.0.0.7:104"],
    ["--send-to ARCHIVE@h:70000", "It must be like ARCHIVE@10.0.0.7:104"],
    ["--send-to A@h:1 --port 70000", "It must be a whole number from 0 to 65535"],
    ["--send-to A@h:1 --allow-aet A\\B", "An AE title has"],
    ["", "required option '--send-to <AET@host:port>' not specified"],
    [
      "--send-to A@h:1 --host 0.0.0.0",
      "other machines can reach 0.0.0.0; name the AE titles that may send, or listen at 127.0.0.1 (--allow-aet)",
    ],
    [
      "--send-to A@h:1 --tls receive",
      "who receives with TLS shows a certificate; name the files of ours and of its key (--client-cert, --client-key)",
    ],
  ])("%s", async (line, message) => {
    const { code, stdout, stderr } = await desk.run(words(`pacs listen --state s ${line}`.trim()));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("a port in use", async () => {
    const { port } = await archive();
    const line = `pacs listen --model small.safetensors --port ${port} --send-to A@127.0.0.1:1 --state s`;
    const { code, stderr } = await desk.run(words(line));
    expect(code).toBe(1);
    expect(stderr).toContain(
      `medical-x: cannot listen at 127.0.0.1, port ${port}: another program listens there; stop it, or choose another port (--port)`,
    );
  });
});
