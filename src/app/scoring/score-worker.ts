/**
 * A worker process: predicts images, each alone and on one thread of ONNX Runtime, so that the bits of a result depend on
 * the image and the model alone.
 *
 * Pipeline:   pieces of shards → image thread → **network → rows** → the process that writes shards
 * Knows:      the messages of `jobs.ts`. Not plans or shards.
 */

import { warnings } from "../../checks/check.ts";
import { calibratedOf } from "../../engine/calibrated.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import { type FailedPrediction, type Prediction, predictImages } from "../../engine/predict.ts";
import type { PreparedItem } from "../../engine/prepared-queue.ts";
import { receivedError, sentError, XrayError } from "../../errors.ts";
import type { Preparation } from "../../image/preparation.ts";
import { gateMemory } from "../../node/decoder-gate.ts";
import { ThreadPool } from "../../node/thread-pool.ts";
import type { ScoreRow } from "../../report/scoring/score-row.ts";
import { loadWhileWarmingUp, startModel } from "../models/open-model.ts";
import type {
  FromWorker,
  ImageToRead,
  ReaderJob,
  ReaderThreadData,
  ReadImage,
  ToWorker,
  WorkerSetup,
} from "./jobs.ts";

const send = (message: FromWorker): void => {
  process.send?.(message);
};

type Reader = ThreadPool<ReaderJob, ReadImage | null, Preparation>;

/** An image that is being read. */
interface Begun {
  /** The image, prepared. */
  readonly take: () => Promise<ReadImage>;
  readonly drop: () => void;
}

/** Image threads. They read as soon as they are told of an image, and decode when asked, or at once if they may. */
class Readers {
  readonly #threads: readonly Reader[];
  readonly #isEager: boolean;
  #next = 0;

  /** @param threads  Those of the worker: one for the network, and the others for images, but at least one. */
  constructor({ threads, reading }: WorkerSetup) {
    this.#isEager = threads > 1;
    this.#threads = Array.from(
      { length: Math.max(1, threads - 1) },
      () =>
        new ThreadPool<ReaderJob, ReadImage | null, Preparation>({
          script: new URL("./score-reader.js", import.meta.url),
          threads: 1,
          data: { gate: gateMemory(), reading } satisfies ReaderThreadData,
        }),
    );
  }

  use(preparation: Preparation): void {
    for (const thread of this.#threads) thread.tell(preparation);
  }

  /** Begin to read an image, which must then be taken or dropped. */
  begin(image: ImageToRead): Begun {
    const id = this.#next++;
    const thread = this.#threads[id % this.#threads.length]!;
    const fetched = thread.ask({ kind: "fetch", id, image });
    const prepare = async () => {
      await fetched;
      return (await thread.ask({ kind: "prepare", id })) as ReadImage;
    };
    fetched.catch(() => undefined);
    if (!this.#isEager) {
      return { take: prepare, drop: () => void thread.ask({ kind: "drop", id }).catch(() => undefined) };
    }
    const prepared = prepare();
    prepared.catch(() => undefined);
    return { take: () => prepared, drop: () => undefined };
  }
}

function rowOf(
  name: string,
  sha256: string | null,
  model: OpenModel,
  outcome: Prediction | FailedPrediction,
): ScoreRow {
  if ("error" in outcome) {
    const { code, message } = outcome.error;
    return {
      image: name,
      probabilities: null,
      calibrated: null,
      checks: null,
      sha256,
      error: { code, message },
    };
  }
  const { labels } = model.card;
  const calibrated = calibratedOf(model.card, outcome.logits);
  return {
    image: name,
    probabilities: [...outcome.probabilities],
    calibrated: calibrated === undefined ? null : labels.map((label) => calibrated[label] ?? null),
    checks: warnings(outcome.checks)
      .map(({ check }) => check)
      .join("|"),
    sha256,
    error: null,
  };
}

/** The rows of a piece. Throws XrayError `scoring/…`, `runtime/…`, `thread/…`. */
async function rowsOf(
  images: readonly ImageToRead[],
  reads: readonly Begun[],
  model: OpenModel,
  force: boolean,
): Promise<ScoreRow[]> {
  const hashes: (string | null)[] = [];
  async function* prepared(): AsyncGenerator<PreparedItem, void> {
    for (const [i, { name }] of images.entries()) {
      const { sha256, outcome } = await reads[i]!.take();
      hashes.push(sha256);
      yield { source: name, result: "image" in outcome ? outcome.image : receivedError(outcome.error) };
    }
  }
  const rows: ScoreRow[] = [];
  try {
    for await (const outcome of predictImages(model, prepared(), { batchSize: 1, force })) {
      const at = rows.length;
      rows.push(rowOf(images[at]!.listed, hashes[at]!, model, outcome));
    }
  } catch (error) {
    for (const read of reads.slice(rows.length + 1)) read.drop();
    throw error;
  }
  return rows;
}

async function open(
  { model: name, load, sha256, device }: WorkerSetup,
  readers: Readers,
): Promise<OpenModel> {
  const named = await loadWhileWarmingUp(name, load);
  if ((await named.sha256()) !== sha256) {
    const message = `${name}: the model's file has changed since the plan was made; restore it, or start again in another folder`;
    throw new XrayError("scoring/plan-changed", message, { file: name });
  }
  readers.use(named.card.preparation);
  return startModel(named, { device, threads: 1, optimise: "throughput" });
}

/** Serve the process that started this one, until it disconnects. */
function serve(): void {
  let opened: Promise<OpenModel> | undefined;
  let readers: Readers | undefined;
  let force = false;
  let last: Promise<void> = Promise.resolve();
  const start = (setup: WorkerSetup): void => {
    force = setup.force;
    readers = new Readers(setup);
    opened = open(setup, readers);
    opened.then(
      () => send({ kind: "ready" }),
      (error) => send({ kind: "failed", id: null, error: sentError(error) }),
    );
  };
  const piece = (id: number, images: readonly ImageToRead[]): void => {
    const reads = images.map((image) => readers!.begin(image));
    last = last.then(async () => {
      try {
        send({ kind: "rows", id, rows: await rowsOf(images, reads, await opened!, force) });
      } catch (error) {
        send({ kind: "failed", id, error: sentError(error) });
      }
    });
  };
  process.on("message", (message: ToWorker) => {
    if (message.kind === "start") start(message.setup);
    else piece(message.id, message.images);
  });
  // Ctrl-C reaches all processes of a terminal; the one that started this one decides.
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
}

serve();
