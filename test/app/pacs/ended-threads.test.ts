/** Threads that end while an image is read: only the one that prepares it says something about the image. */

import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { InstanceReader } from "../../../src/app/pacs/instance-reader.ts";
import type { CheckedImage } from "../../../src/engine/ports.ts";
import { XrayError } from "../../../src/errors.ts";
import { Desk, putSmallDemo } from "../../cli/run.ts";
import { dicomFile, pictureAttributes } from "../../support/dicom-file.ts";

/** What the threads do. Their scripts are files of the build, and none is started here. */
const threads = vi.hoisted(() => ({
  prepare: (): Promise<unknown> => Promise.resolve({}),
  predict: (): Promise<unknown> => Promise.resolve([]),
}));

vi.mock("../../../src/node/image-pool.ts", () => ({
  ImagePool: class {
    usePreparation(): void {}
    prepare = () => threads.prepare();
    close = async () => undefined;
  },
}));
vi.mock("../../../src/app/engine-threads/engine.ts", () => ({
  Engine: class {
    start = async () => undefined;
    predict = () => threads.predict();
    close = async () => undefined;
  },
}));

const ended = () => Promise.reject(new XrayError("thread/ended", "a worker thread ended", { jobs: 1 }));
const prepared = { input: new Float32Array(4), checks: [] } as unknown as CheckedImage;

const desk = new Desk();
let reader: InstanceReader;
beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  reader = await InstanceReader.open(
    {
      ...{ model: desk.path("m.safetensors"), threshold: 0.5, style: "report", gradcam: false },
      ...{ findings: ["top"], force: true },
    },
    () => undefined,
  );
});
afterEach(() => {
  threads.prepare = async () => prepared;
});
afterAll(async () => {
  await reader.close();
  desk.remove();
});

const attributes = { ...pictureAttributes(8, 8), "0020000d": ["UI", "1.2.3"] as const };
const image = () => dicomFile({ uid: "1.2.3.4", attributes });

test("an image that ends the thread which prepares it is refused", async () => {
  threads.prepare = ended;
  expect(await reader.read(image())).toMatchObject({ kind: "refused", code: "thread/ended" });
});

test("an image during whose turn a thread of the network ends is to be tried again", async () => {
  threads.prepare = async () => prepared;
  threads.predict = ended;
  await expect(reader.read(image())).rejects.toMatchObject({ code: "thread/ended" });
});
