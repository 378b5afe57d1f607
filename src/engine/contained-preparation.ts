/**
 * Prepares images on threads, and keeps an image that kills its thread from taking others with it.
 *
 * Pipeline:   bytes → **prepared, checked images** → engine
 * Knows:      image preparers. Not requests or the network.
 */

import { asXrayError, type XrayError } from "../errors.ts";
import type { CheckedImage, ImagePreparer, ImageRequest } from "./ports.ts";
import { Slots } from "./slots.ts";

/** Images on the threads at once, which bounds the memory that decoded images take. */
const AT_ONCE = 16;

/** Whether a thread died while it had this and other jobs, of which one is to blame and the others are not. */
const isSharedEnd = ({ code, details }: XrayError): boolean =>
  code === "thread/ended" && Number(details["jobs"]) > 1;

export class ContainedPreparation {
  readonly #preparer: ImagePreparer;
  readonly #openAnother: () => ImagePreparer;
  readonly #slots = new Slots(AT_ONCE);
  /** Prepares one image at a time, so that nothing but the image itself can be to blame. */
  #lone: ImagePreparer | undefined;
  readonly #loneSlot = new Slots(1);

  /** @param openAnother  Opens a preparer for images that may have killed a thread. Opened on first use. */
  constructor(preparer: ImagePreparer, openAnother: () => ImagePreparer) {
    this.#preparer = preparer;
    this.#openAnother = openAnother;
  }

  /**
   * Prepare and check an image.
   *
   * @param onStart  Called when its turn has come.
   * @param signal   Ends the wait for its turn.
   * @throws         XrayError `raster/…`, `dicom/…`, `image/…`, `thread/ended` if it kills its thread; the reason of an
   *                 aborted signal.
   */
  async prepare(
    request: ImageRequest,
    onStart: () => void,
    signal: AbortSignal | undefined,
  ): Promise<CheckedImage> {
    try {
      return await this.#slots.run(() => {
        onStart();
        return this.#preparer.prepare(request);
      }, signal);
    } catch (error) {
      if (signal?.aborted === true || !isSharedEnd(asXrayError(error))) throw error;
      return this.#loneSlot.run(() => {
        this.#lone ??= this.#openAnother();
        return this.#lone.prepare(request);
      }, signal);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#preparer.close(), this.#lone?.close()]);
  }
}
