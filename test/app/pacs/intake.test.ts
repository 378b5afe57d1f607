/** What becomes of objects that were received: kept, passed over, or read again. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Intake } from "../../../src/app/pacs/listen/intake.ts";
import { ReceivedImages } from "../../../src/app/pacs/listen/received-images.ts";
import { receivedName } from "../../../src/app/pacs/listen/received-name.ts";
import type { OpenImage } from "../../../src/app/pacs/state/open-work.ts";
import type { PacsState } from "../../../src/app/pacs/state/pacs-state.ts";
import { CLOCK } from "../../../src/app/pacs/work/clock.ts";
import { WorkLoop } from "../../../src/app/pacs/work/work-loop.ts";
import { XrayError } from "../../../src/errors.ts";
import { fileHead } from "../../../src/node/dimse/part10.ts";
import type { TakenObject } from "../../../src/node/dimse/receiving.ts";
import { DX, dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { EXPLICIT } from "../../support/dimse-peer.ts";
import { close, newFolder, onlyImage, openState, resultsOf } from "./state-support.ts";

const UID = "1.2.3.4.5";
const STUDY = "1.2.3";

interface Sent {
  readonly uid?: string;
  /** As the command says. */
  readonly commanded?: string;
  readonly study?: string;
  readonly name?: string;
  readonly series?: string;
}

/** An intake over a state folder, with a loop that does not work. */
async function opened(folder = newFolder(), { reprocess = false, identity = "model A" } = {}) {
  const state = await openState(folder, { identity });
  const said: string[] = [];
  const nothing = () => Promise.reject(new Error("nothing is worked on here"));
  const loop = new WorkLoop({
    ...{ state, source: { fetch: nothing }, target: { store: nothing }, reader: { read: nothing } },
    ...{ clock: CLOCK, quietMs: 0, reprocess, say: () => undefined, onDone: () => undefined },
  });
  const intake = new Intake({ state, loop, reprocess, say: (line) => said.push(line) });
  const received = join(folder, "received");
  let count = 0;
  const send = async ({ uid = UID, commanded = uid, study = STUDY, name = "A", series = "M" }: Sent = {}) => {
    const meta = { sopClassUid: DX, sopInstanceUid: commanded, transferSyntaxUid: EXPLICIT };
    const data = dicomFile({
      hasPreamble: false,
      uid,
      attributes: {
        ...pictureAttributes(),
        "00100010": ["PN", name],
        "0008103e": ["LO", series],
        ...(study === "" ? {} : { "0020000d": ["UI", study] }),
        "0020000e": ["UI", "1.2.3.4"],
      },
    });
    const file = join(received, `.object.${String(count++).padStart(12, "0")}.part`);
    writeFileSync(file, Buffer.concat([fileHead(meta, "TEST"), data]));
    const object: TakenObject = { ...meta, file, sha256: `${name}${"0".repeat(63)}` };
    const answer = await intake.take(object);
    rmSync(file, { force: true });
    return answer;
  };
  return { state, intake, send, said, received, folder };
}

const files = (folder: string): string[] => readdirSync(folder).sort();

async function end(
  state: PacsState,
  intake: Intake,
  how: "accepted" | "refused" | "aside",
): Promise<OpenImage> {
  const image = onlyImage(state);
  if (how === "accepted") {
    await state.keepResults(image, resultsOf(image));
    await state.accept(image);
  } else if (how === "refused") state.refuse(image, "dicom/damaged", "it is damaged");
  else state.setAside(image, { code: "runtime/failed", message: "it failed" });
  await state.saved();
  if (how !== "aside") await intake.settle(image);
  return image;
}

describe("a new image", () => {
  test("is kept, with its content, and is still to be done after the process was killed", async () => {
    const first = await opened();
    expect(await first.send()).toBe("stored");
    const kept = files(first.received);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^[0-9a-f]{32}\.dcm$/);
    await close(first.state);
    const { state, received } = await opened(first.folder);
    expect(onlyImage(state)).toMatchObject({ uid: UID, modality: "DX", step: "read", at: kept[0] });
    expect(files(received)).toEqual(kept);
    const image = {
      ...onlyImage(state),
      studyInstanceUid: STUDY,
      seriesInstanceUid: "",
      sopInstanceUid: UID,
    };
    const bytes = await new ReceivedImages(state.received).fetch({
      ...image,
      sopClassUid: DX,
      modality: "DX",
    });
    expect(Buffer.from(bytes).equals(readFileSync(join(received, kept[0]!)))).toBe(true);
  });

  test("that was not noted when the process was killed is removed: its sender was not told that it is safe", async () => {
    const first = await opened();
    await close(first.state);
    writeFileSync(join(first.received, `${"0".repeat(32)}.dcm`), "whole");
    writeFileSync(join(first.received, ".object.000000000000.part"), "half");
    expect(files((await opened(first.folder)).received)).toEqual([]);
  });

  test("is gone once it has been accepted or refused, and stays if it was set aside", async () => {
    for (const [how, left] of [
      ["accepted", 0],
      ["refused", 0],
      ["aside", 1],
    ] as const) {
      const { state, intake, send, received } = await opened();
      await send();
      await end(state, intake, how);
      expect(files(received)).toHaveLength(left);
    }
  });
});

describe("an image that is sent again", () => {
  test("does no harm while it waits, and when it is done", async () => {
    const { state, intake, send, said, received } = await opened();
    expect([await send(), await send()]).toEqual(["stored", "stored"]);
    expect(files(received)).toHaveLength(1);
    await end(state, intake, "accepted");
    expect(await send()).toBe("stored");
    expect([files(received), said]).toEqual([[], []]);
    expect([...state.openImages()].filter(({ step }) => step !== "none")).toEqual([]);
  });

  test("by two senders at once is one image", async () => {
    const { state, send, received } = await opened();
    expect(await Promise.all([send(), send(), send({ uid: "1.2.9" })])).toEqual([
      "stored",
      "stored",
      "stored",
    ]);
    expect(files(received)).toHaveLength(2);
    expect([...state.openImages()]).toHaveLength(2);
  });

  test("with other content replaces what has not been read yet", async () => {
    const { send, said, received } = await opened();
    await send({ name: "A" });
    expect(await send({ name: "B" })).toBe("stored");
    expect(files(received)).toHaveLength(1);
    expect(readFileSync(join(received, files(received)[0]!)).includes("B ")).toBe(true);
    expect(said).toEqual(["image 1 came again with other content; the new one is read"]);
  });

  test("with other content does not change what is being read", async () => {
    const { state, send, said, received } = await opened();
    await send({ name: "A" });
    state.beginAttempt(onlyImage(state), false);
    expect(await send({ name: "B" })).toBe("stored");
    expect(readFileSync(join(received, files(received)[0]!)).includes("B ")).toBe(false);
    expect(said).toEqual(["image 1 came again with other content; the first one counts"]);
  });

  test("with other content is passed over if it has a result", async () => {
    const { state, intake, send, said, received } = await opened();
    await send({ name: "A" });
    await end(state, intake, "accepted");
    expect(await send({ name: "B" })).toBe("stored");
    expect(files(received)).toEqual([]);
    expect(said).toEqual(["image 1 came again with other content; it has a result and is not read again"]);
  });

  test("with other content is read if it was refused, and not with the same", async () => {
    const { state, intake, send, received } = await opened();
    await send({ name: "A" });
    await end(state, intake, "refused");
    await send({ name: "A" });
    expect(files(received)).toEqual([]);
    await send({ name: "B" });
    expect(files(received)).toHaveLength(1);
    expect(onlyImage(state)).toMatchObject({ image: 1, step: "read", objects: [] });
  });

  test("is tried again if it was set aside, with the results that are kept of it", async () => {
    const { state, send } = await opened();
    await send();
    const image = onlyImage(state);
    await state.keepResults(image, resultsOf(image));
    state.setAside(image, { code: "pacs/not-stored", message: "not stored" });
    await send();
    expect(onlyImage(state)).toMatchObject({ image: 1, step: "store" });
    state.setAside(onlyImage(state), { code: "pacs/not-stored", message: "not stored" });
    await send({ name: "B" });
    expect(onlyImage(state)).toMatchObject({ image: 1, step: "read" });
  });

  test("is read by another model if that is asked for", async () => {
    const first = await opened();
    await first.send();
    await end(first.state, first.intake, "accepted");
    await close(first.state);
    const without = await opened(first.folder, { identity: "model B" });
    await without.send();
    expect(files(without.received)).toEqual([]);
    await close(without.state);
    const { state, send, received } = await opened(first.folder, { identity: "model B", reprocess: true });
    await send();
    expect(files(received)).toHaveLength(1);
    expect(onlyImage(state).predecessors).toHaveLength(1);
  });
});

describe("what is not taken", () => {
  test("results of ours are accepted and passed over", async () => {
    const { state, intake, send, received } = await opened();
    await send();
    const image = onlyImage(state);
    const [result] = resultsOf(image);
    await end(state, intake, "accepted");
    expect(await send({ uid: result!.sopInstanceUid })).toBe("stored");
    expect(state.imageOf(result!.sopInstanceUid)).toBeUndefined();
    expect(await send({ uid: "1.2.7", series: "Medical-X report - research use only" })).toBe("stored");
    expect(state.imageOf("1.2.7")).toBeUndefined();
    expect(files(received)).toEqual([]);
  });

  test("an object that is not what its command says", async () => {
    const { send, received } = await opened();
    expect(await send({ commanded: "1.2.99" })).toBe("mismatch");
    expect(files(received)).toEqual([]);
  });

  test("an object without a study, or that is no object", async () => {
    const { intake, send, received } = await opened();
    expect(await send({ study: "" })).toBe("not-understood");
    expect(await send({ study: "../1" })).toBe("not-understood");
    const file = join(received, ".object.999999999999.part");
    const meta = { sopClassUid: DX, sopInstanceUid: UID, transferSyntaxUid: EXPLICIT };
    for (const data of [Buffer.alloc(0), Buffer.alloc(500, 0xff), Buffer.from("no data set at all")]) {
      writeFileSync(file, Buffer.concat([fileHead(meta, "TEST"), data]));
      expect(await intake.take({ ...meta, file, sha256: "0" })).toBe("not-understood");
    }
  });

  test("an image for which there is no place, until there is", async () => {
    const { state, send, said, received } = await opened();
    const taken = join(received, receivedName(UID));
    mkdirSync(join(taken, "x"), { recursive: true });
    expect(await send()).toBe("failed");
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^an image could not be taken in: .*Its sender was told so$/);
    expect(state.imageOf(UID)).toBeUndefined();
    rmSync(taken, { recursive: true });
    expect(await send()).toBe("stored");
  });

  test("an image of which the journal has no room for a line, until it has", async () => {
    const { state, send } = await opened();
    const saved = state.saved.bind(state);
    state.saved = () =>
      Promise.reject(new XrayError("file/not-accessible", "the disk is full", { system: "ENOSPC" }));
    expect(await send()).toBe("no-space");
    state.saved = saved;
    expect(await send()).toBe("stored");
    expect(onlyImage(state)).toMatchObject({ image: 1, step: "read" });
  });
});

test("a received file that is gone is told without its name", async () => {
  const { state } = await opened();
  const image = {
    ...{ studyInstanceUid: STUDY, seriesInstanceUid: "1", sopInstanceUid: UID },
    ...{ sopClassUid: DX, modality: "DX", at: "gone.dcm" },
  };
  await expect(new ReceivedImages(state.received).fetch(image)).rejects.toMatchObject({
    code: "pacs/not-found",
    message: "the received file is no longer in the state folder; send the image again",
  });
});
